import type { EncryptionRule } from "./encryption-rule";
import type { StorageClass } from "./storage-class";
import type { ObjectAcl, ObjectVersion, Tags } from "./stored-object";
import type { HeaderLine } from "./wire";

export const bucketAcls = ["private", "public-read", "public-read-write"] as const;
export type BucketAcl = (typeof bucketAcls)[number];

export interface UploadedPart {
    readonly body: Uint8Array;
    /** With its quotation marks. */
    readonly etag: string;
    readonly crc64: string;
    readonly lastModified: number;
}

/** A multipart upload that is neither complete nor aborted. */
export interface MultipartUpload {
    readonly id: string;
    readonly key: string;
    readonly initiated: number;
    readonly headers: readonly HeaderLine[];
    readonly encryption: EncryptionRule | undefined;
    readonly acl: ObjectAcl;
    readonly tags: Tags;
    readonly storageClass: StorageClass;
    /** The parts come in order, and the object has a Content-MD5. */
    readonly isSequential?: boolean | undefined;
    readonly parts: Map<number, UploadedPart>;
}

export const versioningStates = ["Enabled", "Suspended"] as const;
export type VersioningState = (typeof versioningStates)[number];

/** A retention policy: until `days` after it was written, no object can be overwritten or deleted. */
export interface WormPolicy {
    readonly id: string;
    readonly state: "InProgress" | "Locked";
    readonly days: number;
    readonly createdAt: number;
}

/** documented: InitiateBucketWorm: a policy that is not locked in this time is void. */
export const lockWithinMs = 24 * 3_600_000;

/** The retention policy that holds. */
export function retentionPolicy({ worm }: Pick<BucketSettings, "worm">, now: number): WormPolicy | undefined {
    return worm?.state === "InProgress" && worm.createdAt + lockWithinMs <= now ? undefined : worm;
}

/** Keys that cannot be overwritten. */
export interface OverwriteRule {
    readonly id: string;
    readonly prefix: string;
    readonly suffix: string;
    /** The principals that the rule applies to. An empty list stands for all. */
    readonly principals: readonly string[];
}

/** A list of a bucket's objects that is written to another bucket. */
export interface InventoryRule {
    readonly id: string;
    readonly isEnabled: boolean;
    readonly frequency: string;
    /** Elements of the filter: Prefix, LowerSizeBound, UpperSizeBound, StorageClass and two times in seconds. */
    readonly filter: Readonly<Record<string, string>>;
    /** `All` versions or the `Current` ones. */
    readonly versions: string;
    /** The optional columns, in the order in which they were asked for. */
    readonly fields: readonly string[];
    readonly destination: {
        readonly bucket: string;
        readonly prefix: string;
        readonly accountId: string;
        readonly roleArn: string;
        /** The encryption of the list; undefined is the destination's default. */
        readonly encryption?: EncryptionRule | undefined;
    };
}

/** The settings of a bucket that can change. */
export interface BucketSettings {
    readonly acl: BucketAcl;
    readonly encryption: EncryptionRule | undefined;
    readonly tags: Tags;
    /** Undefined until versioning is set for the first time. */
    readonly versioning?: VersioningState | undefined;
    readonly worm?: WormPolicy | undefined;
    readonly overwriteRules: readonly OverwriteRule[];
    readonly inventories: readonly InventoryRule[];
    /** The text of the bucket policy. */
    readonly policy?: string | undefined;
    /** Whether public ACLs and policies have no effect. */
    readonly blocksPublicAccess: boolean;
    readonly requestPayer: "BucketOwner" | "Requester";
}

export interface Bucket extends BucketSettings {
    readonly name: string;
    readonly accountId: string;
    readonly region: string;
    readonly creationDate: number;
    readonly storageClass: StorageClass;
    readonly dataRedundancyType: string;
    /** Every version of every key, the newest first. No key has an empty list. */
    readonly objects: ReadonlyMap<string, readonly ObjectVersion[]>;
    readonly uploads: ReadonlyMap<string, MultipartUpload>;
}

export const defaultRegion = "cn-hangzhou";

export function newBucket(given: Pick<Bucket, "name" | "accountId" | "creationDate"> & Partial<Bucket>): Bucket {
    return {
        region: defaultRegion,
        storageClass: "Standard",
        dataRedundancyType: "LRS",
        acl: "private",
        encryption: undefined,
        tags: [],
        overwriteRules: [],
        inventories: [],
        blocksPublicAccess: false,
        requestPayer: "BucketOwner",
        objects: new Map(),
        uploads: new Map(),
        ...given,
    };
}
