import type { Bucket, BucketSettings, MultipartUpload, StoredObject, UploadedPart } from "./bucket";
import { newBucket } from "./bucket";
import type { Change, RecordChange } from "./change";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A bucket as only this table may change it. */
type OwnBucket = Writable<BucketSettings> &
    Omit<Bucket, keyof BucketSettings | "objects" | "uploads"> & {
        readonly objects: Map<string, StoredObject>;
        readonly uploads: Map<string, MultipartUpload>;
    };

/** Every bucket with what is in it. Each change goes through a method here, which also records it. */
export class BucketTable {
    readonly #buckets = new Map<string, OwnBucket>();
    /** Names by account, sorted, made when they are first asked for after a change. */
    readonly #sorted = new Map<string, Bucket[]>();

    readonly #record: RecordChange;

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

    add(bucket: Bucket): void {
        const own = { ...bucket, objects: new Map(bucket.objects), uploads: new Map(bucket.uploads) };
        this.#buckets.set(bucket.name, own);
        this.#sorted.delete(bucket.accountId);
        this.#record(bucketChange(own));
    }

    update(bucket: Bucket, settings: Partial<BucketSettings>): void {
        const own = this.#own(bucket);
        Object.assign(own, settings);
        this.#record(bucketChange(own));
    }

    /** With everything that is in it. */
    remove({ name }: Bucket): void {
        const bucket = this.#buckets.get(name);
        if (bucket === undefined) {
            return;
        }
        for (const key of [...bucket.objects.keys()]) {
            this.removeObject(bucket, key);
        }
        for (const id of [...bucket.uploads.keys()]) {
            this.removeUpload(bucket, id);
        }
        this.#buckets.delete(name);
        this.#sorted.delete(bucket.accountId);
        this.#record({ table: "bucket", key: name, value: undefined });
    }

    putObject(bucket: Bucket, key: string, object: StoredObject): void {
        this.#own(bucket).objects.set(key, object);
        this.#record(objectChange(bucket.name, key, object));
    }

    removeObject(bucket: Bucket, key: string): void {
        if (this.#own(bucket).objects.delete(key)) {
            this.#record({ table: "object", key: JSON.stringify([bucket.name, key]), value: undefined });
        }
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

    /** Takes in what was recorded once. The latest value of each key only, and containers before what is in them. */
    restore({ table, key, value, body = new Uint8Array() }: Change): void {
        if (table === "bucket") {
            const bucket = newBucket(value as Bucket);
            this.#buckets.set(key, { ...bucket, objects: new Map(), uploads: new Map() });
            return;
        }
        const [name, second, third] = JSON.parse(key) as [string, string, number];
        const bucket = this.#buckets.get(name);
        if (table === "object") {
            bucket?.objects.set(second, { ...(value as Omit<StoredObject, "body">), body });
        } else if (table === "upload") {
            bucket?.uploads.set(second, { ...(value as Omit<MultipartUpload, "parts">), parts: new Map() });
        } else if (table === "part") {
            bucket?.uploads.get(second)?.parts.set(third, { ...(value as Omit<UploadedPart, "body">), body });
        }
    }

    /** All that there is, as changes that would bring it about. */
    *changes(): Generator<Change> {
        for (const bucket of this.#buckets.values()) {
            yield bucketChange(bucket);
            for (const [key, object] of bucket.objects) {
                yield objectChange(bucket.name, key, object);
            }
            for (const upload of bucket.uploads.values()) {
                yield uploadChange(bucket.name, upload);
                for (const [number, part] of upload.parts) {
                    yield partChange(bucket.name, upload.id, number, part);
                }
            }
        }
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

function objectChange(bucket: string, key: string, { body, ...value }: StoredObject): Change {
    return { table: "object", key: JSON.stringify([bucket, key]), value, body };
}

function uploadChange(bucket: string, { parts: _parts, ...value }: MultipartUpload): Change {
    return { table: "upload", key: JSON.stringify([bucket, value.id]), value };
}

function partChange(bucket: string, id: string, number: number, { body, ...value }: UploadedPart): Change {
    return { table: "part", key: JSON.stringify([bucket, id, number]), value, body };
}
