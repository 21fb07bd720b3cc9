import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { bucketEncryptionSetType, bucketEncryptionType, packMembers } from "../../lib/declaration";
import {
    BucketEncryption,
    BucketEncryptionSet,
    getBucketEncryption,
    getBucketEncryptionOutput,
    Provider,
} from "../../lib/native";
import { nativeOptions } from "../../lib/pulumi/native/native-options";
import { showMessageAlone } from "../../lib/pulumi/program-error";
import manifest from "../../package.json";

const registered: pulumi.runtime.MockResourceArgs[] = [];
const called: pulumi.runtime.MockCallArgs[] = [];

describe("the plugin's classes for Node", () => {
    before(() =>
        pulumi.runtime.setMocks({
            newResource(args) {
                registered.push(args);
                return { id: `${args.name}-id`, state: args.inputs };
            },
            call(args) {
                called.push(args);
                if (args.inputs.bucket === "example-denied")
                    throw Object.assign(new Error(), { details: "it is denied" });
                return { bucket: args.inputs.bucket, sseAlgorithm: "KMS" };
            },
        }),
    );
    beforeEach(() => {
        registered.length = 0;
        called.length = 0;
    });

    const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

    it("declare resources of the plugin's types with the arguments as they are", async () => {
        const logs = new BucketEncryption("logs", { bucket: "my-logs", sseAlgorithm: "KMS", atLeast: true });
        expect(await known(logs.id)).to.equal("logs-id");
        expect(await known(logs.atLeast)).to.equal(true);
        expect(registered[0]).to.deep.include({
            type: "bucket-encryption:index:BucketEncryption",
            inputs: { bucket: "my-logs", sseAlgorithm: "KMS", atLeast: true },
        });
        expect(BucketEncryption.isInstance(logs)).to.equal(true);
        expect(BucketEncryptionSet.isInstance(logs)).to.equal(false);
    });

    it("pack a set's buckets as the dynamic class does, so that a move is no change", async () => {
        const fleet = new BucketEncryptionSet("fleet", { buckets: ["logs", "photos"], sseAlgorithm: "AES256" });
        expect(await known(fleet.id)).to.equal("fleet-id");
        const names = new Map(["logs", "photos"].map((name) => [name, {}]));
        expect(registered[0]).to.deep.include({
            type: "bucket-encryption:index:BucketEncryptionSet",
            inputs: { members: packMembers(names), sseAlgorithm: "AES256" },
        });
        expect(BucketEncryptionSet.isInstance(fleet)).to.equal(true);
    });

    it("have the plugin of their own version, and take over dynamic resources, also renamed ones", () => {
        expect(nativeOptions({}, bucketEncryptionType)).to.deep.equal({
            version: manifest.version,
            aliases: [{ type: bucketEncryptionType }],
        });
        const urn = "urn:pulumi:dev::shop::a:b:C::old";
        const renamed = nativeOptions({ protect: true, aliases: [{ name: "old" }, urn] }, bucketEncryptionSetType);
        expect(renamed).to.deep.equal({
            version: manifest.version,
            protect: true,
            aliases: [
                { name: "old" },
                { name: "old", type: bucketEncryptionSetType },
                urn,
                { type: bucketEncryptionSetType },
            ],
        });
        expect(nativeOptions({ version: "9.9.9" }, bucketEncryptionType).version).to.equal("9.9.9");
    });

    it("give a provider instance its arguments as texts, credentials as secrets, and nothing for what is empty", async () => {
        const provider = new Provider("shanghai", {
            region: "cn-shanghai",
            endpoint: "",
            account: { id: "1000000000000001" },
            allowedAccountIds: ["1000000000000001"],
            s3DeletionIsSafe: true,
            accessKeySecret: "plain",
        });
        await known(provider.id);
        const [{ inputs = {}, type = "" } = {}] = registered;
        expect(type).to.equal("pulumi:providers:bucket-encryption");
        const { accessKeySecret, ...others } = inputs;
        expect(others).to.deep.equal({
            region: "cn-shanghai",
            account: '{"id":"1000000000000001"}',
            allowedAccountIds: '["1000000000000001"]',
            s3DeletionIsSafe: "true",
        });
        expect(JSON.stringify(accessKeySecret)).to.include("1b47061264138c4ac30d75fd1eb44270").and.include("plain");
        expect(Provider.isInstance(provider)).to.equal(true);
    });

    it("look a rule up by the plugin's function", async () => {
        expect(await getBucketEncryption({ bucket: "archive" })).to.deep.equal({
            bucket: "archive",
            sseAlgorithm: "KMS",
        });
        expect(called[0]).to.deep.include({
            token: "bucket-encryption:index:getBucketEncryption",
            inputs: { bucket: "archive" },
        });
    });

    it("show the message of a failed look-up alone, and pass it on to a program that handles it", async () => {
        interface Parts {
            readonly promise?: () => Promise<unknown>;
            readonly isKnown?: Promise<unknown>;
            readonly isSecret?: Promise<unknown>;
            readonly allResources?: () => Promise<unknown>;
        }
        const outputOf = async (bucket: string): Promise<unknown> => {
            const output = getBucketEncryptionOutput({ bucket }) as Parts;
            // Each part of the output fails.
            for (const part of [output.isKnown, output.isSecret, output.allResources?.()]) part?.catch(() => undefined);
            return output.promise?.();
        };
        const refused = `Invoke of 'bucket-encryption:index:getBucketEncryption' failed: bucket: is odd (); region: is odd ()`;
        for (const [call, said] of [
            [getBucketEncryption({ bucket: "example-denied" }), "it is denied"],
            [outputOf("example-denied"), "it is denied"],
            [
                showMessageAlone(Promise.reject(new Error(refused))),
                "getBucketEncryption: bucket: is odd; region: is odd",
            ],
        ] as const) {
            const error = (await call.catch((reason) => reason)) as Error;
            expect(pulumi.RunError.isInstance(error), String(error)).to.equal(true);
            expect([error.message, error.stack]).to.deep.equal([said, ""]);
        }
    });
});
