import { crc64 } from "./crc64";
import type { EncryptionRule } from "./encryption-rule";
import type { StorageClass } from "./storage-class";
import type { HeaderLine } from "./wire";

/** `default` follows the bucket's ACL. */
export const objectAcls = ["default", "private", "public-read", "public-read-write"] as const;
export type ObjectAcl = (typeof objectAcls)[number];

export type Tags = readonly (readonly [key: string, value: string])[];

/** The version of an object that was written while its bucket kept no versions. */
export const nullVersion = "null";

/** The beginning of every other version id, as in the documentation's samples. */
export const versionIdPrefix = "CAEQ";

interface Version {
    /** `nullVersion`, or an id that is unique in the cloud. */
    readonly versionId: string;
    readonly lastModified: number;
}

/** A version with content. */
export interface StoredObject extends Version {
    readonly isDeleteMarker?: undefined;
    readonly body: Uint8Array;
    /** With its quotation marks. */
    readonly etag: string;
    /** x-oss-hash-crc64ecma of the body. */
    readonly crc64: string;
    readonly type: "Normal" | "Appendable" | "Multipart" | "Symlink";
    /** Headers of the write that each reading returns. */
    readonly headers: readonly HeaderLine[];
    /** Fixed when the object was written; a later rule of the bucket does not change it. */
    readonly encryption: EncryptionRule | undefined;
    readonly acl: ObjectAcl;
    readonly tags: Tags;
    readonly storageClass: StorageClass;
    /** The latest RestoreObject of an archived object. */
    readonly restoration?: Restoration | undefined;
    /** The key that a symbolic link points to. */
    readonly linkTarget?: string | undefined;
}

/** Times in milliseconds since the epoch. */
export interface Restoration {
    /** When the object can be read. */
    readonly readyAt: number;
    /** When it cannot be read any more. */
    readonly expiresAt: number;
}

/** What a deletion without a version id leaves in a bucket with versioning. */
export interface DeleteMarker extends Version {
    readonly isDeleteMarker: true;
}

export type ObjectVersion = StoredObject | DeleteMarker;

/** A version in its saved form. Older files lack the members that were added later. */
export type SavedVersion =
    | DeleteMarker
    | (Pick<StoredObject, "etag" | "lastModified" | "headers"> & Partial<StoredObject>);

export function restoredVersion(saved: SavedVersion, body: Uint8Array): ObjectVersion {
    if (saved.isDeleteMarker) {
        return saved;
    }
    return {
        versionId: nullVersion,
        type: "Normal",
        encryption: undefined,
        acl: "default",
        tags: [],
        storageClass: "Standard",
        ...saved,
        crc64: saved.crc64 ?? crc64(body),
        body,
    };
}

/** The version that a request without a version id reads; undefined when there is none or the newest is a marker. */
export function currentObject(versions: readonly ObjectVersion[] | undefined): StoredObject | undefined {
    const newest = versions?.[0];
    return newest === undefined || newest.isDeleteMarker ? undefined : newest;
}
