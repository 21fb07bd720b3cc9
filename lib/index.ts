export { type ErrorKind, ServiceError, UserError } from "./errors";
export { BucketEncryption, type BucketEncryptionArgs, type BucketEncryptionLookup } from "./pulumi/bucket-encryption";
