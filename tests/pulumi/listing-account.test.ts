import { expect } from "chai";
import { EncryptionBaseline } from "../../lib";
import { LocalCloud, TemporaryStack } from "../../lib/testing";
import { management, managementKeys, production, threeAccounts } from "../accounts/three-accounts";
import { replaceEnvironment } from "../process-environment";

describe("a baseline whose program runs with other credentials than its provider", function () {
    this.timeout(120_000);
    let cloud: LocalCloud;
    let stack: TemporaryStack | undefined;
    const before = { ...process.env };
    beforeEach(async () => {
        const accounts = threeAccounts();
        cloud = await LocalCloud.start({ accounts });
        cloud.createBucket({ name: "management-logs", accountId: management });
        // The program of an inline stack runs in this process, as with the Automation API.
        Object.assign(process.env, environmentOf(managementKeys));
    });
    afterEach(async () => {
        replaceEnvironment(before);
        stack?.dispose();
        await cloud.stop();
    });

    const environmentOf = (keys: { readonly accessKeyId: string; readonly accessKeySecret: string }) => ({
        OSS_ENDPOINT: cloud.url,
        OSS_REGION: "cn-hangzhou",
        ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
        ALIBABA_CLOUD_ACCESS_KEY_ID: keys.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: keys.accessKeySecret,
    });
    const baselineWith = async (granularity: "each" | "set", keys: typeof managementKeys, more: object = {}) => {
        stack = await TemporaryStack.create({
            inProcess: true,
            program: async () => {
                new EncryptionBaseline("fleet", {
                    select: { patterns: "*-logs" },
                    sseAlgorithm: "AES256",
                    granularity,
                    ...more,
                } as ConstructorParameters<typeof EncryptionBaseline>[1]);
            },
            environment: environmentOf(keys),
        });
        return stack.engine;
    };
    const productionKeys = { accessKeyId: "production-key", accessKeySecret: "production-secret" };
    const callersAsked = () => cloud.journal.count({ operation: "GetCallerIdentity" });

    for (const granularity of ["each", "set"] as const) {
        it(`is refused with both ids in preview and deployment, and writes nothing (granularity ${granularity})`, async () => {
            const engine = await baselineWith(granularity, productionKeys);
            for (const result of [await engine.preview(), await engine.up({ continueOnError: true })]) {
                expect(result.succeeded).to.equal(false);
                expect(result.messages.join("\n")).to.include(management).and.to.include(production);
            }
            expect(cloud.bucketRule("management-logs")).to.equal(undefined);
        });

        it(`is deployed when both have one access key, without a question for the caller (granularity ${granularity})`, async () => {
            const engine = await baselineWith(granularity, managementKeys);
            const deployed = await engine.up();
            expect(deployed.succeeded, deployed.messages.join("\n")).to.equal(true);
            expect(cloud.bucketRule("management-logs")?.sseAlgorithm).to.equal("AES256");
            expect(callersAsked()).to.equal(0);
            // Only its name is a property without dependencies.
            const state = JSON.stringify(await engine.exportState());
            expect(state.replaceAll('"__listedBy":[]', "")).not.to.include("__listedBy");
            expect((await engine.up()).changes).to.have.keys("same");
        });
    }
});
