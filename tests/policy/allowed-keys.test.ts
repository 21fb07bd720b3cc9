import { expect } from "chai";
import { allowedKeys, type KeyCondition, type KnownKey } from "../../lib/policy";
import { type Declared, kmsKey, ossBucket, ours, PolicyUnderTest, s3Encryption, unknownText } from "./judged-resources";

const id = "key-hzz65f0a1b2c3d4e5f6a7";
const arn = `acs:kms:cn-hangzhou:1000000000000001:key/${id}`;
const withKey = (kmsMasterKeyId: string, more: Partial<Declared> & { props?: object } = {}): Declared => ({
    type: ours,
    name: "logs",
    ...more,
    props: { bucket: "logs", sseAlgorithm: "KMS", kmsMasterKeyId, ...more.props },
});

async function judge(
    resources: Declared | readonly Declared[],
    allowed: readonly KeyCondition[],
    knownKeys: readonly KnownKey[] = [],
) {
    const policy = new PolicyUnderTest(allowedKeys(), { allowed, knownKeys });
    return policy.judgeStack(Array.isArray(resources) ? resources : [resources as Declared]);
}

const isNone = ["logs: the key …f6a7 is none of the allowed keys"];

describe("the policy allowed-keys", () => {
    it("checks nothing until allowed keys are configured", async () => {
        expect(await judge(withKey(arn), [])).to.deep.equal({ violations: [] });
    });

    for (const [by, fits, doesNot] of [
        ["account", { account: "1000000000000001" }, { account: "1000000000000002" }],
        ["region", { region: "cn-*" }, { region: "ap-*" }],
        ["id", { id }, { id: "key-other" }],
        ["all of them", { account: "1*", region: "cn-hangzhou", id }, { account: "1*", region: "cn-beijing", id }],
    ] as const) {
        it(`judges a key by ${by} in its ARN`, async () => {
            expect(await judge(withKey(arn), [fits])).to.deep.equal({ violations: [] });
            expect(await judge(withKey(arn), [{ id: "key-unused" }, fits])).to.deep.equal({ violations: [] });
            expect((await judge(withKey(arn), [doesNot])).violations).to.deep.equal(isNone);
        });
    }

    it("judges an alias by its pattern", async () => {
        expect(await judge(withKey("alias/prod-logs"), [{ alias: "alias/prod-*" }])).to.deep.equal({ violations: [] });
        expect((await judge(withKey("alias/dev-logs"), [{ alias: "alias/prod-*" }])).violations).to.deep.equal([
            "logs: the key is none of the allowed keys",
        ]);
    });

    it("uses the facts in the list of known keys", async () => {
        const known = [{ id, account: "1000000000000001", aliases: ["alias/logs"], tags: { owner: "security" } }];
        for (const condition of [{ alias: "alias/logs" }, { account: "1000000000000001" }, { tags: { owner: "*" } }])
            expect(await judge(withKey(id), [condition], known), JSON.stringify(condition)).to.deep.equal({
                violations: [],
            });
        expect(await judge(withKey("alias/logs"), [{ id }], known)).to.deep.equal({ violations: [] });
        expect((await judge(withKey(id), [{ tags: { owner: "finance" } }], known)).violations).to.deep.equal(isNone);
        expect((await judge(withKey(id), [{ tags: { cost: "*" } }], known)).violations).to.deep.equal(isNone);
    });

    it("does not use facts of a known key of another account than the ARN's", async () => {
        const known = [{ id, account: "2000000000000002", tags: { owner: "security" } }];
        expect((await judge(withKey(arn), [{ tags: { owner: "security" } }], known)).violations[0]).to.contain(
            "cannot be checked",
        );
    });

    it("takes the region from the bucket, and the account from the declaration", async () => {
        const place = { props: { region: "cn-hangzhou", account: { id: "1000000000000001" } } };
        expect(await judge(withKey(id, place), [{ account: "1000000000000001", region: "cn-hangzhou" }])).to.deep.equal(
            {
                violations: [],
            },
        );
    });

    it("rejects a key whose facts are not known", async () => {
        expect(
            (await judge(withKey(id), [{ account: "1000000000000001", tags: { owner: "x" } }])).violations,
        ).to.deep.equal([
            "logs: the key …f6a7 cannot be checked without its account, tag owner; name the key by its ARN, or list it in knownKeys",
        ]);
    });

    it("judges a key that the stack creates by its tags, before it has an id", async () => {
        const key = (tags: object): Declared => ({ type: kmsKey, name: "key", props: { tags } });
        const bucket = withKey(unknownText, { dependencies: { kmsMasterKeyId: ["key"] } });
        const allowed = [{ tags: { owner: "security" } }];
        expect(await judge([key({ owner: "security" }), bucket], allowed)).to.deep.equal({ violations: [] });
        expect((await judge([key({ owner: "finance" }), bucket], allowed)).violations).to.deep.equal([
            "logs: the key is none of the allowed keys",
        ]);
        expect((await judge([key({ owner: unknownText }), bucket], allowed)).warning).to.match(
            /^decided at deployment: kmsMasterKeyId/,
        );
        const inline: Declared = {
            type: ossBucket,
            name: "logs",
            props: { serverSideEncryptionRule: { sseAlgorithm: "KMS", kmsMasterKeyId: unknownText } },
            dependencies: { serverSideEncryptionRule: ["key"] },
        };
        expect(await judge([key({ owner: "security" }), inline], allowed)).to.deep.equal({ violations: [] });
    });

    it("leaves an unknown key to the deployment", async () => {
        expect(await judge(withKey(unknownText), [{ id }])).to.deep.equal({
            violations: [],
            warning:
                "decided at deployment: kmsMasterKeyId is not known yet, so this preview cannot determine whether the key is allowed",
        });
    });

    it("ignores rules without a given key", async () => {
        for (const props of [
            { sseAlgorithm: "SM4" },
            { sseAlgorithm: "KMS" },
            { sseAlgorithm: "KMS", kmsMasterKeyId: "alias/acs/oss" },
        ])
            expect(await judge({ type: ours, props }, [{ id }])).to.deep.equal({ violations: [] });
    });

    it("judges ARNs of AWS in the same way", async () => {
        const name = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234";
        const resource: Declared = {
            type: s3Encryption,
            name: "logs",
            props: {
                bucket: "logs",
                rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: name } }],
            },
        };
        expect(await judge(resource, [{ account: "123456789012", region: "eu-*", id: "12345678-1234" }])).to.deep.equal(
            { violations: [] },
        );
        expect((await judge(resource, [{ account: "210987654321" }])).violations).to.have.length(1);
    });

    it("shows at most the last four characters of a key, and nothing of its ARN", async () => {
        const { violations } = await judge(withKey(arn), [{ account: "2000000000000002" }]);
        expect(violations.join())
            .to.include("the key …f6a7 is none of the allowed keys")
            .and.not.to.match(/hangzhou|1000000000000001|65f0a1b2/);
    });
});
