import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { handlerText, UnfinishedResource } from "../../lib/declaration";
import { UserError } from "../../lib/errors";
import { hostError } from "../../lib/pulumi/host-error";
import { bucketEncryptionProvider } from "../../lib/pulumi/provider";

const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const declared = { bucket: "example-logs", sseAlgorithm: "AES256", region: "cn-hangzhou" };

describe("the handler text", () => {
    it("is the one in every state that was ever written", () => {
        expect(handlerText).to.equal(
            'exports.handler = () => require("pulumi-bucket-encryption/provider").bucketEncryptionProvider();',
        );
    });

    it("leads to a provider with every operation, as the provider host evaluates it", () => {
        // The host compiles the text as a module without a file, which sees the packages of the current folder.
        const exports: { handler?: () => Record<string, unknown> } = {};
        new Function("exports", "require", handlerText)(exports, require);
        const provider = exports.handler?.() ?? {};
        for (const operation of ["configure", "check", "diff", "create", "read", "update", "delete"]) {
            expect(provider[operation], operation).to.be.a("function");
        }
    });
});

describe("the provider", () => {
    it("answers a check with one failure for each fault", async () => {
        const news = { ...declared, sseAlgorithm: "aes-256", kmsMasterKeyId: "key-1", __provider: handlerText };
        const { failures } = (await bucketEncryptionProvider().check?.({}, news)) ?? {};
        expect(failures).to.deep.equal([
            {
                property: "",
                reason: 'sseAlgorithm: "aes-256" is not one of "AES256", "KMS", "SM4"; did you mean "AES256"?',
            },
            {
                property: "",
                reason: 'kmsMasterKeyId: is only allowed with sseAlgorithm "KMS", not with "aes-256"; remove it, or set sseAlgorithm to "KMS"',
            },
        ]);
    });

    it("answers a check of a bucket of S3 by what S3 has, without loading more than that takes", async () => {
        const news = { bucket: "logs", store: "s3", sseAlgorithm: "SM4", kmsDataEncryption: "SM4", verifyKey: true };
        const { failures } = (await bucketEncryptionProvider().check?.({}, news)) ?? {};
        expect(failures?.map(({ reason }) => reason)).to.deep.equal([
            'sseAlgorithm: "SM4" is not one of "AES256", "KMS", "KMS_DSSE", which this kind of store has',
            'kmsDataEncryption: is not supported by the store "s3"; remove it',
            'verifyKey: cannot be true, since keys of the store "s3" cannot be looked up; remove it',
        ]);
        const alibaba = {
            bucket: "logs",
            store: "s3",
            sseAlgorithm: "KMS",
            endpoint: "s3.oss-cn-hangzhou.aliyuncs.com",
        };
        const [refused] = (await bucketEncryptionProvider().check?.({}, alibaba))?.failures ?? [];
        expect(refused?.reason).to.include("offers no bucket encryption over the S3 API");
        const foreign = { ...declared, forcePathStyle: true, bucketKeyEnabled: true, deletionIsSafe: false };
        const { failures: ofOss = [] } = (await bucketEncryptionProvider().check?.({}, foreign)) ?? {};
        expect(ofOss.map(({ reason }) => reason.split(":")[0])).to.have.members([
            "forcePathStyle",
            "bucketKeyEnabled",
            "deletionIsSafe",
        ]);
    });

    it("loads of S3 only what describes it where all buckets are OSS's, and the AWS SDK only with the first request to S3", () => {
        const loaded = (store: string, work: string) => {
            const script = `
                const provider = require("./dist/pulumi/provider").bucketEncryptionProvider();
                const declared = { bucket: "logs", sseAlgorithm: "AES256", region: "cn-hangzhou", store: "oss" };
                const state = { ...declared, endpoint: "http://127.0.0.1:1" };
                Promise.resolve(${work}).then(() => {
                    const files = Object.keys(require.cache);
                    const count = (shape) => files.filter((file) => shape.test(file)).length;
                    console.log(count(/stores.s3/), count(/@aws-sdk|@smithy/));
                    process.exit();
                });`.replaceAll('"oss"', `"${store}"`);
            const region = store === "oss" ? {} : { AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s" };
            const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: "k", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "s" };
            const env = { ...process.env, ...region, ...keys };
            return execFileSync(process.execPath, ["-e", script], { encoding: "utf8", env })
                .trim()
                .split(" ")
                .map(Number);
        };
        const reading = 'provider.read("logs", state).catch(() => undefined)';
        expect(loaded("oss", reading)).to.deep.equal([1, 0]);
        const [ours, sdk] = loaded("s3", "provider.diff('logs', state, state)") as [number, number];
        expect(ours).to.be.lessThan(6);
        expect(sdk).to.equal(0);
        expect(
            (loaded("s3", reading.replace("state)", "{ ...state, region: undefined })")) as [number, number])[1],
        ).to.be.greaterThan(5);
    });

    it("loads nothing of sets and of lists of buckets before the first set", () => {
        const loaded = (work: string) => {
            const script = `
                const host = require("./dist/pulumi/provider");
                ${work};
                const files = Object.keys(require.cache).filter((file) => /lifecycle.set|set-resource|directory/.test(file));
                console.log(files.map((file) => file.replace(/.*dist./, "")).join(" "));`;
            return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
        };
        expect(loaded("host.bucketEncryptionProvider()")).to.equal("");
        expect(loaded("host.bucketEncryptionSetProvider()")).to.include("set-resource.js");
    });

    it("passes on values that a preview does not know, in check and in diff", async () => {
        const provider = bucketEncryptionProvider();
        const news = { ...declared, sseAlgorithm: "KMS", kmsMasterKeyId: unknownSentinel, __provider: handlerText };
        const { inputs, failures } = (await provider.check?.({}, news)) ?? {};
        expect(failures).to.deep.equal([]);
        expect(inputs).to.deep.equal({ ...declared, sseAlgorithm: "KMS", kmsMasterKeyId: unknownSentinel });
        expect(await provider.diff?.("example-logs", { ...declared, sseAlgorithm: "KMS" }, inputs ?? {})).to.deep.equal(
            {
                changes: true,
                replaces: [],
            },
        );
    });

    it("ignores the handler text of every version", async () => {
        const olds = { ...declared, __provider: "exports.handler = 1;" };
        const news = { ...declared, __provider: handlerText };
        expect(await bucketEncryptionProvider().diff?.("example-logs", olds, news)).to.deep.equal({
            changes: false,
            replaces: [],
        });
    });
});

