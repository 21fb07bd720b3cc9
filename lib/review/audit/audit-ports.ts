import type { BucketDirectory } from "../../stores";

/** KMS's answer about a key, as an audit needs it; see `KmsKeys` in `lib/accounts`. */
export type KeyAnswer =
    | { readonly found: { readonly keyId: string; readonly state?: string } }
    | { readonly missing: true }
    | { readonly unknown: string };

/** One account that is audited, and the requests for it. None of them writes. */
export interface AuditedAccount {
    /** What the account is called in the report, for instance a profile; its id where that is undefined. */
    readonly name: string | undefined;
    /** The account that must own the buckets, where that is said. */
    readonly id?: string | undefined;
    readonly directory: BucketDirectory;
    /** What a resource's argument `account` says to reach the same buckets; absent for the credentials that are found anyway. */
    readonly declared?: object;
    /**
     * Verifies that the credentials belong to the expected account. Resolves to a note if that is unknown.
     * @throws UserError of kind `wrong-account`, and nothing is asked then
     */
    verify?(): Promise<string | undefined>;
    /** The account's id, or `undefined` if it is not known. Asked for where the list of buckets does not say it. */
    callerId?(): Promise<string | undefined>;
    /** Never fails. */
    lookUpKey(name: string, region: string): Promise<KeyAnswer>;
}
