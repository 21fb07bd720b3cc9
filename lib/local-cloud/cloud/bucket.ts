import type { EncryptionRule } from "./encryption-rule";
import type { HeaderLine } from "./wire";

export type BucketAcl = "private" | "public-read" | "public-read-write";

export interface StoredObject {
    readonly body: Uint8Array;
    /** With its quotation marks. */
    readonly etag: string;
    readonly type: "Normal" | "Appendable" | "Multipart";
    readonly lastModified: number;
    /** Headers that were given when the object was written and come back with it. */
    readonly headers: readonly HeaderLine[];
    /** Fixed when the object was written; a later rule of the bucket doesn't change it. */
    readonly encryption: EncryptionRule | undefined;
}

export interface UploadedPart {
    readonly body: Uint8Array;
    /** With its quotation marks. */
    readonly etag: string;
    readonly lastModified: number;
}

/** A multipart upload that is neither complete nor aborted. */
export interface MultipartUpload {
    readonly id: string;
    readonly key: string;
    readonly initiated: number;
    readonly headers: readonly HeaderLine[];
    readonly encryption: EncryptionRule | undefined;
    readonly parts: Map<number, UploadedPart>;
}

export type BucketTags = readonly (readonly [key: string, value: string])[];

/** What can change about a bucket by itself. */
export interface BucketSettings {
    readonly acl: BucketAcl;
    readonly encryption: EncryptionRule | undefined;
    readonly tags: BucketTags;
}

export interface Bucket extends BucketSettings {
    readonly name: string;
    readonly accountId: string;
    readonly region: string;
    readonly creationDate: number;
    readonly storageClass: string;
    readonly dataRedundancyType: string;
    readonly objects: ReadonlyMap<string, StoredObject>;
    readonly uploads: ReadonlyMap<string, MultipartUpload>;
}

export const DEFAULT_REGION = "cn-hangzhou";

export function newBucket(given: Pick<Bucket, "name" | "accountId" | "creationDate"> & Partial<Bucket>): Bucket {
    return {
        region: DEFAULT_REGION,
        storageClass: "Standard",
        dataRedundancyType: "LRS",
        acl: "private",
        encryption: undefined,
        tags: [],
        objects: new Map(),
        uploads: new Map(),
        ...given,
    };
}
