import * as pulumi from "@pulumi/pulumi";
import { nativeTypes } from "../../declaration";
import type { BucketEncryptionLookup } from "../bucket-encryption";
import { requireArguments } from "../constructor-checks";
import type { OwnArgs } from "../declared-args";
import { showMessageAlone } from "../program-error";
import type { FoundRule } from "../resource-outputs";
import { packageVersion } from "./package-version";

/** The bucket whose rule is looked up, and how it is reached. */
export type RuleLookupArgs = {
    /** The bucket's name. */
    readonly bucket: pulumi.Input<string>;
} & BucketEncryptionLookup &
    OwnArgs<"account">;

/** A bucket's rule, with the arguments that it was looked up by. */
export type RuleLookupResult = FoundRule & {
    readonly bucket: string;
    readonly store?: string;
    readonly region?: string;
    readonly endpoint?: string;
    /** The bucket's region, if no `region` was given and it was found from the service's answers. */
    readonly bucketRegion?: string;
};

/** The rule of a bucket that this stack need not manage. Fails when the bucket has none. */
export function getBucketEncryption(
    args: RuleLookupArgs,
    options: pulumi.InvokeOptions = {},
): Promise<RuleLookupResult> {
    requireArguments("getBucketEncryption", args);
    return showMessageAlone(
        pulumi.runtime.invoke(nativeTypes.getBucketEncryption, args, { version: packageVersion(), ...options }),
    );
}

/** As `getBucketEncryption`, where arguments are outputs. */
export function getBucketEncryptionOutput(
    args: RuleLookupArgs,
    options: pulumi.InvokeOutputOptions = {},
): pulumi.Output<RuleLookupResult> {
    requireArguments("getBucketEncryptionOutput", args);
    return showMessageAlone(
        pulumi.runtime.invokeOutput(nativeTypes.getBucketEncryption, args, { version: packageVersion(), ...options }),
    );
}
