import type { BucketServerSideEncryptionArgs } from "@pulumi/alicloud/oss";
import { expect } from "chai";
import type { BucketEncryptionArgs } from "../../lib";

/** Compiles only while each argument of `@pulumi/alicloud`'s resource is one of ours, by its name and type. */
function movedByChangingTheClass(args: BucketServerSideEncryptionArgs): BucketEncryptionArgs {
    return args;
}

describe("the arguments of alicloud.oss.BucketServerSideEncryption", () => {
    it("are arguments of BucketEncryption as they are", () => {
        const args = { bucket: "example-logs", sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" };
        expect(movedByChangingTheClass(args)).to.equal(args);
    });
});
