import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bucketEncryption } from "../../../lib/cli/bucket-encryption-command";
import { pulumiEmbedded } from "../../../lib/cli/pulumi-embedded-command";
import { readAccountsFile, readFaultsFile } from "../../../lib/local-cloud";
import { validateAccounts } from "../../../lib/local-cloud/configuration/accounts-validation";
import { type FuzzReader, type FuzzTarget, newFolder, removeFolder, runCommand } from "../fuzz-target";

const root = path.join(__dirname, "..", "..", "..");
const text = (...parts: string[]): string => readFileSync(path.join(root, ...parts), "utf8");

/** Reads each input from a file. @param read gets the file, and its folder */
export function fromFile(
    name: string,
    read: (file: string, folder: string) => unknown,
    prepare: (folder: string) => void = () => {},
): () => FuzzReader {
    return () => {
        const folder = newFolder();
        prepare(folder);
        const file = path.join(folder, name);
        return {
            async read(input) {
                writeFileSync(file, input);
                return await read(file, folder);
            },
            close: () => removeFolder(folder),
        };
    };
}

const states = path.join("tests", "migration", "states");
const pulumiStates = () => [
    text(states, "pulumi-3.247.0", "rules.json"),
    text(states, "pulumi-3.247.0", "buckets-and-rules.json"),
];
const terraformStates = () => [
    text(states, "terraform-1.11.4", "applied.tfstate"),
    text(states, "terraform-1.11.4", "handled.tfstate"),
];
const previews = () =>
    ["real-changes", "real-create", "real-failed", "embedded-replace"].map((name) =>
        text("tests", "review", "previews", `${name}.json`),
    );
const emptyStack = JSON.stringify({
    version: 3,
    deployment: {
        manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "v3.247.0" },
        resources: [
            { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", custom: false, type: "pulumi:pulumi:Stack" },
        ],
    },
});

const formats = ["text", "markdown", "json", "sarif", "html"];
const byLength = <Item>(items: readonly Item[], file: string): Item =>
    items[readFileSync(file).length % items.length] as Item;

