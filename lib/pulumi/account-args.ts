import type { Input } from "@pulumi/pulumi";

/** A role to assume. */
export interface RoleArgs {
    /** `acs:ram::<account>:role/<name>` */
    readonly roleArn: Input<string>;
    /** The external id that the role's trust policy requires. */
    readonly externalId?: Input<string | undefined>;
    /** The session's name in ActionTrail. Default: `pulumi-bucket-encryption`. */
    readonly sessionName?: Input<string | undefined>;
    /** The lifetime of a token in seconds, from 900 to the role's own limit. Default: 3600. It is renewed in time. */
    readonly durationSeconds?: Input<number | undefined>;
    /** A RAM policy, as JSON, that restricts the session. */
    readonly policy?: Input<string | undefined>;
}

/** The account on whose behalf buckets are reached. Never holds a credential. */
export interface AccountArgs extends Partial<RoleArgs> {
    /** The account's id, 16 digits. Credentials and buckets of another account are an error. */
    readonly id?: Input<string | undefined>;
    /** A profile of the aliyun CLI or of the credentials file. */
    readonly profile?: Input<string | undefined>;
    /** Roles that are assumed one after another before `roleArn`. */
    readonly through?: Input<readonly Input<RoleArgs>[] | undefined>;
    /** Assumes the first role with the token of an identity provider. */
    readonly oidc?: Input<
        | {
              /** `acs:ram::<account>:oidc-provider/<name>` */
              readonly providerArn: Input<string>;
              /** The file that holds the token. */
              readonly tokenFile: Input<string>;
          }
        | undefined
    >;
}
