import type { ObjectStore } from "../stores";
import { BucketAccess } from "./bucket-access";

export type ObjectAccess = ObjectStore;

/**
 * Objects of a store's buckets, reached as the environment says: region, endpoint and credentials come from the variables that a stack
 * without configuration uses.
 * @param store the name of a family
 */
export function newObjectAccess(store: string, environment: NodeJS.ProcessEnv): ObjectAccess {
    return new BucketAccess({ configuration: { get: () => undefined }, environment }).objects(store);
}
