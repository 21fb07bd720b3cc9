import { expect } from "chai";
import { packageSchema } from "../../lib/plugin";
import { secretSettingNames, settingTable } from "../../lib/provider";
import { failureOf, secret } from "./plugin-client";
import { PluginUnderTest } from "./plugin-under-test";

const account = { id: "1000000000000001" };
const role = { ...account, roleArn: "acs:ram::1000000000000001:role/encryption-admin" };

describe("the configuration of the plugin", () => {
    let plugin: PluginUnderTest;
    beforeEach(async () => {
        plugin = await PluginUnderTest.start();
    });
    afterEach(() => plugin.stop());

    it("has one form for programs in every language", async () => {
        const ofNode = {
            account: JSON.stringify(account),
            allowedAccountIds: '["1000000000000001"]',
            s3DeletionIsSafe: "true",
            region: "cn-hangzhou",
            endpoint: "",
        };
        const ofYaml = {
            account,
            allowedAccountIds: ["1000000000000001"],
            s3DeletionIsSafe: true,
            region: "cn-hangzhou",
        };
        const canonical = { inputs: ofYaml, failures: [] };
        expect(await plugin.client.checkConfig(ofNode)).to.deep.equal(canonical);
        expect(await plugin.client.checkConfig(ofYaml)).to.deep.equal(canonical);
        expect(await plugin.client.diffConfig(ofNode, ofYaml)).to.deep.include({ changes: false, detail: {} });
    });

    it("takes what engines add to it, and keeps it", async () => {
        const added = { version: "0.1.0", pluginDownloadURL: "https://example.com/plugins" };
        expect(await plugin.client.checkConfig(added)).to.deep.equal({ inputs: added, failures: [] });
    });

    it("rejects unknown keys with the nearest one, in each form, and names no property, whose value an engine would print", async () => {
        const wrongRole = { ...role, rolArn: "x" };
        const parts = "id, profile, roleArn, externalId, sessionName, durationSeconds, policy, through, oidc";
        const failures = [
            {
                property: "",
                reason: "bucket-encryption:regoin: is not a setting; did you mean bucket-encryption:region?",
            },
            { property: "", reason: `bucket-encryption:account.rolArn: is not part of it; allowed are ${parts}` },
        ];
        for (const form of [wrongRole, JSON.stringify(wrongRole)]) {
            const answer = await plugin.client.checkConfig({ regoin: secret("cn-hangzhou"), account: form });
            expect(answer.failures).to.have.deep.members(failures).and.have.length(2);
        }
        expect((await plugin.client.checkConfig({ account: role })).failures).to.deep.equal([]);
    });

    it("rejects credentials in plain text, which a state would keep, and takes secrets", async () => {
        const { message } = await failureOf(plugin.client.configure({ accessKeyId: "id", accessKeySecret: "plain" }));
        expect(message).to.equal(
            "The provider's configuration contains bucket-encryption:accessKeySecret in plain text. Replace the credential, since others may have read it, and set the new one with `pulumi config set --secret`.",
        );
        const configured = await plugin.client.configure({ accessKeyId: "id", accessKeySecret: secret("sealed") });
        expect(configured).to.deep.include({ acceptsecrets: true, supportspreview: true, acceptresources: false });
    });

    it("is named as the provider's where a value of it is wrong, since an instance has it from the program", async () => {
        await plugin.client.configure({ region: "cn-hangzhou.example.com" });
        const { failures } = await plugin.client.resource("logs").check({ bucket: "logs", sseAlgorithm: "AES256" });
        expect(failures.map(({ reason }) => reason)).to.deep.equal([
            'region: "cn-hangzhou.example.com" is not a region id such as "cn-hangzhou" (from provider configuration bucket-encryption:region)',
        ]);
    });

    it("never replaces the provider, which would replace every resource", async () => {
        const olds = { profile: "production", region: "cn-hangzhou" };
        const diff = await plugin.client.diffConfig(olds, { region: "cn-shanghai", account });
        expect(diff).to.deep.equal({
            changes: true,
            replaces: [],
            deleteBeforeReplace: false,
            detail: { profile: "delete", region: "update", account: "add" },
        });
    });

    it("says how to deploy a changed configuration when a refresh fails with the one of the last deployment", async () => {
        plugin.cloud.createBucket({ name: "logs" });
        const declared = { bucket: "logs", sseAlgorithm: "AES256" };
        const { id, state } = await plugin.client.resource("logs").create(declared);
        const client = await plugin.restart({ accessKeyId: "rotated-away" });
        const { message } = await failureOf(client.resource("logs").read(id, state, declared));
        expect(message).to.match(
            /InvalidAccessKeyId.*\. The engine reads with the configuration of the last deployment: if it has changed since, deploy it with `pulumi up --refresh --run-program`\.$/,
        );
    });

    it("is in the schema for the stack and for explicit providers, with credentials as secrets", () => {
        const { config, provider } = packageSchema("1.0.0") as {
            config: { variables: Record<string, { secret?: boolean }> };
            provider: { inputProperties: Record<string, { secret?: boolean }> };
        };
        const names = settingTable().map(({ name }) => name);
        expect(Object.keys(config.variables)).to.deep.equal(names);
        expect(Object.keys(provider.inputProperties)).to.deep.equal(names);
        const secrets = names.filter((name) => provider.inputProperties[name]?.secret === true);
        expect(secrets).to.deep.equal(secretSettingNames()).and.include("accessKeySecret");
    });
});
