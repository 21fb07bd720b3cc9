import { FolderPlace } from "./folder-place";
import { ObjectPlace } from "./object-place";
import type { SharedPlace } from "./shared-place";

/**
 * @param location a folder, or `oss://BUCKET/PREFIX` or `s3://BUCKET/PREFIX`
 * @param environment names region, endpoint and credentials of a bucket
 */
export function openSharedPlace(location: string, environment: NodeJS.ProcessEnv): SharedPlace {
    const [, store, bucket = "", prefix = ""] = /^([a-z0-9]+):\/\/([^/]+)\/?(.*)$/.exec(location) ?? [];
    if (store === undefined) return new FolderPlace(location);
    return new ObjectPlace({ location, store, bucket, prefix: prefix.replace(/\/+$/, "") }, environment);
}
