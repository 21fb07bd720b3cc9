import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

interface Declared {
    readonly type: string;
    readonly inputs: Readonly<Record<string, unknown>>;
}

/** Pulumi's mocks stand in for the engine and the plugin of `@pulumi/alicloud`. */
async function declaredBy(program: () => Promise<Record<string, unknown>>) {
    const declared: Declared[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource({ type, name, inputs }) {
                declared.push({ type, inputs });
                return { id: `${name}-id`, state: inputs };
            },
            call: ({ inputs }) => inputs,
        },
        "with-alicloud",
        "test",
    );
    const { encryptedBucket, keyId } = await program();
    const outputs = await new Promise<{ bucket: unknown; key: unknown }>((resolve) =>
        pulumi.all([encryptedBucket, keyId]).apply(([bucket, key]) => resolve({ bucket, key })),
    );
    return { declared, outputs };
}

describe("a bucket, its key and its rule in one stack", function () {
    // The SDK of `@pulumi/alicloud` takes seconds to load.
    this.timeout(60_000);

    it("encrypt the bucket with the stack's own key, and keep the rule when the resource is deleted", async () => {
        const { declared, outputs } = await declaredBy(async () => require("./index"));
        const rule = declared.find(({ type }) => type.endsWith(":BucketEncryption"));
        expect(rule?.inputs).to.deep.include({
            bucket: "acme-payments",
            sseAlgorithm: "KMS",
            kmsMasterKeyId: "payments-id",
            onDelete: "retain",
        });
        expect(declared.map(({ type }) => type)).to.include.members([
            "alicloud:kms/key:Key",
            "alicloud:oss/bucket:Bucket",
        ]);
        expect(outputs).to.deep.equal({ bucket: "acme-payments", key: "payments-id" });
    });
});
