import type { JsonWebKey } from "node:crypto";
import type { VersioningState } from "../cloud/bucket";
import type { EncryptionRule } from "../cloud/encryption-rule";
import type { KmsKeyState } from "../cloud/kms-key";
import type { StorageClass } from "../cloud/storage-class";

/** The accounts file: the accounts, their keys, and what they own when the cloud starts. */
export interface AccountsDocument {
    readonly accounts: readonly AccountEntry[];
}

export interface AccountEntry {
    /** 16 digits. */
    readonly id: string;
    readonly accessKeys?: readonly AccessKeyEntry[];
    readonly users?: readonly UserEntry[];
    readonly roles?: readonly RoleEntry[];
    readonly oidcProviders?: readonly OidcProviderEntry[];
    readonly keys?: readonly KmsKeyEntry[];
    readonly buckets?: readonly BucketEntry[];
}

export interface AccessKeyEntry {
    readonly id: string;
    readonly secret: string;
}

export interface UserEntry {
    readonly name: string;
    readonly accessKeys?: readonly AccessKeyEntry[];
    readonly statements?: readonly StatementEntry[];
}

export interface RoleEntry {
    readonly name: string;
    /** The principals that may assume the role: ids of accounts, or ARNs of users, roles and OIDC providers. */
    readonly trusts?: readonly string[];
    readonly externalId?: string;
    /** Seconds, 3600 to 43200. Default: 3600. */
    readonly maxSessionDuration?: number;
    readonly statements?: readonly StatementEntry[];
}

/** An issuer of tokens with which roles can be assumed. */
export interface OidcProviderEntry {
    readonly name: string;
    /** The `iss` of its tokens. */
    readonly issuer: string;
    /** A token's `aud` has to be one of these. */
    readonly clientIds: readonly string[];
    /** Its public keys, in the form of a JWKS document. */
    readonly jwks: { readonly keys: readonly JsonWebKey[] };
}

/** A statement of a RAM policy, in RAM's own syntax. */
export interface StatementEntry {
    readonly Effect: "Allow" | "Deny";
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
}

export interface KmsKeyEntry {
    readonly id: string;
    readonly region?: string;
    readonly state?: KmsKeyState;
    /** Begins with `alias/`. */
    readonly alias?: string;
}

export interface BucketEntry {
    readonly name: string;
    readonly region?: string;
    readonly encryption?: EncryptionRule;
    readonly tags?: Readonly<Record<string, string>>;
    readonly versioning?: VersioningState;
    /** Default: `Standard`. */
    readonly storageClass?: StorageClass;
}

/** The accounts of a cloud that is started without an accounts file. */
export const defaultAccounts: AccountsDocument = {
    accounts: [{ id: "1000000000000001", accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }] }],
};
