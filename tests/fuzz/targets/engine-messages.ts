import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { packVersion } from "../../../lib/engine/policy/policy-pack";
import { parsePackageSchema } from "../../../lib/engine/provider/package-schema";
import { locatePlugin } from "../../../lib/engine/provider/plugin-location";
import { propertiesToStruct, structToProperties } from "../../../lib/engine/values/wire-values";
import { type FuzzTarget, propertiesOf } from "../fuzz-target";
import { fromFile } from "./documents";

const root = path.join(__dirname, "..", "..", "..");
const signature = "4dabf18193072939515e22adb298388d";
const abilities = { secrets: true, resources: true, unknowns: true };

/** Messages of plugins, policy packs, programs and providers that the engine reads. */
export const engineMessages: readonly FuzzTarget[] = [
    {
        name: "package-schema",
        samples: () => [
            readFileSync(path.join(root, "plugin", "schema.json"), "utf8"),
            JSON.stringify({
                language: { nodejs: { packageName: "@acme/buckets" } },
                resources: { "acme:index:Bucket": { inputProperties: { name: { type: "string" } } } },
            }),
        ],
        open: () => ({ read: (input) => parsePackageSchema(input.toString()) }),
    },
    {
        name: "plugin-file",
        samples: () => ["runtime: nodejs\n", "runtime:\n  name: nodejs\nversion: 1.0.0\n"],
        open: fromFile(
            "PulumiPlugin.yaml",
            (_file, folder) => locatePlugin("acme", "", [{ name: "acme", version: undefined, path: folder }], {}),
            (folder) => {
                writeFileSync(path.join(folder, "package.json"), "{}");
                writeFileSync(path.join(folder, "index.js"), "");
            },
        ),
    },
    {
        name: "plugin-package",
        samples: () => ['{"name": "acme", "version": "1.0.0", "main": "bin/index.js"}'],
        open: fromFile(
            "package.json",
            (_file, folder) => locatePlugin("acme", "", [{ name: "acme", version: undefined, path: folder }], {}),
            (folder) => {
                mkdirSync(path.join(folder, "bin"));
                writeFileSync(path.join(folder, "bin", "index.js"), "");
                writeFileSync(path.join(folder, "PulumiPlugin.yaml"), "runtime: nodejs\n");
            },
        ),
    },
    {
        name: "policy-pack-file",
        samples: () => [
            "runtime: nodejs\nversion: 1.0.0\n",
            "runtime:\n  name: nodejs\ndescription: A pack\nmain: .\n",
        ],
        open: fromFile("PulumiPolicy.yaml", (_file, folder) => packVersion(folder)),
    },
    {
        name: "property-values",
        samples: () => [
            JSON.stringify({
                plain: ["text", 1, true, null, { deep: {} }],
                unknown: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
                secret: { [signature]: "1b47061264138c4ac30d75fd1eb44270", value: "x" },
                output: {
                    [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
                    value: 1,
                    secret: true,
                    dependencies: ["urn:pulumi:dev::p::t::n"],
                },
                resource: { [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:pulumi:dev::p::t::n", id: "i" },
                asset: { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "x", hash: "0" },
                archive: { [signature]: "0def7320c3a5731c473e5ecbe6d01bc7", assets: {}, hash: "0" },
            }),
        ],
        open: () => ({
            read(input) {
                const properties = propertiesOf(input);
                if (properties === undefined) return;
                const read = structToProperties(Struct.fromJavaScript(properties as never), new Map());
                propertiesToStruct(read, abilities);
            },
        }),
    },
];
