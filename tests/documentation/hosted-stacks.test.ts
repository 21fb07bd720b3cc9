import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { newBucketAccess } from "../../lib/provider";
import { codeBlocks } from "../documentation-blocks";

/** The properties of a `Stack`'s `spec` with their types, of those that the page uses, in the CRD of the operator's version 2.9.0. */
const stackSpec = {
    serviceAccountName: "string",
    stack: "string",
    backend: "string",
    projectRepo: "string",
    branch: "string",
    repoDir: "string",
    refresh: "boolean",
    continueResyncOnCommitMatch: "boolean",
    resyncFrequencySeconds: "number",
    envRefs: "object",
    config: "object",
} as const;

const yamlBlocks = (page: string): unknown[] =>
    codeBlocks(page)
        .filter(({ language }) => language === "yaml")
        .map(({ text }) => parse(text));

/** What this package says of the settings before any request. @throws UserError `invalid-settings` */
function useSettings(config: Readonly<Record<string, unknown>>): void {
    const access = newBucketAccess(
        {
            get: (key) => {
                const value = config[key];
                return typeof value === "object" ? JSON.stringify(value) : (value as string | undefined);
            },
            keys: () => Object.keys(config),
        },
        {},
    );
    try {
        access.directory({ store: "oss" });
    } finally {
        access.close();
    }
}

const credentialVariables = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"];

describe("the page about Pulumi ESC", () => {
    const [environment, stackFile] = yamlBlocks("docs/pulumi-esc.md") as [
        { values: { environmentVariables: Record<string, string>; pulumiConfig: Record<string, unknown> } },
        { environment: string[] },
    ];

    it("has settings that this package accepts", () => {
        const { pulumiConfig } = environment.values;
        expect(Object.keys(pulumiConfig)).to.have.lengthOf(2);
        useSettings(pulumiConfig);
        expect(() => useSettings({ ...pulumiConfig, "bucket-encryption:regoin": "cn-hangzhou" })).to.throw("regoin");
    });

    it("sets the variables of the credential chain from values that the environment has", () => {
        const { values } = environment;
        expect(Object.keys(values.environmentVariables)).to.deep.equal(credentialVariables);
        for (const reference of Object.values(values.environmentVariables)) {
            const place = /^\$\{(.+)\}$/.exec(reference)?.[1] ?? "";
            const value = place.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], values);
            expect(value, reference).not.to.equal(undefined);
        }
    });

    it("names the environment in the stack's file by its project and its name", () => {
        const [named = ""] = stackFile.environment;
        const text = readFileSync(path.join(__dirname, "..", "..", "docs", "pulumi-esc.md"), "utf8");
        expect(named).to.match(/^[a-z]+\/[a-z]+$/);
        expect(text).to.include(`\`acme/${named}\``);
    });
});

describe("the page about the Pulumi Kubernetes Operator", () => {
    const [stack] = yamlBlocks("docs/pulumi-kubernetes-operator.md") as [
        {
            apiVersion: string;
            kind: string;
            spec: { config: Record<string, unknown>; envRefs: Record<string, { type: string; secret: object }> };
        },
    ];

    it("has a Stack whose properties are those of the operator's version 2.9.0", () => {
        expect(stack).to.include({ apiVersion: "pulumi.com/v1", kind: "Stack" });
        const types = Object.fromEntries(Object.entries(stack.spec).map(([name, value]) => [name, typeof value]));
        expect(types).to.deep.equal(stackSpec);
        const text = readFileSync(path.join(__dirname, "..", "..", "docs", "pulumi-kubernetes-operator.md"), "utf8");
        expect(text).to.include("version 2.9.0");
    });

    it("has settings that this package accepts, and secrets for the credential chain", () => {
        useSettings(stack.spec.config);
        const { envRefs } = stack.spec;
        expect(Object.keys(envRefs)).to.deep.equal(["PULUMI_CONFIG_PASSPHRASE", ...credentialVariables]);
        for (const { type, secret } of Object.values(envRefs)) {
            expect(type).to.equal("Secret");
            expect(secret).to.have.all.keys("name", "key");
        }
    });
});
