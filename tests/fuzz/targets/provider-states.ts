import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { credentialChain } from "../../../lib/accounts";
import { credentialPlaces } from "../../../lib/accounts/credential-places";
import { packColumns, packMembers, UnfinishedResource, unpackColumns } from "../../../lib/declaration";
import { packNames } from "../../../lib/declaration/set/compact-table";
import { LocalCloud } from "../../../lib/local-cloud";
import { newProviderProcess, newResource, newSetResource } from "../../../lib/provider";
import { OneResourceStack } from "../../pulumi/one-resource-stack";
import { type FuzzReader, type FuzzTarget, newFolder, propertiesOf, removeFolder } from "../fuzz-target";

const names = ["logs", "photos", "audit"];
const configuration = (endpoint: string): Record<string, string> => ({
    endpoint,
    region: "cn-hangzhou",
    accessKeyId: "local-key-id",
    accessKeySecret: "local-key-secret",
});
const declared = {
    each: {
        bucket: "logs",
        sseAlgorithm: "KMS",
        kmsMasterKeyId: "key-1",
        existingRule: "overwrite",
        onDelete: "restore",
    },
    set: {
        members: packMembers(new Map(names.map((name, index) => [name, index === 0 ? { region: "cn-hangzhou" } : {}]))),
        overrides: { photos: { sseAlgorithm: "SM4" } },
        sseAlgorithm: "AES256",
        existingRule: "overwrite",
        onDelete: "restore",
    },
};

async function withCloud<T>(work: (cloud: LocalCloud) => Promise<T>): Promise<T> {
    const cloud = await LocalCloud.start();
    try {
        for (const name of names) cloud.createBucket({ name });
        return await work(cloud);
    } finally {
        await cloud.stop();
    }
}

/** The state that a deployment of this kind leaves. */
const stateOf = (kind: "each" | "set"): Promise<readonly string[]> =>
    withCloud(async (cloud) => {
        const stack = new OneResourceStack(kind, configuration(cloud.url));
        await stack.up(declared[kind]);
        return [JSON.stringify(stack.kept?.outputs), JSON.stringify(stack.kept?.inputs)];
    });

/** Every verb of the provider on a resource whose state is the input. */
async function openStates(kind: "each" | "set"): Promise<FuzzReader> {
    const cloud = await LocalCloud.start();
    return {
        async read(input) {
            const state = propertiesOf(input);
            if (state === undefined) return;
            for (const name of cloud.bucketNames()) cloud.deleteBucket(name);
            for (const name of names) cloud.createBucket({ name, encryption: { sseAlgorithm: "AES256" } });
            const settings = configuration(cloud.url);
            const verbs: ((resource: ReturnType<typeof newResource>) => unknown)[] = [
                (resource) => resource.diff(state, { ...declared[kind] } as never),
                (resource) => resource.read("logs", state),
                (resource) => resource.check(state as never, { ...declared[kind] } as never, true, undefined),
                (resource) => resource.update(state, { ...declared[kind] } as never),
                (resource) => resource.delete("logs", state),
            ];
            for (const verb of verbs) {
                const host = newProviderProcess({ cancelled: new AbortController().signal });
                host.configure({
                    get: (key: string) => settings[key.replace(/^bucket-encryption:/, "")],
                    keys: () => Object.keys(settings),
                } as never);
                // What a provider prints is not for this output.
                const { log } = console;
                console.log = () => {};
                const resource = (kind === "each" ? newResource(host) : newSetResource(host)) as ReturnType<
                    typeof newResource
                >;
                try {
                    await verb(resource);
                } catch (error) {
                    if (!(error instanceof UnfinishedResource)) throw error;
                } finally {
                    console.log = log;
                }
            }
        },
        close: () => cloud.stop(),
    };
}

/** States of this package's resources, and files with credentials. */
export const providerStates: readonly FuzzTarget[] = [
    { name: "resource-state", samples: () => stateOf("each"), open: () => openStates("each") },
    { name: "set-state", samples: () => stateOf("set"), open: () => openStates("set") },
    {
        name: "packed-table",
        samples: () => {
            const table = new Map(
                names.map((name, index) => [name, { rule: index, region: index === 1 ? undefined : "cn-hangzhou" }]),
            );
            void packNames(names);
            return [inflated(packColumns(table, ["rule", "region"]))];
        },
        open: () => ({ read: (input) => unpackColumns(names, deflateRawSync(input).toString("base64")) }),
    },
    {
        name: "cli-profiles",
        samples: () => [
            JSON.stringify({
                current: "default",
                profiles: [
                    {
                        name: "default",
                        mode: "AK",
                        access_key_id: "id",
                        access_key_secret: "secret",
                        region_id: "cn-hangzhou",
                    },
                    {
                        name: "token",
                        mode: "StsToken",
                        access_key_id: "id",
                        access_key_secret: "secret",
                        sts_token: "token",
                    },
                ],
                meta_path: "",
            }),
        ],
        open: () => openCredentials(".aliyun/config.json"),
    },
    {
        name: "credentials-file",
        samples: () => [
            "[default]\ntype = access_key\naccess_key_id = id\naccess_key_secret = secret\n[other]\ntype=sts\naccess_key_id=id\naccess_key_secret=secret\nsecurity_token=token\n",
        ],
        open: () => openCredentials(".alibabacloud/credentials"),
    },
];

function inflated(packed: string): string {
    const { inflateRawSync } = require("node:zlib") as typeof import("node:zlib");
    return inflateRawSync(Buffer.from(packed, "base64")).toString();
}

function openCredentials(name: string): FuzzReader {
    const folder = newFolder();
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const { HOME } = process.env;
    return {
        async read(input) {
            writeFileSync(file, input);
            process.env.HOME = folder;
            try {
                const places = credentialPlaces({ profile: "default" });
                return await credentialChain({ places }).getCredentials();
            } finally {
                if (HOME === undefined) delete process.env.HOME;
                else process.env.HOME = HOME;
            }
        },
        close: () => removeFolder(folder),
    };
}
