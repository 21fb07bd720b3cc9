import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { DocumentedProject } from "./documented-project";

const root = path.join(__dirname, "..", "..");
const states = path.join(root, "tests", "migration", "states");

interface ShellBlock {
    readonly page: string;
    /** Its first line; with the page it names the block. */
    readonly first: string;
    readonly text: string;
}

function pagesUnder(folder: string): string[] {
    return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".md"))
        .map((name) => path.join(folder, name));
}

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...pagesUnder("docs"), ...pagesUnder("examples")];

const blocks: readonly ShellBlock[] = pages.flatMap((page) =>
    [...readFileSync(path.join(root, page), "utf8").matchAll(/^```(?:sh|bash|shell)\n([\s\S]*?)^```/gm)].map(
        ({ 1: text = "" }) => ({ page, first: text.split("\n")[0] ?? "", text }),
    ),
);

/** A block that is run, by its page and a part of its first line. */
interface BlockRun {
    readonly page: string;
    readonly first: string;
    /** The whole first line. */
    readonly only?: boolean;
    /** The steps that the reader has done before. */
    readonly before?: (project: DocumentedProject) => unknown;
    /** Replacements for the parts that a reader chooses. */
    readonly replace?: readonly (readonly [RegExp, string | ((project: DocumentedProject) => string)])[];
    /** The exit status. Default: 0. */
    readonly status?: number;
    /** Texts that the output must contain. */
    readonly shows?: RegExp;
    readonly after?: (project: DocumentedProject) => unknown;
}

const initDev = (project: DocumentedProject) => project.run("pulumi stack init dev");
const deployDev = (project: DocumentedProject) =>
    project.run("pulumi stack init dev && pulumi up --yes --skip-preview");
const toCloud = [/http:\/\/127\.0\.0\.1:9000/g, ({ cloud }: DocumentedProject) => cloud.url] as const;

const runs: readonly BlockRun[] = [
    {
        page: "docs/accounts.md",
        first: "pulumi config set --path bucket-encryption:account.id",
        before: initDev,
        after: async (project) => {
            expect(await project.run("pulumi preview")).to.match(/logs .*create/);
            expect(project.cloud.journal.count({ operation: "AssumeRole" })).to.equal(1);
        },
    },
    { page: "docs/audit.md", first: "npx bucket-encryption audit", only: true, shows: /example-archive/ },
    {
        page: "docs/audit.md",
        first: "pulumi stack export --stack prod",
        before: (project) => project.run("pulumi stack init prod && pulumi up --yes --skip-preview"),
        // The gate stops at a bucket that no stack manages.
        status: 2,
        shows: /example-archive/,
    },
    { page: "docs/audit.md", first: "npx bucket-encryption audit --emit stack" },
    { page: "docs/audit.md", first: "npx bucket-encryption audit --save", shows: /0 new, 0 changed, 0 gone/ },
    {
        page: "docs/audit.md",
        first: "npx bucket-encryption audit --fail-on cis",
        status: 2,
        shows: /CIS Alibaba Cloud 5\.9/,
    },
    {
        page: "docs/coming-from.md",
        first: "pulumi stack export --file before.json",
        before: async (project) => {
            const recorded = path.join(states, "pulumi-3.247.0");
            const file = path.join(project.folder, "Pulumi.yaml");
            writeFileSync(file, readFileSync(file, "utf8").replace("name: example", "name: test-stack"));
            await initDev(project);
            copyFileSync(path.join(recorded, "stack-settings.yaml"), path.join(project.folder, "Pulumi.dev.yaml"));
            await project.run(`pulumi stack import --file ${path.join(recorded, "buckets-and-rules.json")}`);
        },
        // tests/migration previews such states with the program that declares the rules.
        replace: [[/^pulumi preview.*$/m, ""]],
        shows: /10 rules of before\.json adopted/,
    },
    {
        page: "docs/coming-from.md",
        first: "terraform state pull",
        before: async (project) => {
            project.shell.provide(
                "terraform",
                readFileSync(path.join(states, "terraform-1.11.4", "applied.tfstate"), "utf8"),
            );
            const file = path.join(project.folder, "index.js");
            const program = readFileSync(file, "utf8");
            writeFileSync(file, "");
            await project.run("pulumi stack init dev && pulumi up --yes --skip-preview");
            writeFileSync(file, program.replace("logs", "of-the-reader"));
        },
    },
    { page: "docs/doctor.md", first: "npx bucket-encryption doctor", shows: /not-checked {2}oss:PutBucketEncryption/ },
    {
        page: "docs/exit-statuses.md",
        first: "status=0",
        shows: /^audit\.html names the buckets without a rule\.$/m,
        after: ({ folder }) =>
            expect(readFileSync(path.join(folder, "audit.html"), "utf8")).to.include("example-archive"),
    },
    {
        page: "docs/installation.md",
        first: "npx esbuild index.ts --bundle",
        before: ({ folder }) => copyFileSync(path.join(folder, "index.js"), path.join(folder, "index.ts")),
        replace: [[/^npx esbuild/m, path.join(root, "node_modules", ".bin", "esbuild")]],
        after: ({ folder }) =>
            expect(readFileSync(path.join(folder, "bin", "index.js"), "utf8")).to.include(
                'require("pulumi-bucket-encryption")',
            ),
    },
    { page: "docs/local-cloud.md", first: "export OSS_ENDPOINT" },
    { page: "docs/local-cloud.md", first: "curl http://127.0.0.1:9000/-/health", replace: [toCloud] },
    {
        page: "docs/policy.md",
        first: "pulumi preview --policy-pack node_modules/pulumi-bucket-encryption/lib/policy/pack --policy-pack-config policies.json",
        before: initDev,
    },
    {
        page: "docs/pulumi-embedded.md",
        first: "export PULUMI_BACKEND_URL=",
        shows: /logs .*create(?:.|\n)*logs .*created/,
        after: ({ cloud, folder }) => {
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
            expect(readdirSync(path.join(folder, "states", ".pulumi", "stacks", "example"))).to.include("dev.json");
        },
    },
    { page: "docs/pulumi-embedded.md", first: "npx pulumi-embedded --help", shows: /Usage: pulumi-embedded/ },
    {
        page: "docs/review.md",
        first: "pulumi preview --refresh --json > preview.json",
        before: initDev,
        shows: /example-logs/,
    },
    {
        page: "docs/rollout.md",
        first: "npx bucket-encryption rollout plan rollout.yaml --create-stacks",
        // A reader answers the question.
        replace: [
            [/rollout run rollout\.yaml$/m, "rollout run rollout.yaml --yes"],
            [/(rollout (?:plan|run) rollout\.yaml)/g, "$1 --engine embedded"],
        ],
        shows: /completed/,
        after: ({ cloud, folder }) => {
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
            expect(readFileSync(path.join(folder, "rollout.html"), "utf8")).to.include("example-logs");
        },
    },
    {
        page: "docs/continuous-integration.md",
        first: "pulumi preview --refresh --json > preview.json",
        before: initDev,
        shows: /example-logs/,
    },
    {
        page: "docs/tutorial.md",
        first: "export OSS_ENDPOINT=http://127.0.0.1:9000",
        replace: [toCloud],
        shows: /example-logs.*AES256/,
        after: ({ cloud }) => expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" }),
    },
    {
        page: "docs/tutorial.md",
        first: "npx pulumi-embedded preview --diff",
        before: async (project) => {
            await deployDev(project);
            const file = path.join(project.folder, "index.js");
            writeFileSync(file, readFileSync(file, "utf8").replace("AES256", "SM4"));
        },
        shows: /"AES256" => "SM4"/,
        after: ({ cloud }) => expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "SM4" }),
    },
    {
        page: "docs/tutorial.md",
        first: "npx pulumi-embedded destroy --yes",
        before: deployDev,
        after: ({ cloud, folder }) => {
            expect(cloud.bucketRule("example-logs")).to.equal(undefined);
            expect(existsSync(path.join(folder, "Pulumi.dev.yaml"))).to.equal(false);
        },
    },
];