/** Documents of other tools, and files that people write for the commands. */
export const documents: readonly FuzzTarget[] = [
    {
        name: "preview",
        samples: previews,
        open: fromFile("preview.json", (file, folder) =>
            runCommand(bucketEncryption, ["review", file, "--format", byLength(formats, file)], folder),
        ),
    },
    {
        name: "preview-stream",
        samples: () => [text("tests", "review", "previews", "real-changes-events.jsonl")],
        open: fromFile("preview.jsonl", (file, folder) =>
            runCommand(bucketEncryption, ["review", file, "--format", byLength(formats, file)], folder),
        ),
    },
    {
        name: "exported-state",
        samples: () => [...pulumiStates(), emptyStack],
        open: fromFile(
            "state.json",
            (file, folder) =>
                runCommand(
                    bucketEncryption,
                    [
                        "review",
                        "--from",
                        file,
                        "--to",
                        path.join(folder, "other.json"),
                        "--format",
                        byLength(formats, file),
                    ],
                    folder,
                ),
            (folder) => writeFileSync(path.join(folder, "other.json"), pulumiStates()[0] as string),
        ),
    },
    {
        name: "alicloud-state",
        samples: pulumiStates,
        open: fromFile("state.json", (file, folder) =>
            runCommand(
                bucketEncryption,
                [
                    "adopt-state",
                    file,
                    "--output",
                    path.join(folder, "out.json"),
                    "--program",
                    path.join(folder, "index.ts"),
                ],
                folder,
            ),
        ),
    },
    {
        name: "terraform-state",
        samples: terraformStates,
        open: fromFile(
            "terraform.tfstate",
            (file, folder) =>
                runCommand(
                    bucketEncryption,
                    [
                        "adopt-state",
                        file,
                        "--into",
                        path.join(folder, "into.json"),
                        "--output",
                        path.join(folder, "out.json"),
                        "--program",
                        path.join(folder, "index.ts"),
                    ],
                    folder,
                ),
            (folder) => writeFileSync(path.join(folder, "into.json"), emptyStack),
        ),
    },
    {
        name: "adopting-stack",
        samples: () => [emptyStack, ...pulumiStates()],
        open: fromFile(
            "into.json",
            (file, folder) =>
                runCommand(
                    bucketEncryption,
                    [
                        "adopt-state",
                        path.join(folder, "terraform.tfstate"),
                        "--into",
                        file,
                        "--output",
                        path.join(folder, "out.json"),
                    ],
                    folder,
                ),
            (folder) => writeFileSync(path.join(folder, "terraform.tfstate"), terraformStates()[0] as string),
        ),
    },
    {
        name: "audited-accounts",
        samples: () => [
            '- name: shop\n  id: "1000000000000003"\n  roleArn: acs:ram::1000000000000003:role/audit\n- name: sandbox\n  profile: sandbox\n',
            JSON.stringify({
                accounts: [
                    {
                        name: "a",
                        id: "1000000000000001",
                        through: [{ roleArn: "acs:ram::1:role/x", durationSeconds: 900, policy: "{}" }],
                    },
                ],
            }),
        ],
        // Without a list of states nothing is read from a network: the option after it is refused once the file was read.
        open: fromFile("accounts.yaml", (file) => {
            const { readAccountsToAudit } =
                require("../../../lib/cli/audited-accounts-file") as typeof import("../../../lib/cli/audited-accounts-file");
            const { ossStoreFamily } =
                require("../../../lib/stores/oss/oss-store-family") as typeof import("../../../lib/stores/oss/oss-store-family");
            return readAccountsToAudit(file, ossStoreFamily.account);
        }),
    },
    {
        name: "earlier-audit",
        samples: () => [
            JSON.stringify({
                version: 1,
                at: "2026-11-28T00:00:00Z",
                states: 1,
                scope: {
                    store: "oss",
                    service: "Alibaba Cloud",
                    prefix: "logs-",
                    tag: { key: "stage", value: "production" },
                },
                buckets: [
                    {
                        account: "shop",
                        bucket: "logs-1",
                        status: "encrypted",
                        rule: { text: "AES256" },
                        keyState: "Enabled",
                        findings: ["drifted"],
                    },
                ],
            }),
        ],
        open: fromFile("audit.json", (file, folder) => {
            const { readEarlierAudit } =
                require("../../../lib/cli/earlier-audit") as typeof import("../../../lib/cli/earlier-audit");
            return readEarlierAudit({ cwd: folder } as never, file);
        }),
    },
    {
        name: "import-file",
        samples: () => [
            JSON.stringify({
                nameTable: { provider: "urn:pulumi:dev::fuzz::pulumi:providers:acme::p" },
                resources: [
                    { type: "acme:index:Bucket", name: "logs", id: "logs", provider: "provider", properties: ["name"] },
                    { type: "acme:index:Group", name: "group", component: true, logicalName: "g" },
                ],
            }),
        ],
        open: fromFile("import.json", (file, folder) =>
            runCommand(pulumiEmbedded, ["import", "--file", file, "--cwd", folder, "--stack", "dev", "--yes"], folder),
        ),
    },
    {
        name: "local-cloud-accounts",
        samples: () => [
            text("examples", "multi-account", "accounts.json"),
            JSON.stringify({
                accounts: [
                    {
                        id: "1000000000000001",
                        accessKeys: [{ id: "key-id", secret: "key-secret" }],
                        roles: [{ name: "encryption-admin", trusts: ["1000000000000002"], externalId: "x" }],
                        keys: [{ id: "key-1", region: "cn-hangzhou", state: "Enabled", alias: "alias/main" }],
                        buckets: [
                            {
                                name: "photos",
                                region: "eu-central-1",
                                tags: { stage: "x" },
                                encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" },
                            },
                        ],
                    },
                ],
            }),
        ],
        open: fromFile("accounts.json", async (file) =>
            validateAccounts(await readAccountsFile(file), "The accounts file"),
        ),
    },
    {
        name: "local-cloud-faults",
        samples: () => [
            '{"faults": [{"kind": "throttle", "operation": "GetBucketEncryption", "count": 2}, {"kind": "latency", "milliseconds": 200, "probability": 0.1}, {"kind": "raw", "body": "x", "status": 200}]}',
        ],
        open: fromFile("faults.json", (file) => readFaultsFile(file)),
    },
    {
        name: "policy-configuration",
        samples: () => [text("examples", "policy", "policies.json"), text("examples", "policy", "remediate.json")],
        open: fromFile("policies.json", (file) => {
            const { readPolicyConfig } = require("../../../lib/engine") as typeof import("../../../lib/engine");
            return readPolicyConfig(file);
        }),
    },
];
