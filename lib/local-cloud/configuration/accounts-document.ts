import type { EncryptionRule } from "../cloud/encryption-rule";

/** The accounts file: who there is, with which keys, and what they own when the cloud starts. */
export interface AccountsDocument {
    readonly accounts: readonly AccountEntry[];
}

export interface AccountEntry {
    /** 16 digits. */
    readonly id: string;
    readonly accessKeys?: readonly { readonly id: string; readonly secret: string }[];
    readonly roles?: readonly RoleEntry[];
    readonly keys?: readonly KmsKeyEntry[];
    readonly buckets?: readonly BucketEntry[];
}

export interface RoleEntry {
    readonly name: string;
    /** Ids of the accounts that may assume the role. */
    readonly trusts?: readonly string[];
    readonly externalId?: string;
}

export const KMS_KEY_STATES = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"] as const;

export interface KmsKeyEntry {
    readonly id: string;
    readonly region?: string;
    readonly state?: (typeof KMS_KEY_STATES)[number];
    /** Begins with `alias/`. */
    readonly alias?: string;
}

export interface BucketEntry {
    readonly name: string;
    readonly region?: string;
    readonly encryption?: EncryptionRule;
}

/** Whom the cloud knows when nobody says otherwise. */
export const DEFAULT_ACCOUNTS: AccountsDocument = {
    accounts: [{ id: "1000000000000001", accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }] }],
};
