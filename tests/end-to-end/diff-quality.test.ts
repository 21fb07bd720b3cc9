import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { skipBecause } from "../skip-because";
import { BucketStack, type Declarations } from "../stacks/bucket-stack";

const key = "key-hzz65f0a1b2c3d4e5f6a7";
/** Each kind of rule, the two names for a key, a secret key, and what a preview cannot know. */
const rules: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    aes: { sseAlgorithm: "AES256" },
    sm4: { sseAlgorithm: "SM4" },
    kms: { sseAlgorithm: "KMS" },
    kmssm4: { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" },
    cmk: { sseAlgorithm: "KMS", kmsMasterKeyId: key },
    cmksm4: { sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" },
    other: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5other" },
    secret: { sseAlgorithm: "KMS", kmsMasterKeyId: "secret:key-that-is-secret" },
};
const targets = { ...rules, unknown: { sseAlgorithm: "KMS", kmsMasterKeyId: "output:fresh" } };
const settings = {
    restore: { onDelete: "restore" },
    written: { onDelete: "remove", forceDelete: "", existingRule: "adopt" },
};

const properties = ["sseAlgorithm", "kmsMasterKeyId", "kmsDataEncryption"] as const;

/** What the engines' displays show of a change: `+`, `-` or `~` with the property's name. */
function expectedDiff(from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>): string[] {
    return properties
        .filter((name) => from[name] !== to[name])
        .map((name) => `${from[name] === undefined ? "+" : to[name] === undefined ? "-" : "~"}${name}`)
        .sort();
}

/** Reads `+kmsDataEncryption,kmsMasterKeyId~sseAlgorithm`: names after a sign share it. */
function diffNames(diff: string): string[] {
    const groups = [...diff.matchAll(/([+~-])([A-Za-z_,]+)/g)];
    return groups
        .flatMap(([, sign, names = ""]) =>
            names
                .split(",")
                .filter((name) => name !== "")
                .map((name) => `${sign}${name}`),
        )
        .sort();
}

const pairs = Object.keys(rules).flatMap((from) => Object.keys(targets).map((to) => [from, to] as const));
const bucketOf = (from: string, to: string) => `from-${from}-to-${to}`;

describe("a preview of changes", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    before(async function () {
        this.timeout(120_000);
        cloud = await LocalCloud.start({ isStrict: true });
        const all: Record<string, Record<string, string>> = {};
        for (const [from, to] of pairs) all[bucketOf(from, to)] = { bucket: bucketOf(from, to), ...rules[from] };
        for (const name of Object.keys(settings)) all[name] = { bucket: `setting-${name}`, sseAlgorithm: "SM4" };
        for (const { bucket = "" } of Object.values(all)) cloud.createBucket({ name: bucket });
        cloud.createBucket({ name: "made-afresh" });
        stack = await new BucketStack(cloud).start();
        await stack.declare(all).deploy();
        const changed: Record<string, Record<string, string>> = {
            fresh: { bucket: "made-afresh", sseAlgorithm: "AES256" },
        };
        for (const [from, to] of pairs) {
            changed[bucketOf(from, to)] = { bucket: bucketOf(from, to), ...targets[to as keyof typeof targets] };
        }
        for (const [name, more] of Object.entries(settings))
            changed[name] = { ...all[name], ...more } as Record<string, string>;
        stack.declare(changed as Declarations);
    });
    after(async () => {
        stack.remove();
        await cloud.stop();
    });

    async function expectExactDiffs(): Promise<void> {
        const output = await stack.succeed("preview");
        const shown = Object.fromEntries(
            [...output.matchAll(/BucketEncryption (\S+)\s+update \[diff: ([^\]]+)\]/g)].map(([, name, diff = ""]) => [
                name,
                diffNames(diff),
            ]),
        );
        const expected: Record<string, string[]> = { restore: ["+onDelete"] };
        for (const [from, to] of pairs) {
            const diff = expectedDiff(rules[from] ?? {}, targets[to as keyof typeof targets] ?? {});
            if (diff.length > 0) expected[bucketOf(from, to)] = diff;
        }
        expect(shown).to.deep.equal(expected);
        expect(output).not.to.include("key-that-is-secret");
        const unchanged = pairs.length + Object.keys(settings).length + 1 - Object.keys(expected).length;
        expect(output).to.match(new RegExp(`\\b${unchanged} unchanged`));
    }

    it("shows exactly the properties that differ, for every pair of rules, with unknowns and secrets", async () => {
        await expectExactDiffs();
    }).timeout(120_000);

    it("shows the same with the pulumi command, where this machine has it", async function () {
        if (!stack.useRealEngine()) skipBecause(this, "there is no pulumi on the PATH");
        await expectExactDiffs();
    }).timeout(120_000);
});
