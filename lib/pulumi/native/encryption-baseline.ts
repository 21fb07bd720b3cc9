import { type DeclaredKind, EncryptionBaseline } from "../encryption-baseline";
import { declareNativeBucketEncryption } from "./bucket-encryption";
import { declareNativeBucketEncryptionSet } from "./bucket-encryption-set";

const nativeKind: DeclaredKind = { each: declareNativeBucketEncryption, set: declareNativeBucketEncryptionSet };

/**
 * Declares one rule for many buckets of an account, with resources of the provider plugin. The program lists the buckets, with the
 * credentials of its own process and the stack's configuration.
 */
export class NativeEncryptionBaseline extends EncryptionBaseline {
    protected override get kind(): DeclaredKind {
        return nativeKind;
    }
}
