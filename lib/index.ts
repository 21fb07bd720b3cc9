export { type ErrorKind, ServiceError, UserError } from "./errors";
export {
    BucketEncryption,
    type BucketEncryptionArgs,
    type BucketEncryptionLookup,
    type FoundRule,
} from "./pulumi/bucket-encryption";
