import type { Bucket, BucketSettings, MultipartUpload, UploadedPart } from "./bucket";
import { newBucket } from "./bucket";
import type { Change, RecordChange } from "./change";
import { crc64 } from "./crc64";
import { nullVersion, type ObjectVersion, restoredVersion, type SavedVersion } from "./stored-object";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A version with its place among the versions of its key. A later version has a greater number. */
type PlacedVersion = ObjectVersion & { readonly sequence: number };

/** A bucket that only this table may change. */
type OwnBucket = Writable<BucketSettings> &
    Omit<Bucket, keyof BucketSettings | "objects" | "uploads"> & {
        readonly objects: Map<string, PlacedVersion[]>;
        readonly uploads: Map<string, MultipartUpload>;
    };

/** All buckets with their contents. Every change goes through a method of this class, which also records it. */
export class BucketTable {
    readonly #record: RecordChange;
    readonly #buckets = new Map<string, OwnBucket>();
    /** Sorted buckets by account. Computed at the first use after a change. */
    readonly #sorted = new Map<string, Bucket[]>();
    #sequence = 0;

    constructor(record: RecordChange) {
        this.#record = record;
    }

    get byName(): ReadonlyMap<string, Bucket> {
        return this.#buckets;
    }

    /** In the order in which the API lists them. */
    ofAccount(accountId: string): readonly Bucket[] {
        let buckets = this.#sorted.get(accountId);
        if (buckets === undefined) {
            buckets = [...this.#buckets.values()]
                .filter((bucket) => bucket.accountId === accountId)
                .sort((a, b) => (a.name < b.name ? -1 : 1));
            this.#sorted.set(accountId, buckets);
        }
        return buckets;
    }

    /** @param bucket without objects and uploads */
    add(bucket: Bucket): void {
        const own: OwnBucket = { ...bucket, objects: new Map(), uploads: new Map() };
        this.#buckets.set(bucket.name, own);
        this.#sorted.delete(bucket.accountId);
        this.#record(bucketChange(own));
    }

    update(bucket: Bucket, settings: Partial<BucketSettings>): void {
        const own = this.#own(bucket);
        Object.assign(own, settings);
        this.#record(bucketChange(own));
    }

    /** Removes a bucket with its contents. */
    remove({ name }: Bucket): void {
        const bucket = this.#buckets.get(name);
        if (bucket === undefined) {
            return;
        }
        for (const [key, versions] of bucket.objects) {
            for (const { versionId } of [...versions]) {
                this.removeVersion(bucket, key, versionId);
            }
        }
        for (const id of [...bucket.uploads.keys()]) {
            this.removeUpload(bucket, id);
        }
        this.#buckets.delete(name);
        this.#sorted.delete(bucket.accountId);
        this.#record({ table: "bucket", key: name, value: undefined });
    }

    /** Adds the newest version of a key. It replaces a version with the same id. */
    putVersion(bucket: Bucket, key: string, version: ObjectVersion): void {
        const { objects } = this.#own(bucket);
        this.#sequence += 1;
        const placed = { ...version, sequence: this.#sequence };
        const others = (objects.get(key) ?? []).filter(({ versionId }) => versionId !== version.versionId);
        objects.set(key, [placed, ...others]);
        this.#record(versionChange(bucket.name, key, placed));
    }

    /** Replaces a version in its place: the newest version stays the newest. */
    updateVersion(bucket: Bucket, key: string, version: ObjectVersion): void {
        const { objects } = this.#own(bucket);
        const versions = objects.get(key) ?? [];
        const index = versions.findIndex(({ versionId }) => versionId === version.versionId);
        const placed = { ...version, sequence: versions[index]?.sequence ?? 0 };
        objects.set(key, versions.with(index, placed));
        this.#record(versionChange(bucket.name, key, placed));
    }

    removeVersion(bucket: Bucket, key: string, versionId: string): void {
        const { objects } = this.#own(bucket);
        const versions = objects.get(key) ?? [];
        const left = versions.filter((version) => version.versionId !== versionId);
        if (left.length === versions.length) {
            return;
        }
        if (left.length === 0) {
            objects.delete(key);
        } else {
            objects.set(key, left);
        }
        this.#record({ table: "object", key: versionKey(bucket.name, key, versionId), value: undefined });
    }

    addUpload(bucket: Bucket, upload: MultipartUpload): void {
        this.#own(bucket).uploads.set(upload.id, upload);
        this.#record(uploadChange(bucket.name, upload));
    }

    putPart(bucket: Bucket, upload: MultipartUpload, number: number, part: UploadedPart): void {
        upload.parts.set(number, part);
        this.#record(partChange(bucket.name, upload.id, number, part));
    }

    removeUpload(bucket: Bucket, id: string): void {
        const own = this.#own(bucket);
        for (const number of own.uploads.get(id)?.parts.keys() ?? []) {
            this.#record({ table: "part", key: JSON.stringify([bucket.name, id, number]), value: undefined });
        }
        if (own.uploads.delete(id)) {
            this.#record({ table: "upload", key: JSON.stringify([bucket.name, id]), value: undefined });
        }
    }

    /**
     * Restores a saved change. Only the latest value of each key may be passed, and a container before its contents.
     */
    restore({ table, key, value, body = new Uint8Array() }: Change): void {
        if (table === "bucket") {
            const bucket = newBucket(value as Bucket);
            this.#buckets.set(key, { ...bucket, objects: new Map(), uploads: new Map() });
            return;
        }
        const [name, second, third] = JSON.parse(key) as [string, string, string | number | undefined];
        const bucket = this.#buckets.get(name);
        if (table === "object") {
            bucket && this.#restoreVersion(bucket, second, value as SavedVersion & { sequence?: number }, body);
        } else if (table === "upload") {
            const upload = value as Omit<MultipartUpload, "parts">;
            const defaults = { acl: "default", tags: [], storageClass: "Standard" } as const;
            bucket?.uploads.set(second, { ...defaults, ...upload, parts: new Map() });
        } else if (table === "part") {
            const part = value as Omit<UploadedPart, "body" | "crc64"> & Partial<UploadedPart>;
            bucket?.uploads.get(second)?.parts.set(Number(third), { ...part, crc64: part.crc64 ?? crc64(body), body });
        }
    }

    /** The whole table as changes that would recreate it. */
    *changes(): Generator<Change> {
        for (const bucket of this.#buckets.values()) {
            yield bucketChange(bucket);
            for (const [key, versions] of bucket.objects) {
                for (const version of versions) {
                    yield versionChange(bucket.name, key, version);
                }
            }
            for (const upload of bucket.uploads.values()) {
                yield uploadChange(bucket.name, upload);
                for (const [number, part] of upload.parts) {
                    yield partChange(bucket.name, upload.id, number, part);
                }
            }
        }
    }

    #restoreVersion(
        { objects }: OwnBucket,
        key: string,
        saved: SavedVersion & { sequence?: number },
        body: Uint8Array,
    ): void {
        const { sequence = 0 } = saved;
        this.#sequence = Math.max(this.#sequence, sequence);
        const versions = [...(objects.get(key) ?? []), { ...restoredVersion(saved, body), sequence }];
        objects.set(
            key,
            versions.sort((a, b) => b.sequence - a.sequence),
        );
    }

    #own({ name }: Bucket): OwnBucket {
        const bucket = this.#buckets.get(name);
        if (bucket === undefined) {
            throw new Error(`There is no bucket ${name}.`);
        }
        return bucket;
    }
}

function bucketChange({ objects: _objects, uploads: _uploads, ...value }: Bucket): Change {
    return { table: "bucket", key: value.name, value };
}

/** The null version has the key that files without versions use. */
function versionKey(bucket: string, key: string, versionId: string): string {
    return JSON.stringify(versionId === nullVersion ? [bucket, key] : [bucket, key, versionId]);
}

function versionChange(bucket: string, key: string, version: PlacedVersion): Change {
    const place = { table: "object", key: versionKey(bucket, key, version.versionId) } as const;
    if (version.isDeleteMarker) {
        return { ...place, value: version };
    }
    const { body, ...value } = version;
    return { ...place, value, body };
}

function uploadChange(bucket: string, { parts: _parts, ...value }: MultipartUpload): Change {
    return { table: "upload", key: JSON.stringify([bucket, value.id]), value };
}

function partChange(bucket: string, id: string, number: number, { body, ...value }: UploadedPart): Change {
    return { table: "part", key: JSON.stringify([bucket, id, number]), value, body };
}
