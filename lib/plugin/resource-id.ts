import type { Properties } from "../declaration";
import { storeNames } from "../provider";

/** The id of a bucket's rule: the bucket's name, and before it the kind of store, `s3/<bucket>`, unless that is the default. */
export function resourceId({ store }: Properties, bucket: string): string {
    return typeof store === "string" && store !== storeNames()[0] ? `${store}/${bucket}` : bucket;
}

/**
 * The parts of an id, for a resource whose properties are not known, as when it is imported. Where they are known they have priority: a
 * resource that was a dynamic one has the bucket's name as its id in every kind of store.
 */
export function identifiedBy(id: string, known: Properties): { readonly bucket: string; readonly known: Properties } {
    if (typeof known.bucket === "string") return { bucket: known.bucket, known };
    const [store = "", ...rest] = id.split("/");
    if (rest.length === 0 || !storeNames().includes(store)) return { bucket: id, known };
    // A bucket's name holds no slash, so what follows another one makes the name one that is refused.
    const bucket = rest.join("/");
    return { bucket, known: store === storeNames()[0] ? known : { ...known, store } };
}
