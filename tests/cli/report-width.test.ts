import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { type CommandIo, pulumiTableWidth, widthOf } from "../../lib/cli/command-io";
import { LocalCloud } from "../../lib/local-cloud";
import { displayWidth } from "../../lib/text";
import { replaceEnvironment } from "../process-environment";
import { run } from "./in-process";

const output = (columns?: number) => ({ columns }) as unknown as CommandIo["stdout"];
const preview = path.join(__dirname, "..", "review", "previews", "real-changes.json");
const longest = (text: string): number => Math.max(...text.split("\n").map(displayWidth));

describe("the width of a report", () => {
    it("is the terminal's", () => {
        expect(widthOf({ stdout: output(132), env: { COLUMNS: "60" } })).to.equal(132);
        expect(pulumiTableWidth({ stdout: output(132) })).to.equal(132);
    });

    it("is COLUMNS without a terminal, and 80 if that is no number", () => {
        expect(widthOf({ stdout: output(), env: { COLUMNS: "120" } })).to.equal(120);
        for (const COLUMNS of [undefined, "", "0", "5", "wide", "-80", "80.5"])
            expect(widthOf({ stdout: output(), env: { COLUMNS } }), COLUMNS).to.equal(80);
    });

    it("is not limited for the pulumi command's tables in a pipe", () => {
        expect(pulumiTableWidth({ stdout: output() })).to.equal(Number.POSITIVE_INFINITY);
    });

    it("holds for reviews, audits and check-ups, with names of 63 characters and Chinese text", async () => {
        const name = "example-production-customer-documents-archive-cn-shanghai-00001";
        expect(name).to.have.lengthOf(63);
        const account = { id: "1000000000000001", accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }] };
        const cloud = await LocalCloud.start({ accounts: { accounts: [account] } });
        const folder = mkdtempSync(path.join(tmpdir(), "report-width-"));
        const accounts = path.join(folder, "accounts.json");
        writeFileSync(accounts, JSON.stringify([{ name: "生产环境的存储空间 (production)", id: account.id }]));
        const before = { ...process.env };
        try {
            cloud.createBucket({
                name,
                encryption: { sseAlgorithm: "KMS" },
            });
            const variables = {
                OSS_ENDPOINT: cloud.url,
                ALIBABA_CLOUD_KMS_ENDPOINT: cloud.url,
                ALIBABA_CLOUD_STS_ENDPOINT: cloud.url,
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            };
            Object.assign(process.env, variables);
            for (const args of [
                ["audit", "--accounts", accounts],
                ["doctor", "--accounts", accounts, "--bucket", name],
                ["review", preview],
            ]) {
                const narrow = await run(bucketEncryption, args, { env: variables });
                expect(narrow.stdout, narrow.stderr).to.include(args[0] === "review" ? "WEAKENED" : name);
                // Names and URNs are not divided.
                const lines = narrow.stdout.split("\n").filter((line) => line.trim().includes(" "));
                expect(longest(lines.join("\n")), args[0]).to.be.at.most(80);
                const wide = await run(bucketEncryption, args, { env: { ...variables, COLUMNS: "400" } });
                expect(longest(wide.stdout), args[0]).to.be.greaterThan(80);
            }
        } finally {
            replaceEnvironment(before);
            await cloud.stop();
            rmSync(folder, { recursive: true });
        }
    });
});
