import { expect } from "chai";
import { bucketEncryptionSetType } from "../../lib/declaration";
import { expectedAccounts, keepRuleOnDelete } from "../../lib/policy";
import { type Declared, ossEncryption, ours, PolicyUnderTest, s3Encryption, unknownText } from "./judged-resources";

describe("the policy keep-rule-on-delete", () => {
    const declared = (more: object, opts?: Declared["opts"]): Declared => ({
        type: ours,
        props: { bucket: "logs", sseAlgorithm: "KMS", ...more },
        ...(opts === undefined ? {} : { opts }),
    });
    const inProduction = new PolicyUnderTest(keepRuleOnDelete(), {}, "payments-prod");

    it("rejects a deletion of the rule, also by default", async () => {
        const text =
            'deleting this resource deletes the bucket\'s rule, in a protected stack; set onDelete to "retain" or "restore"';
        for (const more of [{}, { onDelete: "remove" }])
            expect((await inProduction.judge(declared(more))).violations).to.deep.equal([text]);
        for (const onDelete of ["retain", "restore"])
            expect((await inProduction.judge(declared({ onDelete }))).violations).to.deep.equal([]);
    });

    it("holds in the protected stacks only", async () => {
        const violated = async (stack: string, config: object = {}) =>
            (await new PolicyUnderTest(keepRuleOnDelete(), config, stack).judge(declared({}))).violations.length > 0;
        for (const stack of ["prod", "prod-eu", "payments-prod", "production", "production-1", "eu-production"])
            expect(await violated(stack), stack).to.equal(true);
        for (const stack of ["dev", "product", "reproduction"]) expect(await violated(stack), stack).to.equal(false);
        expect(await violated("dev", { stacks: ["d*"] })).to.equal(true);
        expect(await violated("prod", { stacks: ["live"] })).to.equal(false);
    });

    it("accepts protected resources, and resources without onDelete", async () => {
        expect((await inProduction.judge(declared({}, { protect: true }))).violations).to.deep.equal([]);
        expect((await inProduction.judge({ type: ossEncryption, props: { bucket: "b" } })).violations).to.deep.equal(
            [],
        );
    });

    it("rejects a protected set from which a bucket can leave without its rule", async () => {
        const set = (more: object): Declared => ({
            ...declared(more, { protect: true }),
            type: bucketEncryptionSetType,
        });
        expect((await inProduction.judge(set({ onDelete: "remove" }))).violations).to.deep.equal([
            'a bucket that leaves this set loses its rule, in a protected stack; set onDelete to "retain" or "restore"',
        ]);
        expect((await inProduction.judge(set({}))).violations).to.deep.equal([]);
    });

    it("leaves an unknown onDelete to the deployment", async () => {
        expect((await inProduction.judge(declared({ onDelete: unknownText }))).warning).to.contain(
            "onDelete is not known yet",
        );
    });

    it("sets retain, or another allowed value", async () => {
        expect(await inProduction.remediate(declared({ onDelete: "remove" }))).to.deep.include({ onDelete: "retain" });
        expect(await inProduction.remediate(declared({ onDelete: "restore" }))).to.equal(undefined);
        const restoring = new PolicyUnderTest(keepRuleOnDelete(), { allowed: ["restore"] }, "prod");
        expect(await restoring.remediate(declared({ onDelete: "retain" }))).to.deep.include({ onDelete: "restore" });
    });
});

