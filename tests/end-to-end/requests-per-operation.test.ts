import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { pluginSettings, projectSettings } from "../stacks/test-project";
import { TestStack } from "../stacks/test-stack";
import { S3Service } from "../stores/s3/s3-service";

/** The buckets of each way to declare a rule, with each kind of store. */
const buckets = {
    "oss dynamic": ["oss-dynamic"],
    "oss plugin": ["oss-plugin"],
    "oss set": ["oss-set-one", "oss-set-two"],
    "s3 dynamic": ["s3-dynamic"],
    "s3 plugin": ["s3-plugin"],
    "s3 set": ["s3-set-one", "s3-set-two"],
} as const;

type Way = keyof typeof buckets;

const oneReading: Readonly<Record<Way, string>> = {
    "oss dynamic": "R",
    "oss plugin": "R",
    "oss set": "R",
    "s3 dynamic": "R",
    "s3 plugin": "R",
    "s3 set": "R",
};

/**
 * The requests that each operation makes for a bucket, in order: R reads the rule, W writes it, D deletes it. An engine reads a resource of
 * the plugin before an operation on it, since the plugin asks for that. S3 replaces a whole rule, so its parts that are not declared are
 * read before a write; a deletion outside AWS reads what it is to delete.
 */
const table: readonly {
    readonly operation: string;
    readonly verb: "preview" | "up" | "refresh" | "destroy";
    readonly algorithm?: "AES256" | "KMS";
    /** The option `import` of a rule that exists, which only resources of the plugin have. */
    readonly imports?: true;
    readonly requests: Readonly<Partial<Record<Way, string>>>;
}[] = [
    {
        operation: "the preview of a creation",
        verb: "preview",
        requests: oneReading,
    },
    {
        operation: "a creation",
        verb: "up",
        requests: {
            "oss dynamic": "R W R",
            "oss plugin": "R W R",
            "oss set": "R W R",
            "s3 dynamic": "R R W R",
            "s3 plugin": "R R W R",
            "s3 set": "R R W R",
        },
    },
    { operation: "an up without a change", verb: "up", requests: { "oss plugin": "R", "s3 plugin": "R" } },
    {
        operation: "a refresh",
        verb: "refresh",
        requests: oneReading,
    },
    {
        operation: "the preview of an update",
        verb: "preview",
        algorithm: "KMS",
        requests: { "oss plugin": "R", "s3 plugin": "R" },
    },
    {
        operation: "an update",
        verb: "up",
        algorithm: "KMS",
        requests: {
            "oss dynamic": "W R",
            "oss plugin": "R W R",
            "oss set": "W R",
            "s3 dynamic": "R W R",
            "s3 plugin": "R R W R",
            "s3 set": "R W R",
        },
    },
    {
        operation: "a deletion",
        verb: "destroy",
        algorithm: "KMS",
        requests: {
            "oss dynamic": "R D",
            "oss plugin": "R R D",
            "oss set": "R D",
            "s3 dynamic": "R R D",
            "s3 plugin": "R R R D",
            "s3 set": "R R D",
        },
    },
    { operation: "an import", verb: "up", algorithm: "KMS", imports: true, requests: { "oss plugin": "R" } },
];

/** A program that declares every bucket. The names of packages are those that a user's program has. */
function program(algorithm: string, endpoint: string, imports: boolean): string {
    const at = { region: "us-east-1", endpoint, forcePathStyle: true, deletionIsSafe: true };
    return `
        const dynamic = require("pulumi-bucket-encryption");
        const native = require("pulumi-bucket-encryption/native");
        const stores = { oss: {}, ${imports ? "" : `s3: ${JSON.stringify({ store: "s3", ...at })}`} };
        for (const [store, place] of Object.entries(stores)) {
            const rule = { ...place, sseAlgorithm: ${JSON.stringify(algorithm)} };
            const of = (name) => store + "-" + name;
            const options = ${imports ? '{ import: "oss-plugin" }' : "{}"};
            new native.BucketEncryption(of("plugin"), { ...rule, bucket: of("plugin") }, options);
            if (${imports}) continue;
            new dynamic.BucketEncryption(of("dynamic"), { ...rule, bucket: of("dynamic") });
            const buckets = [of("set-one"), of("set-two")];
            new dynamic.BucketEncryptionSet(of("set"), { ...rule, buckets, onDelete: "remove" });
        }`;
}

describe("the requests of an operation", function () {
    this.timeout(120_000);
    let cloud: LocalCloud;
    let s3: S3Service;
    let stack: TestStack;
    before(async () => {
        cloud = await LocalCloud.start({ isStrict: true });
        const names = Object.values(buckets).flat();
        for (const name of names) cloud.createBucket({ name });
        const owner = "111122223333";
        s3 = await S3Service.start({
            owner,
            keys: [{ id: "key-id", secret: "key-secret", account: owner }],
            buckets: new Map(names.map((name) => [name, undefined])),
        });
        stack = new TestStack(
            "requests",
            { "Pulumi.yaml": projectSettings("requests") + pluginSettings },
            {
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
                OSS_ENDPOINT: cloud.url,
                OSS_REGION: "cn-hangzhou",
                AWS_ACCESS_KEY_ID: "key-id",
                AWS_SECRET_ACCESS_KEY: "key-secret",
            },
        );
        await stack.engine().createStack("dev");
    });
    after(async () => {
        stack.remove();
        await s3.stop();
        await cloud.stop();
    });

    for (const { operation, verb, algorithm = "AES256", imports = false, requests } of table)
        it(`are in ${operation}: ${Object.entries(requests)
            .map(([way, made]) => `${way}: ${made || "none"}`)
            .join(", ")}`, async () => {
            writeFileSync(path.join(stack.folder, "index.js"), program(algorithm, s3.url, imports));
            if (imports) cloud.setBucketRule("oss-plugin", { sseAlgorithm: algorithm });
            cloud.journal.clear();
            s3.journal.clear();
            const { result, messages } = await stack.run(verb);
            expect(result.succeeded, messages.join("\n")).to.equal(true);
            const made = [cloud, s3].flatMap(({ journal }) =>
                journal.entries().map(({ operation: name, bucket }) => `${name} ${bucket}`),
            );
            const signs: Readonly<Record<string, string>> = { Get: "R", Put: "W", Delete: "D" };
            const madeFor = (bucket: string): string =>
                made
                    .filter((request) => request.endsWith(` ${bucket}`))
                    .map((request) => request.replace(/(?:BucketEncryption)? .*/, ""))
                    .map((verb) => signs[verb] ?? verb)
                    .join(" ");
            const found = Object.entries(buckets).map(([way, names]) => [
                way,
                [...new Set(names.map(madeFor))].join(" / "),
            ]);
            expect(Object.fromEntries(found.filter(([, all]) => all !== ""))).to.deep.equal(requests);
            const known = new Set<string>(Object.values(buckets).flat());
            expect(made.filter((request) => !known.has(request.split(" ")[1] ?? ""))).to.deep.equal([]);
        });
});
