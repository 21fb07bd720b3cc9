/** One part of an account that a declaration names. What its value may be is checked by `lib/accounts`. */
export interface AccountPart {
    /** `roles` is a list of roles, `oidc` an identity provider. */
    readonly type: "string" | "integer" | "roles" | "oidc";
    readonly required?: true;
    readonly description: string;
}

/** The parts of a role, in the order in which they are shown. */
export const roleParts = {
    roleArn: { type: "string", required: true, description: "`acs:ram::<account>:role/<name>`" },
    externalId: { type: "string", description: "The external id that the role's trust policy requires." },
    sessionName: {
        type: "string",
        description: "The session's name in ActionTrail. Default: `pulumi-bucket-encryption`.",
    },
    durationSeconds: {
        type: "integer",
        description:
            "The lifetime of a token in seconds, from 900 to the role's own limit. Default: 3600. It is renewed in time.",
    },
    policy: { type: "string", description: "A RAM policy, as JSON, that restricts the session." },
} as const satisfies Readonly<Record<string, AccountPart>>;

/** The parts of an identity provider, whose token assumes the first role. */
export const oidcParts = {
    providerArn: { type: "string", required: true, description: "`acs:ram::<account>:oidc-provider/<name>`" },
    tokenFile: { type: "string", required: true, description: "The file that holds the token." },
} as const satisfies Readonly<Record<string, AccountPart>>;

/** The parts of an account, in the order in which they are shown. */
export const accountParts = {
    id: {
        type: "string",
        description: "The account's id, 16 digits. Credentials and buckets of another account are an error.",
    },
    profile: { type: "string", description: "A profile of the aliyun CLI or of the credentials file." },
    ...roleParts,
    roleArn: { type: "string", description: "`acs:ram::<account>:role/<name>`" },
    through: { type: "roles", description: "Roles that are assumed one after another before `roleArn`." },
    oidc: { type: "oidc", description: "Assumes the first role with the token of an identity provider." },
} as const satisfies Readonly<Record<string, AccountPart>>;
