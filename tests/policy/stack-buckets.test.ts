import { expect } from "chai";
import { everyBucketHasARule, oneOwner } from "../../lib/policy";
import {
    type Declared,
    ossBucket,
    ossEncryption,
    ours,
    PolicyUnderTest,
    s3Bucket,
    s3Encryption,
    unknownText,
} from "./judged-resources";

const rule = { sseAlgorithm: "AES256" };
const bucket = (name: string, props: object = { bucket: name }, more: Partial<Declared> = {}): Declared => ({
    type: ossBucket,
    name,
    ...more,
    props: { ...props },
});
const ourRule = (name: string, of: string, more: Partial<Declared> = {}): Declared => ({
    type: ours,
    name,
    props: { bucket: of, ...rule },
    ...more,
});
const hasNone = (name: string) =>
    `${name}: this bucket has no default encryption rule, so OSS stores new objects as they are sent; declare a rule in the bucket, or a BucketEncryption for it`;

describe("the policy every-bucket-has-a-rule", () => {
    const judge = (...resources: Declared[]) => new PolicyUnderTest(everyBucketHasARule()).judgeStack(resources);

    it("finds the rule inline, in the provider's resource, and in this package's", async () => {
        expect(await judge(bucket("a", { bucket: "a", serverSideEncryptionRule: rule }))).to.deep.equal({
            violations: [],
        });
        const separate: Declared = { type: ossEncryption, name: "r", props: { bucket: "a", ...rule } };
        expect(await judge(bucket("a"), separate)).to.deep.equal({ violations: [] });
        expect(await judge(bucket("a"), ourRule("r", "a"))).to.deep.equal({ violations: [] });
    });

    it("names every bucket without a rule", async () => {
        expect((await judge(bucket("a"), bucket("b"), ourRule("r", "b"), bucket("c"))).violations).to.deep.equal([
            hasNone("a"),
            hasNone("c"),
        ]);
    });

    it("ignores a rule of another bucket or another store", async () => {
        const s3Rule: Declared = {
            type: s3Encryption,
            name: "r",
            props: { bucket: "a", rules: [{ applyServerSideEncryptionByDefault: rule }] },
        };
        expect((await judge(bucket("a"), ourRule("r", "b"))).violations).to.deep.equal([hasNone("a")]);
        expect((await judge(bucket("a"), s3Rule)).violations).to.deep.equal([hasNone("a")]);
        expect((await judge({ type: s3Bucket, name: "a", props: { bucket: "a" } }, s3Rule)).violations).to.deep.equal(
            [],
        );
    });

    it("ignores a rule that is only in a bucket's outputs", async () => {
        const read = bucket("a", { bucket: "a" }, { outputs: { serverSideEncryptionRule: rule } });
        expect((await judge(read)).violations).to.deep.equal([hasNone("a")]);
    });

    it("ignores an inline rule in ignoreChanges", async () => {
        const ignoring = { opts: { ignoreChanges: ["serverSideEncryptionRule.sseAlgorithm"] } };
        const declared = bucket("a", { bucket: "a", serverSideEncryptionRule: rule }, ignoring);
        expect((await judge(declared)).violations).to.deep.equal([hasNone("a")]);
    });

    it("finds the bucket by the source of its name, while the name is not known", async () => {
        const unnamed = bucket("a", { bucket: unknownText });
        const dependent = ourRule("r", unknownText, { dependencies: { bucket: ["a"] } });
        expect(await judge(unnamed, dependent)).to.deep.equal({ violations: [] });
        expect((await judge(unnamed, bucket("b", { bucket: unknownText }), dependent)).violations).to.deep.equal([
            hasNone("b"),
        ]);
    });

    it("leaves a rule that could be for any bucket to the deployment", async () => {
        expect(await judge(bucket("a"), ourRule("r", unknownText))).to.deep.equal({
            violations: [],
            warning:
                "decided at deployment: the bucket of a rule in this stack is not known yet, so this preview cannot determine whether every bucket has a rule",
        });
        const inline = bucket("a", { bucket: "a", serverSideEncryptionRule: unknownText });
        expect((await judge(inline)).warning).to.contain("the bucket's rule is not known yet");
    });
});

