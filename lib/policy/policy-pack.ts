import path from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { encryptionPolicies } from "./encryption-policies";

/**
 * Starts the pack that comes with this package, in the analyzer process of an engine. The SDK takes a pack's version from the
 * package.json of the working directory, which an engine makes the pack's folder: it is sent to where ours is.
 */
export function startPolicyPack(): void {
    process.chdir(path.join(__dirname, "..", ".."));
    new PolicyPack("bucket-encryption", {
        displayName: "Default encryption of buckets",
        description: "Default server-side encryption of OSS and S3 buckets.",
        policies: encryptionPolicies(),
    });
}
