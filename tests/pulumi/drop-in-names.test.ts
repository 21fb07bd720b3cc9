import type { BucketServerSideEncryptionArgs } from "@pulumi/alicloud/oss";
import { expect } from "chai";
import type { BucketEncryptionArgs } from "../../lib";

/** Compiles only while each argument of `@pulumi/alicloud`'s resource has the name of one of ours. */
const names: Required<{ [name in keyof BucketServerSideEncryptionArgs]: keyof BucketEncryptionArgs & name }> = {
    bucket: "bucket",
    sseAlgorithm: "sseAlgorithm",
    kmsMasterKeyId: "kmsMasterKeyId",
    kmsDataEncryption: "kmsDataEncryption",
};

describe("the arguments of alicloud.oss.BucketServerSideEncryption", () => {
    it("are arguments of BucketEncryption by their names and values", () => {
        const moved: BucketEncryptionArgs = {
            bucket: "example-logs",
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "key-1",
            kmsDataEncryption: "SM4",
        };
        expect(Object.keys(moved)).to.have.members(Object.keys(names));
    });
});