describe("the policy one-owner", () => {
    const judge = (...resources: Declared[]) => new PolicyUnderTest(oneOwner()).judgeStack(resources);
    const isSecond = (name: string, owner: string) =>
        `${name}: ${owner} already declares the bucket's rule; two owners overwrite each other`;

    it("accepts a rule for each bucket", async () => {
        expect(
            await judge(bucket("a"), ourRule("r", "a"), bucket("b", { bucket: "b", serverSideEncryptionRule: rule })),
        ).to.deep.equal({
            violations: [],
        });
    });

    it("rejects a second declaration before it is deployed", async () => {
        const policy = new PolicyUnderTest(oneOwner());
        expect((await policy.judge(ourRule("r1", "a"))).violations).to.deep.equal([]);
        expect((await policy.judge(ourRule("r2", "a"))).violations).to.deep.equal([
            'BucketEncryption "r1" already declares the bucket\'s rule; two owners overwrite each other',
        ]);
    });

    it("judges a resource that is shown again in the same way", async () => {
        const policy = new PolicyUnderTest(oneOwner());
        for (const time of [1, 2, 3])
            expect((await policy.judge(ourRule("r1", "a"))).violations, `${time}`).to.deep.equal([]);
        expect((await policy.judge(ourRule("r2", "a"))).violations).to.have.length(1);
    });

    it("rejects every further owner once, for all types", async () => {
        const separate: Declared = { type: ossEncryption, name: "r2", props: { bucket: "a", ...rule } };
        const inline = bucket("a", { bucket: "a", serverSideEncryptionRule: rule });
        expect((await judge(inline, ourRule("r1", "a"), separate)).violations).to.deep.equal([
            isSecond("r1", 'Bucket "a"'),
            isSecond("r2", 'Bucket "a"'),
        ]);
    });

    it("accepts an inline rule in ignoreChanges beside this package's rule", async () => {
        const inline = bucket(
            "a",
            { bucket: "a", serverSideEncryptionRule: rule },
            { opts: { ignoreChanges: ["serverSideEncryptionRule"] } },
        );
        expect(await judge(inline, ourRule("r", "a"))).to.deep.equal({ violations: [] });
    });

    it("ignores the rule in a bucket's outputs that this package wrote", async () => {
        const read = bucket("a", { bucket: "a" }, { outputs: { serverSideEncryptionRule: rule } });
        expect(await judge(read, ourRule("r", "a"))).to.deep.equal({ violations: [] });
    });

    it("finds two rules of one bucket while its name is not known", async () => {
        const dependencies = { bucket: ["a"] };
        const { violations } = await judge(
            bucket("a", { bucket: unknownText }),
            ourRule("r1", unknownText, { dependencies }),
            ourRule("r2", unknownText, { dependencies }),
        );
        expect(violations).to.deep.equal([isSecond("r2", 'BucketEncryption "r1"')]);
    });

    it("leaves rules that may be for one bucket to the deployment", async () => {
        expect((await judge(ourRule("r1", "a"), ourRule("r2", unknownText))).warning).to.match(
            /^decided at deployment: the bucket of this rule is not known yet/,
        );
        expect(await judge(ourRule("r1", unknownText))).to.deep.equal({ violations: [] });
    });

    it("distinguishes buckets of one name in different S3 services", async () => {
        const at = (name: string, endpoint: string): Declared => ({
            type: ours,
            name,
            props: { bucket: "a", store: "s3", endpoint, ...rule },
        });
        expect(await judge(at("r1", "https://one.example"), at("r2", "https://two.example"))).to.deep.equal({
            violations: [],
        });
        expect((await judge(at("r1", "https://one.example"), at("r2", "one.example/"))).violations).to.have.length(1);
        expect(await judge(ourRule("r1", "a"), at("r2", "https://one.example"))).to.deep.equal({ violations: [] });
    });
});
