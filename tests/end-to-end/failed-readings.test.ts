import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { LocalCloud } from "../../lib/local-cloud";
import { run } from "../cli/in-process";
import { BucketStack } from "../stacks/bucket-stack";

/** A way in which reading a bucket's rule fails: the row of `docs/resource.md`, how a test causes it, and the message. */
interface FailedReading {
    /** The first cell of the row. */
    readonly condition: string;
    /** Which of several conditions in that cell. */
    readonly variant?: string;
    readonly preview: "fails" | "warns" | "reports it";
    readonly review: "failed preview" | "unknown" | "added";
    /** What the preview says, beside the bucket's name. */
    readonly says: string;
    readonly endpoint?: () => string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly declared?: Readonly<Record<string, string>>;
}

const unusable = "an endpoint that is not usable: another server, another region, plain HTTP";
const own = "own-bucket";
const foreign = "foreign-bucket";

describe("a bucket whose rule cannot be read", () => {
    let cloud: LocalCloud;
    let stranger: Server;
    let strangerUrl: string;
    let stack: BucketStack;

    before(async () => {
        cloud = await LocalCloud.start({
            accounts: {
                accounts: [
                    {
                        id: "1000000000000001",
                        accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
                        buckets: [{ name: own, region: "cn-hangzhou" }],
                    },
                    { id: "1000000000000002", buckets: [{ name: foreign, region: "cn-hangzhou" }] },
                ],
            },
        });
        stranger = createServer((_, response) => response.end("<html>Please log in</html>"));
        await new Promise<void>((listening) => stranger.listen(0, "127.0.0.1", listening));
        strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    });

    beforeEach(async () => {
        stack = await new BucketStack(cloud).start();
    });

    afterEach(() => stack.remove());

    after(async () => {
        stranger.close();
        await cloud.stop();
    });

    const readings: readonly FailedReading[] = [
        {
            condition: "no credentials",
            preview: "fails",
            review: "failed preview",
            says: "No credentials for Alibaba Cloud",
            environment: { ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" },
        },
        {
            condition: "rejected credentials",
            preview: "fails",
            review: "failed preview",
            says: "SignatureDoesNotMatch",
            environment: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong" },
        },
        {
            condition: unusable,
            variant: "another server",
            preview: "fails",
            review: "failed preview",
            says: "it is an HTML page",
            endpoint: () => strangerUrl,
        },
        {
            condition: unusable,
            variant: "plain HTTP",
            preview: "fails",
            review: "failed preview",
            says: "http://oss.example.com",
            endpoint: () => "http://oss.example.com",
        },
        {
            condition: unusable,
            variant: "another region",
            preview: "fails",
            review: "failed preview",
            says: "region",
            declared: { region: "cn-shanghai" },
        },
        {
            condition: "access denied, such as another account's bucket",
            preview: "warns",
            review: "unknown",
            says: "AccessDenied",
            declared: { bucket: foreign },
        },
        {
            condition: "no such bucket",
            preview: "reports it",
            review: "added",
            says: "does not exist yet; the deployment fails unless the program creates it",
            declared: { bucket: "missing-bucket" },
        },
    ];

    for (const { condition, variant, preview, review, says, endpoint, environment, declared } of readings) {
        it(`behaves in preview, up and review as documented: ${variant ?? condition}`, async () => {
            stack.environment = { ...stack.environment, ...environment, ...(endpoint && { OSS_ENDPOINT: endpoint() }) };
            const { bucket } = { bucket: own, ...declared };
            stack.declare({ rule: { sseAlgorithm: "AES256", ...declared, bucket } });

            const shown = await stack.command("preview");
            expect(shown.status, `${condition}: ${shown.output}`).to.equal(preview === "fails" ? 1 : 0);
            expect(shown.output).to.include(says);
            if (preview !== "fails") expect(shown.output).to.include(bucket);
            if (preview === "warns") expect(shown.output).to.include("warning: ");

            const { status, output } = await stack.command("preview", "--json");
            expect(status).to.equal(shown.status);
            const json = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
            const gate = await run(bucketEncryption, ["review", "--fail-on", "unknown", "-"], {
                stdin: json,
                cwd: stack.folder,
            });
            expect(gate.status, gate.output).to.equal(review === "added" ? 0 : 2);
            const words = { "failed preview": "preview", unknown: "unknown", added: "added" };
            expect(gate.output).to.include(words[review]);

            const deployed = await stack.command("up", "--yes", "--skip-preview");
            expect(deployed.status, deployed.output).to.equal(1);
            expect(deployed.output).to.include(preview === "reports it" ? "bucket" : says);
            expect(stack.rules).to.deep.equal([]);
            expect(cloud.bucketRule(own)).to.equal(undefined);
        });
    }

    it("is documented by exactly these rows", () => {
        const page = readFileSync(path.join(__dirname, "..", "..", "docs", "resource.md"), "utf8");
        const [, table = ""] =
            /\| condition \| preview \| `up` \| `review` \|\n\| --- .*\n((?:\|.*\n)+)/.exec(page) ?? [];
        const rows = table
            .trim()
            .split("\n")
            .map((line) => line.slice(2, -2).split(" | "))
            .map(([condition, preview, , review]) => ({ condition, preview, review }));
        const expected = readings.map(
            ({ condition, preview, review }) => [condition, { condition, preview, review }] as const,
        );
        // Other rows hold for what is too slow or needs another installation; tests/lifecycle/foresight.test.ts has all kinds.
        expect(rows).to.include.deep.members([...new Map(expected).values()]);
        expect(rows.length).to.equal(new Map(expected).size + 2);
    });
});
