import * as pulumi from "@pulumi/pulumi";
import { canonicalSettings, secretSettingNames, settingNamespace } from "../../provider";
import type { AccountArgs } from "../account-args";
import { requireArguments } from "../constructor-checks";
import { packageVersion } from "./package-version";

/** How and on whose behalf buckets are reached, instead of the stack's configuration. */
export interface ProviderArgs {
    /** Region of the OSS buckets that name none. */
    readonly region?: pulumi.Input<string | undefined>;
    /** Endpoint of the OSS buckets that name none. */
    readonly endpoint?: pulumi.Input<string | undefined>;
    /** Endpoint of KMS, for looking up keys. Default: the endpoint of the bucket's region. */
    readonly kmsEndpoint?: pulumi.Input<string | undefined>;
    /** Account of the OSS buckets that name none. */
    readonly account?: pulumi.Input<AccountArgs | undefined>;
    /** Region of the S3 buckets that name none. */
    readonly s3Region?: pulumi.Input<string | undefined>;
    /** Endpoint of the S3 buckets that name none. */
    readonly s3Endpoint?: pulumi.Input<string | undefined>;
    /** Profile of the shared AWS files. */
    readonly s3Profile?: pulumi.Input<string | undefined>;
    /** `true` if every S3 service of the stack removes only the rule on `DELETE ?encryption`. Default: `false`. */
    readonly s3DeletionIsSafe?: pulumi.Input<boolean | undefined>;
    /** Profile of the aliyun CLI or of the credentials file. */
    readonly profile?: pulumi.Input<string | undefined>;
    /** Access key for OSS, KMS and STS. */
    readonly accessKeyId?: pulumi.Input<string | undefined>;
    /** Secret of the access key. The state keeps it encrypted. */
    readonly accessKeySecret?: pulumi.Input<string | undefined>;
    /** Security token of a temporary access key. The state keeps it encrypted. */
    readonly securityToken?: pulumi.Input<string | undefined>;
    /** Endpoint of STS. Default: `sts.aliyuncs.com`, or a region's with `ALIBABA_CLOUD_STS_REGION`. */
    readonly stsEndpoint?: pulumi.Input<string | undefined>;
    /** The only accounts that the provider may work in. */
    readonly allowedAccountIds?: pulumi.Input<readonly string[] | undefined>;
    /** Accounts that the provider must never work in. */
    readonly forbiddenAccountIds?: pulumi.Input<readonly string[] | undefined>;
}

/**
 * An instance of the provider plugin, for the option `provider` of resources and components. Each instance is a process, so use the
 * argument `account` of resources for more than a handful of accounts.
 *
 * ```ts
 * new Provider("shanghai", { region: "cn-shanghai", account: { id: "1000000000000001", profile: "production" } });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
    /** Whether a value is a `Provider` of this package, also one of another copy of it. */
    static override isInstance(value: unknown): value is Provider {
        return (
            pulumi.Resource.isInstance(value) &&
            (value as { __pulumiType?: string }).__pulumiType === `pulumi:providers:${settingNamespace}`
        );
    }

    constructor(name: string, args: ProviderArgs = {}, options: pulumi.ResourceOptions = {}) {
        requireArguments(`The provider ${JSON.stringify(name)}`, args);
        super(settingNamespace, name, asTexts(args), { version: packageVersion(), ...options });
    }
}

/** Engines take arguments of providers as texts, so structured ones are JSON. */
function asTexts(args: ProviderArgs): pulumi.Inputs {
    const secret = secretSettingNames();
    return Object.fromEntries(
        Object.entries(args).map(([name, value]) => {
            const text = pulumi.output(value).apply((given) => textOf(name, given));
            return [name, secret.includes(name) ? pulumi.secret(text) : text];
        }),
    );
}

function textOf(name: string, raw: unknown): string | undefined {
    const value = canonicalSettings({ [name]: raw })[name];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}