/** Blocks that are not run, by page and a part of the first line. */
// One list, so that a reviewer sees all statements without a proof.
const notRun: readonly { readonly page: string; readonly first: string; readonly reason: string }[] = [
    {
        page: "docs/policy.md",
        first: "pulumi preview --policy-pack node_modules/pulumi-bucket-encryption/lib/policy/pack --policy-pack-config node_modules/",
        reason: "it is the command above with another configuration, which tests/policy evaluates",
    },
    {
        page: "examples/README.md",
        first: "npx bucket-encryption local-cloud",
        reason: "it runs until it is stopped; tests/local-cloud starts it",
    },
    {
        page: "examples/README.md",
        first: "export OSS_ENDPOINT",
        reason: "tests/interop/examples deploys the examples to a local cloud with these buckets",
    },
    {
        page: "examples/policy/README.md",
        first: "npx pulumi-embedded stack init dev",
        reason: "tests/policy/example.test.ts runs these commands",
    },
    {
        page: "README.md",
        first: "npm ci && npm start",
        reason: "it is the walkthrough, which the suite runs without installing again, this suite, and the package of tests/interop",
    },
    {
        page: "README.md",
        first: "npm install @pulumi/pulumi",
        reason: "tests/interop/package-managers packs the package and installs it with this command",
    },
    { page: "CONTRIBUTING.md", first: "npm ci", reason: "every run of the suite begins with it" },
    { page: "CONTRIBUTING.md", first: "npx mocha", reason: "it is a part of this suite" },
    {
        page: "docs/audit.md",
        first: "npx bucket-encryption audit --store s3",
        reason: "it needs an S3 service; tests/interop/s3/fleets.test.ts audits one",
    },
    {
        page: "docs/s3.md",
        first: "npx bucket-encryption audit --store s3",
        reason: "it needs an S3 service; tests/interop/s3/fleets.test.ts audits one",
    },
    { page: "docs/s3.md", first: "npm install @aws-sdk/client-s3", reason: "it installs a package" },
    {
        page: "docs/s3.md",
        first: "npx tsx examples/oss-and-s3/walkthrough.ts",
        reason: "tests/interop/s3/stack.test.ts runs it",
    },
    {
        page: "examples/oss-and-s3/README.md",
        first: "npx tsx examples/oss-and-s3/walkthrough.ts",
        reason: "tests/interop/s3/stack.test.ts runs it",
    },
    {
        page: "examples/baseline/README.md",
        first: "npx tsx examples/baseline/walkthrough.ts",
        reason: "tests/end-to-end/baseline-example.test.ts runs it",
    },
    {
        page: "examples/automation-api/README.md",
        first: "npx tsx examples/automation-api/walkthrough.ts",
        reason: "tests/interop/examples/automation-api.test.ts runs it",
    },
    {
        page: "examples/multi-account/README.md",
        first: "npx tsx examples/multi-account/walkthrough.ts",
        reason: "tests/interop/examples/multi-account.test.ts runs it",
    },
    {
        page: "examples/quickstart/README.md",
        first: "npm ci && npm start",
        reason: "tests/end-to-end/main-job.test.ts runs the walkthrough, without installing again",
    },
    {
        page: "docs/local-cloud.md",
        first: "npx bucket-encryption local-cloud --port 9000",
        reason: "it runs until it is stopped; tests/local-cloud starts it",
    },
    {
        page: "docs/local-cloud.md",
        first: "# Python SDKs",
        reason: "it needs ossutil; tests/local-cloud drives the tools' requests",
    },
    {
        page: "docs/completion.md",
        first: "bucket-encryption completion bash",
        reason: "tests/cli/completion.test.ts runs the scripts in the shells",
    },
    {
        page: "docs/plugin.md",
        first: "npm install --global",
        reason: "it installs a package; tests/cli/plugin-command.test.ts runs the command",
    },
    {
        page: "docs/plugin.md",
        first: "pulumi new",
        reason: "tests/interop/plugin deploys the examples with the pulumi command, where there is one",
    },
    {
        page: "docs/plugin.md",
        first: "pulumi import",
        reason: "tests/plugin/import-and-lookups.test.ts imports as the command does",
    },
    {
        page: "examples/yaml/README.md",
        first: "export OSS_REGION",
        reason: "tests/interop/plugin runs it, where there is a pulumi command",
    },
    {
        page: "examples/python/README.md",
        first: "python3 -m venv venv",
        reason: "tests/interop/plugin runs it, where there is a pulumi command",
    },
    { page: "docs/completion.md", first: "export PATH", reason: "it only changes the reader's shell" },
    {
        page: "docs/tutorial.md",
        first: "npm install @pulumi/pulumi",
        reason: "it installs packages; tests/interop/package-managers does that with each package manager",
    },
    {
        page: "docs/tutorial.md",
        first: "npx bucket-encryption local-cloud",
        reason: "it runs until it is stopped; tests/local-cloud starts it",
    },
    ...["esm-typescript", "pnpm-workspace", "stack-tests", "with-alicloud"].map((example) => ({
        page: `examples/${example}/README.md`,
        first: "",
        reason: "tests/examples runs the example, or names the test that does",
    })),
    ...[
        "npm install @temporalio/worker",
        "temporal server start-dev",
        "export TEMPORAL_ADDRESS=",
        "npx bucket-encryption rollout worker",
        "npx bucket-encryption rollout run",
        "npx bucket-encryption rollout status",
    ].map((first) => ({
        page: "docs/rollout-temporal.md",
        first,
        reason: "it needs Temporal's server and packages; tests/interop/temporal/documented-page.test.ts runs it",
    })),
    { page: "docs/mutation-testing.md", first: "tests/mutation/run.sh", reason: "it takes hours" },
    { page: "docs/soak.md", first: "npm run test:long -- soak", reason: "it takes minutes" },
];

