/** Whole texts as objects of a bucket: what a rollout's workers share. */
export interface ObjectStore {
    /** @throws ServiceError */
    write(bucket: string, key: string, text: string): Promise<void>;
    /** @returns undefined when the bucket has no such object @throws ServiceError */
    read(bucket: string, key: string): Promise<string | undefined>;
}
