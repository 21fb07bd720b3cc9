import type { ObservedRule } from "../../rule";
import type { BucketDirectory } from "../../stores";

/** What KMS says of a key, as far as an audit needs it; see `KmsKeys` in `lib/accounts`. */
export type KeyAnswer =
    | { readonly found: { readonly keyId: string; readonly state?: string } }
    | { readonly missing: true }
    | { readonly unknown: string };

/** One account that is audited, and how it is asked. Nothing of it writes. */
export interface AuditedAccount {
    /** What the account is called in the report, for instance a profile; its id where that is undefined. */
    readonly name: string | undefined;
    readonly directory: BucketDirectory;
    /** Reads a bucket's rule where the directory doesn't report it. Fails as `EncryptionStore.getRule` does. */
    getRule(bucket: string, region: string): Promise<ObservedRule>;
    /** Never fails. */
    lookUpKey(name: string, region: string): Promise<KeyAnswer>;
}
