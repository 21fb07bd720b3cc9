import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { hostedProvider, isolationVariable } from "../../lib/cli/hosted-provider";
import { handlerText, setHandlerText } from "../../lib/declaration";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";
import { packageRoot } from "../stacks/test-project";

interface Seen {
    /** What each command printed and ended with. */
    readonly commands: { readonly status: number | null; readonly output: string }[];
    readonly states: unknown[];
    readonly requests: unknown[];
}

/** Deploys, changes, fails, is interrupted, refreshes and destroys. @returns all that could tell where the provider ran */
async function life(isolated: boolean): Promise<Seen> {
    const cloud = await LocalCloud.start({ isStrict: true });
    for (const name of ["logs", "audit", "payments", "extra"]) cloud.createBucket({ name });
    const stack = await new BucketStack(cloud, "dynamic").start();
    stack.environment = { ...stack.environment, [isolationVariable]: String(isolated) };
    const seen: Seen = { commands: [], states: [], requests: [] };
    const secretly = (text: string) =>
        text
            .replaceAll(cloud.url, "<cloud>")
            .replaceAll(stack.folder, "<folder>")
            .replace(/ \(\d+(\.\d+)?s\)/g, "")
            .replace(/[0-9A-F]{24}|[0-9a-f-]{36}|\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d+(\.\d+)?m?s\b|"duration": \d+/g, "…");
    const command = async (...args: string[]) => {
        const { status, output } = await stack.command(...args);
        seen.commands.push({ status, output: secretly(output).split("\n").sort().join("\n") });
        const { resources } = stack;
        seen.states.push(
            resources.map(({ urn, inputs, outputs, initErrors }) => ({
                urn,
                inputs: JSON.parse(JSON.stringify(inputs ?? {}).replace(/"ciphertext":"[^"]*"/g, '"ciphertext":""')),
                outputs: JSON.parse(JSON.stringify(outputs ?? {}).replace(/"ciphertext":"[^"]*"/g, '"ciphertext":""')),
                initErrors: initErrors?.map(secretly),
            })),
        );
        seen.requests.push(
            cloud.journal
                .entries()
                .map(({ operation, bucket, status: answer }) => `${operation} ${bucket} ${answer}`)
                .sort(),
        );
        cloud.journal.clear();
    };
    // One step after the other, so that a failure always comes at the same moment.
    const up = ["up", "--yes", "--skip-preview", "--parallel", "1"];
    try {
        const logs = { bucket: "logs", sseAlgorithm: "SM4" };
        const payments = { bucket: "payments", sseAlgorithm: "KMS", kmsMasterKeyId: "secret:key-1" };
        await stack.succeed("config", "set", "bucket-encryption:region", "cn-hangzhou");
        stack.declare({
            logs,
            payments,
            audit: { bucket: "audit", sseAlgorithm: "KMS", kmsMasterKeyId: "output:logs" },
        });
        await command(...up);
        stack.declare({ logs: { ...logs, sseAlgorithm: "AES256" }, payments });
        await command("preview", "--json");
        stack.declare({ logs: { ...logs, sseAlgorithm: "KSM" }, payments });
        await command(...up);
        cloud.setBucketRule("extra", { sseAlgorithm: "KMS" });
        stack.declare({ logs, payments, extra: { bucket: "extra", sseAlgorithm: "AES256" } });
        await command("preview");
        await command(...up);
        cloud.faults.add({
            kind: "status",
            status: 403,
            code: "AccessDenied",
            operation: "GetBucketEncryption",
            bucket: "logs",
        });
        stack.declare({ logs: { ...logs, sseAlgorithm: "KMS" }, payments });
        await command(...up);
        await command("refresh", "--yes", "--skip-preview");
        cloud.faults.clear();
        await command(...up);
        cloud.setBucketRule("logs", { sseAlgorithm: "AES256" });
        await command("refresh", "--yes", "--skip-preview");
        stack.declare({ renamed: logs, payments });
        await command(...up);
        cloud.setBucketRule("payments", { sseAlgorithm: "SM4" });
        await command("destroy", "--yes", "--skip-preview");
        return seen;
    } finally {
        stack.remove();
        await cloud.stop();
    }
}

describe("this package's provider in the engine's own process", function () {
    this.timeout(120_000);

    it("has the same output, requests and state as in a process of its own", async function () {
        // No other engine hosts a provider.
        if (process.env.TEST_ENGINE === "pulumi") this.skip();
        const [hosted, isolated] = [await life(false), await life(true)];
        expect(hosted.commands.map(({ status }) => status)).to.deep.equal([0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1]);
        for (const [index, command] of hosted.commands.entries()) {
            expect(command, `command ${index}`).to.deep.equal(isolated.commands[index]);
            expect(hosted.states[index], `state ${index}`).to.deep.equal(isolated.states[index]);
            expect(hosted.requests[index], `requests ${index}`).to.deep.equal(isolated.requests[index]);
        }
    });

    it("is chosen for its own texts and this installation, unless isolation is asked for", () => {
        const rule = hostedProvider({});
        const folder = path.join(packageRoot, "tests");
        expect([handlerText, setHandlerText].map((text) => rule?.(text, folder))).to.deep.equal([true, true]);
        expect(rule?.('exports.handler = () => require("./provider");', folder)).to.equal(false);
        expect(hostedProvider({ [isolationVariable]: "true" })).to.equal(undefined);
    });

    it("is not chosen where the program has another installation of the package", () => {
        const cache = path.join(packageRoot, "node_modules", ".cache", "installations");
        const packages = (project: string) => path.join(cache, project, "node_modules");
        const name = "pulumi-bucket-encryption";
        try {
            for (const project of ["linked", "other"]) mkdirSync(packages(project), { recursive: true });
            symlinkSync(packageRoot, path.join(packages("linked"), name));
            mkdirSync(path.join(packages("other"), name));
            const exports = JSON.stringify({ exports: { "./provider": "./provider.js" } });
            writeFileSync(path.join(packages("other"), name, "package.json"), exports);
            writeFileSync(path.join(packages("other"), name, "provider.js"), "");
            const rule = hostedProvider({});
            const chosen = ["linked", "other"].map((project) => rule?.(handlerText, path.join(cache, project)));
            expect(chosen).to.deep.equal([true, false]);
        } finally {
            rmSync(cache, { recursive: true });
        }
    });
});
