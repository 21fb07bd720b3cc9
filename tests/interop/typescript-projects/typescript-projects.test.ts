import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import manifest from "../../../package.json";
import { needed } from "../needed-tool";
import { installed, packedPackage } from "../packed-package";

const sdk = manifest.devDependencies["@pulumi/pulumi"];

/** Compiler options as `pulumi new typescript` has written them, by the time; both check the declarations of libraries. */
const templates = {
    old: { target: "es2016", module: "commonjs", moduleResolution: "node" },
    current: { target: "es2020", module: "commonjs", moduleResolution: "node" },
    "ES module": { target: "es2022", module: "nodenext", moduleResolution: "nodenext" },
} as const;

const common = {
    strict: true,
    outDir: "bin",
    sourceMap: true,
    experimentalDecorators: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
};

const program = `
import { BucketEncryption, BucketEncryptionSet, EncryptionBaseline } from "pulumi-bucket-encryption";

const logs = new BucketEncryption("logs", { bucket: "example-logs", sseAlgorithm: "AES256" });
new BucketEncryptionSet("fleet", { buckets: ["example-a"], sseAlgorithm: "KMS" });
new EncryptionBaseline("all", { select: { all: true }, sseAlgorithm: "KMS" });
export const algorithm = logs.sseAlgorithm;
`;

const testOfAStack = `
import { EmbeddedEngine, LocalCloud, TemporaryStack } from "pulumi-bucket-encryption/testing";
export const parts = [EmbeddedEngine, LocalCloud, TemporaryStack];
`;

const pack = `
import { encryptionPolicies } from "pulumi-bucket-encryption/policy";
export const policies = encryptionPolicies;
`;

describe("the packed package's types, in projects of users", () => {
    let folder: string;

    before(async function () {
        this.timeout(300_000);
        // Not below this package, whose node_modules a project there would see.
        folder = mkdtempSync(path.join(tmpdir(), "typescript-projects-"));
        await needed(this, async () => {
            const { dependencies, ...others } = JSON.parse(
                readFileSync(path.join(__dirname, "package.json"), "utf8"),
            ) as { dependencies: Record<string, string> };
            const own = { "@pulumi/pulumi": sdk, [manifest.name]: `file:${packedPackage(folder)}` };
            writeFileSync(
                path.join(folder, "package.json"),
                JSON.stringify({ ...others, dependencies: { ...dependencies, ...own } }),
            );
            // Without the optional peers, the AWS SDK among them: most projects do not have them.
            installed("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=peer"], folder);
        });
    });

    after(() => rmSync(folder, { recursive: true, force: true }));

    function faults(
        options: object,
        source: string,
        compiler: string,
        files: Readonly<Record<string, string>> = {},
    ): string {
        for (const [name, text] of Object.entries({ "index.ts": source, ...files }))
            writeFileSync(path.join(folder, name), text);
        const settings = { compilerOptions: { ...common, ...options }, files: ["index.ts"] };
        writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(settings));
        const tsc = path.join(folder, "node_modules", compiler, "bin", "tsc");
        const { stdout, stderr } = spawnSync(process.execPath, [tsc, "--noEmit"], { cwd: folder, encoding: "utf8" });
        return `${stdout}${stderr}`;
    }

    for (const [template, options] of Object.entries(templates)) {
        it(`compile in the ${template} template, without the optional packages`, function () {
            this.timeout(120_000);
            expect(existsSync(path.join(folder, "node_modules", "@aws-sdk"))).to.equal(false);
            expect(faults(options, program, "typescript")).to.equal("");
            expect(faults(options, testOfAStack, "typescript")).to.equal("");
        });
    }

    it("compile with the oldest supported TypeScript", function () {
        this.timeout(120_000);
        expect(faults(templates.old, program, "typescript-4")).to.equal("");
    });

    it("refuse a wrong combination of arguments there, too", function () {
        this.timeout(120_000);
        const wrong = program.replace('sseAlgorithm: "AES256"', 'sseAlgorithm: "aes256"');
        expect(faults(templates.old, wrong, "typescript"))
            .to.include("index.ts(4,")
            .and.include('"aes256"');
    });

    it("compile for a policy pack where its SDK is installed", function () {
        this.timeout(300_000);
        installed(
            "npm",
            [
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                `@pulumi/policy@${manifest.devDependencies["@pulumi/policy"]}`,
            ],
            folder,
        );
        for (const options of Object.values(templates)) {
            // The declarations of @pulumi/policy have faults of their own.
            const found = faults(options, pack, "typescript").split("\n");
            expect(found.filter((line) => !/^(node_modules\/@pulumi\/policy\/|$)/.test(line))).to.deep.equal([]);
        }
    });
});
