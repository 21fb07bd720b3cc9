import { expect } from "chai";
import { BucketEncryption, EncryptionBaseline } from "../../lib";
import { LocalCloud } from "../../lib/local-cloud";
import { newProviderProcess } from "../../lib/provider";
import { bucketEncryptionProvider } from "../../lib/pulumi/provider";
import { TemporaryStack } from "../../lib/testing";

type Provider = ReturnType<typeof bucketEncryptionProvider>;

const own = "bucket-encryption";

describe("a stack with a setting that is not one", function () {
    this.timeout(60_000);
    let cloud: LocalCloud;
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "logs" });
    });
    afterEach(() => cloud.stop());

    /** As the dynamic provider host hands it over: the fields with all keys and the project are not in its type. */
    const hostConfig = (values: Record<string, string>, projectName = "example") => {
        const rawConfig = { [`${own}:endpoint`]: cloud.url, [`${own}:region`]: "cn-hangzhou", ...values };
        const get = (key: string) => (rawConfig as Record<string, string>)[key];
        return { config: { rawConfig, projectName, get, require: get } } as never;
    };
    const providerWith = async (values: Record<string, string>, project?: string) => {
        const provider = bucketEncryptionProvider(newProviderProcess({ cancelled: new AbortController().signal }));
        await provider.configure?.(hostConfig(values, project));
        return provider;
    };
    const declared = { bucket: "logs", sseAlgorithm: "AES256" };

    for (const key of ["allowedAcountIds", "account.id", "accounts.id", "reggion"]) {
        it(`rejects ${key} in every operation of the provider, before any request`, async () => {
            const provider = await providerWith({ [`${own}:${key}`]: "1000000000000009" });
            const { failures = [] } = (await provider.check?.({}, declared)) ?? {};
            expect(failures.map(({ reason }) => reason).join("\n")).to.include(`${own}:${key}: is `);
            const state = { ...declared };
            for (const work of [
                (of: Provider) => of.create(declared),
                (of: Provider) => of.read?.("logs", state),
                (of: Provider) => of.update?.("logs", state, { ...declared, sseAlgorithm: "KMS" }),
                (of: Provider) => of.delete?.("logs", state),
            ]) {
                const other = await providerWith({ [`${own}:${key}`]: "1000000000000009" });
                const error = (await Promise.resolve(work(other)).catch((reason: unknown) => reason)) as Error;
                expect(error.message).to.include(`${own}:${key} is `);
            }
            expect(cloud.journal.count()).to.equal(0);
        });
    }

    it("accepts a program's own keys in a project that has this package's name, and no misspelt setting", async () => {
        const accepted = await providerWith({ [`${own}:tableName`]: "t" }, own);
        const { failures } = (await accepted.check?.({ ...declared }, declared)) ?? {};
        expect((failures ?? []).filter(({ reason }) => reason.includes(own))).to.deep.equal([]);
        const refused = await providerWith({ [`${own}:allowedAcountIds`]: "1000000000000009" }, own);
        expect((await refused.check?.({}, declared))?.failures?.[0]?.reason).to.include("The project is called");
    });

    const programs: Readonly<Record<string, () => void>> = {
        resource: () => void new BucketEncryption("logs", { bucket: "logs", sseAlgorithm: "AES256" }),
        baseline: () => void new EncryptionBaseline("all", { select: { all: true }, sseAlgorithm: "AES256" }),
    };
    for (const [what, declare] of Object.entries(programs)) {
        it(`rejects it in the program that declares a ${what}, before any request`, async () => {
            const stack = await TemporaryStack.create({
                inProcess: true,
                program: async () => declare(),
                environment: { OSS_ENDPOINT: cloud.url, OSS_REGION: "cn-hangzhou" },
                config: { [`${own}:allowedAcountIds`]: "1000000000000009" },
            });
            try {
                const preview = await stack.engine.preview();
                expect(preview.succeeded).to.equal(false);
                expect(preview.messages.join("\n")).to.include(`did you mean ${own}:allowedAccountIds?`);
                expect(cloud.journal.count()).to.equal(0);
            } finally {
                stack.dispose();
            }
        });
    }
});
