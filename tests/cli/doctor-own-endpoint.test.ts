import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { withEnvironment } from "../process-environment";
import { doctorResults } from "./doctor-results";
import { run as runCommand } from "./in-process";

type Answer = readonly [status: number, body: string, headers?: Record<string, string>];

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
const listOf = (...buckets: string[]) =>
    `${declaration}<ListAllMyBucketsResult><Buckets>${buckets.join("")}</Buckets></ListAllMyBucketsResult>`;
const named = (name: string, region = "") =>
    `<Bucket><Name>${name}</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate>${region && `<BucketRegion>${region}</BucketRegion>`}</Bucket>`;
const rule = `${declaration}<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`;
const refusal = (code: string) => `${declaration}<Error><Code>${code}</Code><Message>No.</Message></Error>`;

/** Services of other vendors differ in what a check must not take from AWS for granted. */
describe("bucket-encryption doctor behind an endpoint of another vendor", () => {
    let server: Server;
    /** What the service answers, by what is asked. */
    let answers: { list: Answer; rule: Answer };
    let headers: Record<string, string>;
    let paths: string[];
    beforeEach(async () => {
        answers = { list: [200, listOf(named("example-logs"))], rule: [200, rule] };
        headers = {};
        paths = [];
        server = createServer(({ method, url = "" }, response) => {
            const isRule = url.includes("encryption");
            if (method === "GET") paths.push(url);
            const [status, body] = isRule ? answers.rule : answers.list;
            response.writeHead(status, { "content-type": "application/xml", ...headers });
            response.end(method === "HEAD" ? "" : body);
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterEach(async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    });

    async function run(...args: string[]) {
        const { port } = server.address() as AddressInfo;
        const env: NodeJS.ProcessEnv = {
            PATH: process.env.PATH,
            HOME: "/nowhere",
            AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
            AWS_ACCESS_KEY_ID: "own-key-id",
            AWS_SECRET_ACCESS_KEY: "own-key-secret",
            AWS_EC2_METADATA_DISABLED: "true",
        };
        return await withEnvironment(env, () =>
            runCommand(bucketEncryption, ["doctor", "--store", "s3", ...args], { env }),
        );
    }
    async function examined(...args: string[]) {
        const { status, stdout, stderr } = await run("--bucket", "example-logs", "--json", ...args);
        return { status, stderr, ...doctorResults(stdout) };
    }

    it("shows no region as fine that the service does not name, whatever region is configured", async () => {
        for (const args of [[], ["--region", "no-such-region"]]) {
            const { status, results, textOf } = await examined(...args);
            expect(status).to.equal(0);
            expect(results).to.include({
                "s3:ListAllMyBuckets": "fine",
                "s3:GetEncryptionConfiguration example-logs": "fine",
                "region example-logs": "not-checked",
            });
            expect(textOf("region")).to.equal(
                `The service at this endpoint does not name the bucket's region; requests are signed for ${args[1] ?? "us-east-1"}.`,
            );
        }
    });

    it("shows a region that the service names, and another configured one as not checked", async () => {
        answers.list = [200, listOf(named("example-logs", "eu-own"))];
        const same = await examined("--region", "eu-own");
        expect([same.results["region example-logs"], same.textOf("region")]).to.deep.equal(["fine", "eu-own."]);
        const other = await examined("--region", "us-own");
        expect(other.results["region example-logs"]).to.equal("not-checked");
        expect(other.textOf("region")).to.equal(
            "The bucket is in eu-own, and the configured region is us-own. Whether the service at this endpoint minds is not known.",
        );
    });

    it("does not take a bucket for another account's that is not in the list, which may hold only what the credentials may use", async () => {
        answers = { list: [200, listOf(named("example-photos"))], rule: [403, refusal("AccessDenied")] };
        const { status, results, textOf, account } = await examined();
        expect(status).to.equal(2);
        expect(results["s3:GetEncryptionConfiguration example-logs"]).to.equal("missing");
        expect(textOf("s3:GetEncryptionConfiguration"))
            .to.match(/^It is needed for every preview and deployment\. /)
            .and.not.include("another account");
        expect(account?.missing?.Statement).to.deep.equal([
            { Effect: "Allow", Action: ["s3:GetEncryptionConfiguration"], Resource: ["arn:aws:s3:::example-logs"] },
        ]);
    });

    it("shows a service without default encryption as wrong, and no policy, which would not help", async () => {
        for (const answer of [
            [501, refusal("NotImplemented")],
            [200, `${declaration}<ListBucketResult><Name>example-logs</Name></ListBucketResult>`],
        ] as const) {
            answers.rule = answer;
            const { status, results, account } = await examined();
            expect(status).to.equal(2);
            expect(results["s3:GetEncryptionConfiguration example-logs"]).to.equal("wrong");
            expect(account).not.to.have.any.keys("missing", "unproven");
        }
    });

    it("leaves it to the requests whether the service accepts this machine's clock", async () => {
        headers = { date: new Date(Date.now() - 3_600_000).toUTCString() };
        const { results, textOf } = await examined();
        expect(results).to.include({ clock: "not-known", "s3:GetEncryptionConfiguration example-logs": "fine" });
        expect(textOf("clock")).to.match(
            /^This machine's clock is \d+ s ahead of the service's\. Whether the service at this endpoint accepts that is not known\.$/,
        );
        headers = { date: new Date(Date.now() - 3_600_000).toUTCString(), age: "3600" };
        expect((await examined()).textOf("clock")).to.equal("The service could not be asked for its time.");
    });

    it("addresses buckets by path where that is asked for, and rejects it for OSS", async () => {
        const { results } = await examined(
            "--force-path-style",
            "--endpoint",
            `http://localhost:${(server.address() as AddressInfo).port}`,
        );
        expect(results["s3:GetEncryptionConfiguration example-logs"]).to.equal("fine");
        expect(paths.join(" ")).to.match(/ \/example-logs\/?\?encryption/);
        const { status, stderr } = await run("--store", "oss", "--force-path-style");
        expect(status).to.equal(64);
        expect(stderr).to.include("--force-path-style is not supported with --store oss");
    });

    it("shows nothing but the credentials as fine where the service is not reached", async () => {
        const { status, results } = await examined("--endpoint", "https://s3.example.invalid");
        expect(status).to.equal(2);
        expect(results).to.deep.equal({
            credentials: "fine",
            account: "not-checked",
            clock: "not-known",
            "s3:ListAllMyBuckets": "not-known",
            "s3:GetEncryptionConfiguration example-logs": "not-known",
            "s3:PutEncryptionConfiguration example-logs": "not-checked",
            "region example-logs": "not-known",
        });
    });

    it("shows an answer that is no list of buckets as not known", async () => {
        answers.list = [200, "<html><body>Welcome</body></html>"];
        expect((await examined()).results).to.include({ "s3:ListAllMyBuckets": "not-known" });
    });
});
