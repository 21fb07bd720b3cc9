/** documented: the values of x-oss-storage-class (PutObject, PutBucket). */
export const storageClasses = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"] as const;
export type StorageClass = (typeof storageClasses)[number];

export function isStorageClass(value: string): value is StorageClass {
    return (storageClasses as readonly string[]).includes(value);
}

/** documented: an object of these classes is read only after RestoreObject. */
export function needsRestoration(storageClass: StorageClass): boolean {
    return storageClass !== "Standard" && storageClass !== "IA";
}
