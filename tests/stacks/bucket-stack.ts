import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import path from "node:path";
import type { ResourceJson } from "../../lib/engine/state/checkpoint-format";
import type { LocalCloud } from "../../lib/local-cloud";
import { pluginSettings } from "./test-project";
import { TestStack } from "./test-stack";

/** Resources by name, with the arguments of `BucketEncryption`; a string `output:<name>` stands for that resource's id. */
export type Declarations = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

// Declares what DECLARED says. `secret:` and `output:` mark a value that is a secret, or comes from another resource.
const program = (module: string) => `
const pulumi = require("@pulumi/pulumi");
const { BucketEncryption } = require("${module}");
const made = {};
const value = (text) => {
    const [, kind, rest] = /^(secret|output):(.*)$/.exec(text) ?? [];
    return kind === "secret" ? pulumi.secret(rest) : kind === "output" ? made[rest].id : text;
};
for (const [name, { lookup, options, ...args }] of Object.entries(JSON.parse(process.env.DECLARED))) {
    const given = Object.fromEntries(Object.entries(args).map(([key, text]) => [key, value(text)]));
    made[name] = lookup ? BucketEncryption.get(name, lookup, given) : new BucketEncryption(name, given, options);
}
exports.algorithms = pulumi.all(Object.values(made).map((one) => one.sseAlgorithm));
`;

/** What serves the resources of a stack: the host of dynamic resources, or the provider plugin. */
export type ResourceKind = "dynamic" | "plugin";

export const resourceKinds: readonly ResourceKind[] = ["dynamic", "plugin"];

/** RESOURCE_KIND=plugin npx mocha tests/end-to-end/... holds the same statements against the plugin. */
const wantedKind = resourceKinds.find((kind) => kind === process.env.RESOURCE_KIND);

/** What a test declares that is about every kind of resource. */
export const kindsUnderTest: readonly ResourceKind[] = wantedKind === undefined ? resourceKinds : [wantedKind];

const modules: Record<ResourceKind, string> = {
    dynamic: "pulumi-bucket-encryption",
    plugin: "pulumi-bucket-encryption/native",
};

/** A stack whose program declares rules of buckets on a local cloud. */
export class BucketStack extends TestStack {
    readonly kind: ResourceKind;
    /** The module that has the classes of this kind. */
    readonly module: string;

    /** @param kind which classes the program uses */
    constructor(cloud: LocalCloud, kind: ResourceKind = wantedKind ?? "dynamic") {
        super(
            "test-stack",
            { "index.js": program(modules[kind]) },
            {
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
                OSS_ENDPOINT: cloud.url,
                OSS_REGION: "cn-hangzhou",
            },
        );
        this.kind = kind;
        this.module = modules[kind];
        if (kind === "plugin") appendFileSync(path.join(this.folder, "Pulumi.yaml"), pluginSettings);
        this.cli = { ...this.cli, args: ["--non-interactive", "--color", "never"] };
    }

    async start(): Promise<this> {
        await this.succeed("stack", "init", "dev");
        // The same statements are held against the real engine by TEST_ENGINE=pulumi npx mocha tests/end-to-end/...
        if (process.env.TEST_ENGINE === "pulumi" && !this.useRealEngine())
            throw new Error("There is no pulumi command on the PATH.");
        return this;
    }

    /** Continues with the pulumi command of this machine. @returns whether there is one */
    useRealEngine(): boolean {
        if (spawnSync("pulumi", ["version"]).status !== 0) return false;
        this.cli = { command: ["pulumi"], args: [...this.cli.args, "--stack", "dev"] };
        this.inProcess = false;
        return true;
    }

    declare(declarations: Declarations): this {
        this.environment = { ...this.environment, DECLARED: JSON.stringify(declarations) };
        return this;
    }

    /** Runs `up` as a command, which must succeed. @returns what it printed */
    deploy(...flags: string[]): Promise<string> {
        return this.succeed("up", "--yes", "--skip-preview", ...flags);
    }

    /** Each step of a preview by the resource's name, without those that change nothing. */
    async previewedSteps(...flags: string[]): Promise<Record<string, string>> {
        const { steps = [] } = JSON.parse(await this.succeed("preview", "--json", ...flags)) as {
            steps?: { op: string; urn: string }[];
        };
        return Object.fromEntries(
            steps
                .filter(({ op, urn }) => !["same", "refresh"].includes(op) && !urn.includes("pulumi:pulumi:Stack"))
                .map(({ op, urn }) => [urn.split("::").at(-1), op]),
        );
    }

    /** The rules in the state. */
    get rules(): readonly ResourceJson[] {
        return this.resources.filter(({ type }) => type.endsWith(":BucketEncryption"));
    }
}
