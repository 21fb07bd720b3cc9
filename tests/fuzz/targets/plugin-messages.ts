import { nativeTypes, type Properties, packMembers } from "../../../lib/declaration";
import { CallFailed, secret, unknown } from "../../plugin/plugin-client";
import { PluginUnderTest } from "../../plugin/plugin-under-test";
import { Defect, defectIn, type FuzzReader, type FuzzTarget, propertiesOf } from "../fuzz-target";

const single = {
    bucket: "logs",
    sseAlgorithm: "KMS",
    kmsMasterKeyId: secret("key-1"),
    existingRule: "overwrite",
    onDelete: "restore",
};
const set = {
    members: packMembers(
        new Map([
            ["logs", {}],
            ["photos", { region: "cn-hangzhou" }],
        ]),
    ),
    buckets: ["logs", "photos"],
    overrides: { photos: { sseAlgorithm: "SM4" } },
    sseAlgorithm: "AES256",
    existingRule: "overwrite",
};

/** @param ask the calls that an engine makes with these properties */
async function openPlugin(
    ask: (plugin: PluginUnderTest, properties: Properties) => readonly (() => Promise<unknown>)[],
): Promise<FuzzReader> {
    const plugin = await PluginUnderTest.start();
    const { ALIBABA_CLOUD_STS_ENDPOINT: former } = process.env;
    process.env.ALIBABA_CLOUD_STS_ENDPOINT = plugin.cloud.url;
    return {
        async read(input) {
            const properties = propertiesOf(input);
            if (properties === undefined) return;
            const { cloud } = plugin;
            for (const name of cloud.bucketNames()) cloud.deleteBucket(name);
            for (const name of ["logs", "photos"]) cloud.createBucket({ name, encryption: { sseAlgorithm: "AES256" } });
            for (const call of ask(plugin, properties)) {
                try {
                    await call();
                } catch (error) {
                    if (!(error instanceof CallFailed)) throw error;
                    // The client of this test cannot send what is nested too deeply.
                    if (/^Request message serialization failure/.test(error.message)) continue;
                    const defect = /has a defect/.test(error.message) ? error.message : defectIn(error.message);
                    if (defect !== undefined) throw new Defect(defect);
                }
            }
        },
        async close() {
            if (former === undefined) delete process.env.ALIBABA_CLOUD_STS_ENDPOINT;
            else process.env.ALIBABA_CLOUD_STS_ENDPOINT = former;
            await plugin.stop();
        },
    };
}

const ofResource =
    (type: string, declared: Properties) =>
    ({ client }: PluginUnderTest, properties: Properties): (() => Promise<unknown>)[] => {
        const resource = client.resource("rule", type);
        return [
            () => resource.check(properties),
            () => resource.check(declared, properties),
            () => resource.diff("logs", properties, declared),
            () => resource.diff("logs", declared, properties, ["sseAlgorithm"]),
            () => resource.create(properties, true),
            () => resource.read("logs", properties, properties),
            () => resource.update("logs", properties, declared, properties),
            () => resource.delete("logs", properties),
        ];
    };

/** What engines send to the plugin. */
export const pluginMessages: readonly FuzzTarget[] = [
    {
        name: "plugin-configuration",
        samples: () => [
            JSON.stringify({
                endpoint: "http://127.0.0.1:1",
                region: "cn-hangzhou",
                accessKeyId: "id",
                accessKeySecret: secret("secret"),
                account: JSON.stringify({ id: "1000000000000001", roleArn: "acs:ram::1000000000000001:role/x" }),
                allowedAccountIds: '["1000000000000001"]',
                version: "1.0.0",
            }),
            JSON.stringify({
                account: { id: "1000000000000001", through: [{ roleArn: "acs:ram::1000000000000001:role/x" }] },
                region: unknown,
            }),
        ],
        open: () =>
            openPlugin((plugin, properties) => [
                () => plugin.client.checkConfig(properties, plugin.settings),
                () => plugin.client.diffConfig(properties, plugin.settings),
                () => plugin.client.configure(properties),
                () => plugin.client.configure(plugin.settings),
            ]),
    },
    {
        name: "plugin-resource",
        samples: () => [
            JSON.stringify(single),
            JSON.stringify({
                ...single,
                kmsMasterKeyId: unknown,
                previousRule: { sseAlgorithm: "SM4" },
                unconfirmed: true,
            }),
        ],
        open: () => openPlugin(ofResource(nativeTypes.bucketEncryption, single)),
    },
    {
        name: "plugin-set",
        samples: () => [JSON.stringify(set)],
        open: () => openPlugin(ofResource(nativeTypes.bucketEncryptionSet, set)),
    },
];
