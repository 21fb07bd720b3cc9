import path from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { encryptionPolicies } from "./encryption-policies";

/**
 * Starts this package's pack in the analyzer process of an engine. The SDK reads a pack's version from the package.json of the
 * working directory, which engines set to the pack's folder; so the working directory becomes this package's root.
 */
export function startPolicyPack(): void {
    process.chdir(path.join(__dirname, "..", ".."));
    new PolicyPack("bucket-encryption", {
        displayName: "Default encryption of buckets",
        description: "Default server-side encryption of OSS and S3 buckets.",
        policies: encryptionPolicies(),
    });
}
