import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import {
    S3Client as Client,
    CreateBucketCommand,
    DeleteBucketEncryptionCommand,
    HeadBucketCommand,
    type S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { failureOf, storeAt, testKeys } from "../../stores/s3/store-under-test";
import { goProgram } from "../go-program";
import { needed } from "../needed-tool";

describe("a real service that knows no bucket encryption", function () {
    this.timeout(7 * 60_000);
    let server: ChildProcess;
    let endpoint: string;
    let client: S3Client;

    before(async function () {
        const program = await needed(this, () => goProgram(path.join(__dirname, "gofakes3")));
        server = spawn(program, { stdio: ["ignore", "pipe", "ignore"] });
        [endpoint] = await once(createInterface(server.stdout as NodeJS.ReadableStream), "line");
        client = new Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials: testKeys });
    });
    after(() => {
        client?.destroy();
        server?.kill();
    });
    beforeEach(() => client.send(new CreateBucketCommand({ Bucket: "logs" })).catch(() => undefined));

    const isThere = () =>
        client.send(new HeadBucketCommand({ Bucket: "logs" })).then(
            () => true,
            () => false,
        );

    it("deletes the bucket when it is asked to delete the rule", async () => {
        await client.send(new DeleteBucketEncryptionCommand({ Bucket: "logs" }));
        expect(await isThere()).to.equal(false);
    });

    it("keeps its bucket, also with deletionIsSafe, since it shows no rule", async () => {
        for (const deletionIsSafe of [true, false]) {
            const error = await storeAt({ endpoint, deletionIsSafe })
                .deleteRule("logs")
                .catch((reason) => reason);
            expect(error.kind).to.equal(deletionIsSafe ? "not-supported" : "unsafe-deletion");
            expect(await isThere()).to.equal(true);
        }
    });

    it("fails with not-supported on read and write", async () => {
        const store = storeAt({ endpoint });
        for (const work of [store.getRule("logs"), store.putRule("logs", { sseAlgorithm: "AES256" })]) {
            const error = await failureOf(work);
            expect(error.kind).to.equal("not-supported");
            expect(error.mayHaveTakenEffect).to.equal(false);
        }
        expect((await failureOf(store.getRule("nowhere"))).kind).to.equal("bucket-not-found");
    });
});