const isMeant = ({ page, first, only }: Pick<BlockRun, "page" | "first" | "only">, block: ShellBlock): boolean =>
    page === block.page && (only === true ? block.first === first : block.first.startsWith(first));

describe("shell blocks of the documentation", function () {
    this.timeout(120_000);

    it("are each run, or named with the reason why not", () => {
        const unknown = blocks.filter((block) => ![...runs, ...notRun].some((entry) => isMeant(entry, block)));
        expect(unknown.map(({ page, first }) => `${page}: ${first}`)).to.deep.equal([]);
        const stale = [...runs, ...notRun].filter((entry) => !blocks.some((block) => isMeant(entry, block)));
        expect(stale.map(({ page, first }) => `${page}: ${first}`)).to.deep.equal([]);
    });

    for (const entry of runs) {
        it(`run: ${entry.page}, ${entry.first}`, async () => {
            const project = await DocumentedProject.create();
            try {
                await entry.before?.(project);
                const found = blocks.filter((block) => isMeant(entry, block));
                for (const block of found) {
                    const script = (entry.replace ?? []).reduce(
                        (text, [from, to]) => text.replace(from, typeof to === "string" ? to : to(project)),
                        block.text,
                    );
                    const output = await project.run(script, entry.status);
                    if (entry.shows !== undefined) expect(output).to.match(entry.shows);
                }
                await entry.after?.(project);
            } finally {
                await project.dispose();
            }
        });
    }
});
