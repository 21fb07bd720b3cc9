import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { hostedProvider } from "../../../lib/cli/hosted-provider";
import { ModuleRealm } from "../../../lib/engine/in-process/module-realm";
import { EmbeddedEngine, LocalCloud } from "../../../lib/testing";
import { pluginSettings, projectSettings, stackSettings, TestProject } from "../../stacks/test-project";

/** The SDK's connections are in this pool for up to ten seconds after their clients are closed. */
const { getSubchannelPool } = createRequire(require.resolve("@grpc/grpc-js"))("./subchannel-pool") as {
    getSubchannelPool(isGlobal: boolean): { unrefUnusedSubchannels(): void };
};

describe("an operation in this process", function () {
    this.timeout(60_000);
    let cloud: LocalCloud;
    let project: TestProject;
    let begun: WeakRef<object>[];
    const { load } = ModuleRealm.prototype;

    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "example-logs" });
        begun = [];
        Object.assign(globalThis, { noteProgram: (made: object) => begun.push(new WeakRef(made)) });
        ModuleRealm.prototype.load = function (file) {
            begun.push(new WeakRef(this));
            return load.call(this, file);
        };
    });
    afterEach(async () => {
        ModuleRealm.prototype.load = load;
        Reflect.deleteProperty(globalThis, "noteProgram");
        project.remove();
        await cloud.stop();
    });

    async function up(): Promise<void> {
        const { folder, environment } = project;
        const hosts = hostedProvider(environment);
        const { succeeded, messages } = await new EmbeddedEngine({
            folder,
            environment,
            stack: "dev",
            inProcess: true,
            hosts,
        }).up();
        expect(succeeded, messages.join("\n")).to.equal(true);
    }
    async function living(refs: readonly WeakRef<object>[]): Promise<number> {
        setFlagsFromString("--expose-gc");
        const collectGarbage: () => void = runInNewContext("gc");
        getSubchannelPool(true).unrefUnusedSubchannels();
        for (let round = 0; round < 5; round += 1) {
            // The end of a connection takes some turns of the event loop.
            await delay(20);
            collectGarbage();
        }
        return refs.filter((ref) => ref.deref() !== undefined).length;
    }

    for (const classes of ["pulumi-bucket-encryption", "pulumi-bucket-encryption/native"]) {
        it(`leaves neither its program nor its provider in memory after its end: ${classes}`, async () => {
            const program = `const { BucketEncryption } = require("${classes}");
noteProgram(new BucketEncryption("logs", { bucket: "example-logs", sseAlgorithm: "KMS" }));`;
            project = new TestProject(
                "ended",
                {
                    "index.js": program,
                    "Pulumi.yaml": projectSettings("ended") + pluginSettings,
                    "Pulumi.dev.yaml": stackSettings,
                },
                {
                    ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
                    OSS_ENDPOINT: cloud.url,
                    OSS_REGION: "cn-hangzhou",
                },
            );
            const { folder, environment } = project;
            await new EmbeddedEngine({ folder, environment }).createStack("dev");
            // What libraries make once for the process may belong to the first operation.
            await up();
            begun = [];
            await up();
            const ended = begun;
            expect(ended).to.have.lengthOf.above(2);
            begun = [];
            // What the last operation made is still known to the SDK, as `globalThis.stackResource`.
            await up();
            await up();
            // Connections stay open for the next request, until the service closes them.
            await cloud.stop();
            expect(await living(ended)).to.equal(0);
        });
    }
});