describe("the policy expected-accounts", () => {
    const accounts = ["1000000000000001", "1000000000000002"];
    const policy = new PolicyUnderTest(expectedAccounts(), { accounts });
    const declared = (account?: object, provider?: Declared["provider"]): Declared => ({
        type: ours,
        props: { bucket: "logs", sseAlgorithm: "KMS", ...(account === undefined ? {} : { account }) },
        ...(provider === undefined ? {} : { provider }),
    });
    const violations = async (resource: Declared) => (await policy.judge(resource)).violations;

    it("checks nothing until expected accounts are configured", async () => {
        expect((await new PolicyUnderTest(expectedAccounts()).judge(declared({ id: "3" }))).violations).to.deep.equal(
            [],
        );
    });

    it("accepts an expected account, and rejects any other", async () => {
        expect(await violations(declared({ id: "1000000000000001" }))).to.deep.equal([]);
        expect(await violations(declared({ id: "3000000000000003" }))).to.deep.equal([
            "account.id is 3000000000000003, which is none of the expected accounts: 1000000000000001, 1000000000000002",
        ]);
    });

    it("reads the account of a role, also where the id differs", async () => {
        const roleArn = "acs:ram::3000000000000003:role/encryption-admin";
        expect(await violations(declared({ roleArn: "acs:ram::1000000000000002:role/x" }))).to.deep.equal([]);
        expect(await violations(declared({ id: "1000000000000001", roleArn }))).to.deep.equal([
            "account.roleArn is 3000000000000003, which is none of the expected accounts: 1000000000000001, 1000000000000002",
        ]);
    });

    it("uses the stack's configuration where the resource names no account", async () => {
        // A number where `pulumi config set` took it for one, and JSON as an engine hands objects on.
        const provider = (id: string | number) => ({
            type: "pulumi:providers:pulumi-nodejs",
            props: { "bucket-encryption:account": JSON.stringify({ id }) },
        });
        expect(await violations(declared(undefined, provider(1000000000000001)))).to.deep.equal([]);
        expect(await violations(declared(undefined, provider("1000000000000001")))).to.deep.equal([]);
        expect(await violations(declared(undefined, provider("3000000000000003")))).to.have.length(1);
        expect(await violations(declared({ id: "1000000000000001" }, provider("3000000000000003")))).to.deep.equal([]);
    });

    it("uses the account of the plugin's provider where the resource names no account", async () => {
        const provider = (account: unknown) => ({ type: "pulumi:providers:bucket-encryption", props: { account } });
        for (const form of [(account: object) => account, JSON.stringify]) {
            expect(await violations(declared(undefined, provider(form({ id: "1000000000000001" }))))).to.deep.equal([]);
            expect(await violations(declared(undefined, provider(form({ id: "3000000000000003" }))))).to.deep.equal([
                "the provider's account is 3000000000000003, which is none of the expected accounts: 1000000000000001, 1000000000000002",
            ]);
        }
        expect((await policy.judge(declared(undefined, provider(unknownText)))).warning).to.contain(
            "the provider's account is not known yet",
        );
    });

    it("rejects a resource that names no account, unless it may", async () => {
        expect(await violations(declared())).to.deep.equal([
            "it names no account, and only these are expected: 1000000000000001, 1000000000000002; set account.id, or the provider's account",
        ]);
        const lenient = new PolicyUnderTest(expectedAccounts(), { accounts, requireDeclared: false });
        expect((await lenient.judge(declared())).violations).to.deep.equal([]);
    });

    it("leaves an unknown account to the deployment", async () => {
        expect((await policy.judge(declared({ id: unknownText }))).warning).to.contain("account.id is not known yet");
    });

    it("reads the providers of Alibaba Cloud, whose nested settings are JSON", async () => {
        const at = (props: Record<string, unknown>): Declared => ({
            type: ossEncryption,
            props: { bucket: "logs", sseAlgorithm: "KMS" },
            provider: { type: "pulumi:providers:alicloud", props },
        });
        const assumeRole = JSON.stringify({ roleArn: "acs:ram::3000000000000003:role/x" });
        expect(await violations(at({ accountId: "1000000000000001" }))).to.deep.equal([]);
        expect(await violations(at({ accountId: "1000000000000001", assumeRole }))).to.deep.equal([
            "the provider's role is 3000000000000003, which is none of the expected accounts: 1000000000000001, 1000000000000002",
        ]);
        expect(await violations(at({ region: "cn-hangzhou" }))).to.have.length(1);
    });

    it("reads the guards of AWS: the expected owner, the provider's accounts and its last role", async () => {
        const at = (props: Record<string, unknown>, more: object = {}): Declared => ({
            type: s3Encryption,
            props: { bucket: "logs", ...more },
            provider: { type: "pulumi:providers:aws", props },
        });
        expect(await violations(at({ allowedAccountIds: JSON.stringify(["1000000000000001"]) }))).to.deep.equal([]);
        expect(await violations(at({ allowedAccountIds: ["1000000000000001", "3000000000000003"] }))).to.have.length(1);
        expect(await violations(at({}, { expectedBucketOwner: "3000000000000003" }))).to.have.length(1);
        const roles = [
            { roleArn: "arn:aws:iam::3000000000000003:role/a" },
            { roleArn: "arn:aws:iam::1000000000000001:role/b" },
        ];
        expect(await violations(at({ assumeRoles: JSON.stringify(roles) }))).to.deep.equal([]);
        expect((await policy.judge(at({ assumeRoles: unknownText }))).warning).to.contain(
            "the provider's role is not known",
        );
        expect((await policy.judge(at({ allowedAccountIds: unknownText }))).warning).to.contain(
            "allowedAccountIds is not known",
        );
    });
});