describe("an unfinished write, for the provider host", () => {
    it("is a partial failure with everything that the state needs", () => {
        const cause = new UserError("not-converged", "It does not show", { bucket: "b" });
        const state = { bucket: "b", sseAlgorithm: "AES256", unconfirmed: true };
        const shown = hostError(new UnfinishedResource(cause, state, "b"), { __provider: handlerText });
        expect(shown).to.include({ id: "b", message: cause.message });
        expect(shown).to.have.deep.property("properties", { ...state, __provider: handlerText });
        expect(shown).to.have.deep.property("reasons", [cause.message]);
    });
});

describe("an error for the provider host", () => {
    it("shows the message once, and no stack trace", () => {
        const shown = hostError(new UserError("invalid-target", "The region is none", { bucket: "b" })) as Error;
        const printed: string[] = [];
        const { write } = process.stderr;
        process.stderr.write = (chunk: string | Uint8Array) => printed.push(String(chunk)) > 0;
        try {
            // As the host does (cmd/dynamic-provider/index.ts).
            console.error(`${shown}: ${shown.stack}`);
            console.error("another line");
        } finally {
            process.stderr.write = write;
        }
        expect(printed.join("")).to.equal("another line\n");
        expect(shown.message).to.equal("The region is none (bucket b). Correct the named properties.");
    });

    it("keeps the stack trace of a defect of ours", () => {
        const defect = new TypeError("x is not a function");
        expect(hostError(defect)).to.equal(defect);
    });
});
