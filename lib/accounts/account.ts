/** A role to assume. */
export interface AssumableRole {
    /** `acs:ram::<account>:role/<name>` */
    readonly roleArn: string;
    /** Proves to the role's owner on whose behalf it is assumed, where the role's trust asks for it. */
    readonly externalId?: string;
    /** Names the session in ActionTrail. Default: `pulumi-bucket-encryption`. */
    readonly sessionName?: string;
    /** How long the token lasts, in seconds, from 900 to the role's own limit. Default: 3600. */
    readonly durationSeconds?: number;
    /** A policy, as JSON, that narrows what the session may do. */
    readonly policy?: string;
}

/** The account for which buckets are reached. Holds no credential: these come from the machine, or from secret configuration. */
export interface Account extends Partial<AssumableRole> {
    /** The account's id. With it, nothing is written before the credentials and the bucket are known to belong to this account. */
    readonly id?: string;
    /** A profile of the aliyun CLI or of the credentials file, instead of the credentials that are otherwise found. */
    readonly profile?: string;
    /** Roles that are assumed one after another before `roleArn`, each with the token of the one before. */
    readonly through?: readonly AssumableRole[];
    /** The first role is assumed with a token of an identity provider, as CI systems and Kubernetes hand them out. */
    readonly oidc?: OidcIdentity;
}

export interface OidcIdentity {
    /** `acs:ram::<account>:oidc-provider/<name>` */
    readonly providerArn: string;
    /** A file that holds the token. It is read again for each session, since its issuer renews it. */
    readonly tokenFile: string;
}

/** The account that a role belongs to, by its ARN. */
export function accountOfRole(roleArn: string): string | undefined {
    return /^acs:ram::(\d+):role\//.exec(roleArn)?.[1];
}

/** The roles of an account in the order in which they are assumed. */
export function rolesOf({
    through = [],
    roleArn,
    id: _,
    profile: __,
    oidc: ___,
    ...own
}: Account): readonly AssumableRole[] {
    return roleArn === undefined ? through : [...through, { ...own, roleArn }];
}
