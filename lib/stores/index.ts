export type { BucketDirectory, BucketFacts, BucketSelection, BucketSummary } from "./bucket-directory";
export type { EncryptionStore, StoreFamily, StoreTarget } from "./encryption-store";
export { OssBucketDirectory, type OssBucketDirectoryOptions } from "./oss/oss-bucket-directory";
export { OssEncryptionStore, type OssEncryptionStoreOptions } from "./oss/oss-encryption-store";
export { defaultOssLimits, type OssLimits } from "./oss/oss-limits";
export { OssServiceError } from "./oss/oss-service-error";
export { ossStoreFamily } from "./oss/oss-store-family";
export { OssStores, type OssStoreTarget } from "./oss/oss-stores";
export { type OssTarget, resolveOssTarget } from "./oss/oss-target";
