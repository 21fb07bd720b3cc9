/** documented: PutBucketTagging. */
export const maxBucketTags = 20;

/** documented: PutBucketTagging: keys of 1 to 64 bytes that do not begin with http://, https:// or Aliyun, values of up to 128. */
export function isBucketTag([key, value]: readonly [string, string]): boolean {
    const isKey = key !== "" && Buffer.byteLength(key) <= 64 && !/^(https?:\/\/|aliyun)/i.test(key);
    return isKey && Buffer.byteLength(value) <= 128;
}
