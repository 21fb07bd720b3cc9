import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { dynamic } from "@pulumi/pulumi";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { newProviderProcess } from "../../lib/provider";
import { bucketEncryptionProvider } from "../../lib/pulumi/provider";

const engineAddress = "127.0.0.1:41011";

describe("two provider instances of one operation", () => {
    const { TMPDIR } = process.env;
    let cloud: LocalCloud;
    let temporary: string;
    before(async () => {
        cloud = await LocalCloud.start({ isStrict: true });
    });
    after(() => cloud.stop());
    beforeEach(() => {
        cloud.createBucket({ name: "logs" });
        cloud.journal.clear();
        temporary = mkdtempSync(path.join(os.tmpdir(), "shared-declarations-"));
        process.env.TMPDIR = temporary;
    });
    afterEach(() => {
        cloud.deleteBucket("logs");
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
        rmSync(temporary, { recursive: true });
    });

    const instance = async () => {
        const cancelled = new AbortController().signal;
        const provider = bucketEncryptionProvider(newProviderProcess({ cancelled, engineAddress }));
        const settings: Record<string, string> = {
            region: "cn-hangzhou",
            endpoint: cloud.url,
            accessKeyId: "local-key-id",
            accessKeySecret: "local-key-secret",
        };
        const config = { get: (key: string) => settings[key.replace(/^bucket-encryption:/, "")] };
        await provider.configure?.({ config } as unknown as dynamic.ConfigureRequest);
        return provider as Required<dynamic.ResourceProvider>;
    };
    const declared = { bucket: "logs", sseAlgorithm: "SM4" };

    it("refuse two rules for one bucket", async () => {
        const [one, other] = [await instance(), await instance()];
        expect((await one.check({}, declared)).failures).to.deep.equal([]);
        expect((await other.check({}, { ...declared, sseAlgorithm: "AES256" })).failures).to.deep.equal([
            {
                property: "",
                reason: "bucket: has another rule (SM4) by another resource of this program; a bucket has one rule, so keep one of the two",
            },
        ]);
    });

    it("warn when the rule before the stack is lost to the other one's resource", async () => {
        const [one, other] = [await instance(), await instance()];
        cloud.setBucketRule("logs", { sseAlgorithm: "AES256" });
        await other.check({}, { ...declared, onDelete: "restore" });
        const printed: string[] = [];
        const { log } = console;
        console.log = (text: string) => printed.push(text);
        try {
            await other.create({ ...declared, onDelete: "restore" });
            printed.length = 0;
            await one.delete("logs", { ...declared, onDelete: "restore" });
        } finally {
            console.log = log;
        }
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        expect(printed).to.deep.equal([
            "bucket-encryption: the encryption rule of bucket logs stays, since the stack still declares one for it",
            "bucket-encryption: warning: bucket logs had no rule before this stack, but the new resource for the bucket has another `previousRule`: " +
                "deleting the new resource will restore AES256. To rename a resource, give the new one the option `aliases` with the old name; to replace one, set `deleteBeforeReplace`",
        ]);
    });

    it("fail without a request when they cannot share what they declare", async () => {
        const [one, other] = [await instance(), await instance()];
        await one.check({}, declared);
        await one.create(declared);
        const [folder = ""] = readdirSync(temporary).map((name) => path.join(temporary, name));
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "a file in place of the folder");
        cloud.journal.clear();
        const refusal = (work: Promise<unknown>) =>
            work.then(
                () => "not refused",
                ({ message }: Error) => message,
            );
        const refused = [
            await refusal(one.check({}, declared)),
            await refusal(other.check({}, declared)),
            await refusal(one.delete("logs", declared)),
            await refusal(other.delete("logs", declared)),
        ];
        for (const message of refused) expect(message).to.match(/^The folder .+ cannot be used: E/);
        expect(cloud.journal.entries()).to.deep.equal([]);
        expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
    });
});
