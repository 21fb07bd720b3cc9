import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { EmbeddedEngine } from "../../../lib/engine";
import { hashOf } from "../../../lib/engine/state/checkpoint-store";
import { type FuzzReader, type FuzzTarget, newFolder, quietEnvironment, removeFolder } from "../fuzz-target";

const root = path.join(__dirname, "..", "..", "..");
const records = path.join(root, "tests", "engine", "records");
const checkpoints = [
    "basic/golden/04-update.up.checkpoint.json",
    "secrets/golden",
    "failures/golden/10-update-partially.up.checkpoint.json",
    "delete-before-replace/golden/11-create-fails-after-delete.up.checkpoint.json",
]
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(path.join(records, name), "utf8"));

const salt = "v1:YrZiC1de4WQ=:v1:o7Mrgd+7d7Exa4q0:nQdM72IA/aR9zp6NY03HPdAwV9yEag==";

/** A project with the stack `dev`, whose files are replaced by inputs. */
class FuzzedProject {
    readonly folder = newFolder();
    readonly environment: NodeJS.ProcessEnv = {
        ...quietEnvironment(this.folder),
        PULUMI_CONFIG_PASSPHRASE: "correct horse",
        PULUMI_BACKEND_URL: `file://${this.folder}/state`,
    };

    static async create(): Promise<FuzzedProject> {
        const project = new FuzzedProject();
        mkdirSync(path.join(project.folder, "state"));
        project.write("Pulumi.yaml", "name: fuzz\nruntime: nodejs\n");
        project.write("Pulumi.dev.yaml", `encryptionsalt: ${salt}\n`);
        await project.engine().createStack("dev");
        return project;
    }

    write(name: string, text: string | Buffer): void {
        const file = path.join(this.folder, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
    }

    engine(stack: string | undefined = "dev"): EmbeddedEngine {
        return new EmbeddedEngine({
            folder: this.folder,
            environment: this.environment,
            stack,
            onWarning: () => {},
            program: async () => {},
        });
    }
}

const stateFile = "state/.pulumi/stacks/fuzz/dev.json";

function withProject(
    file: string,
    read: (engine: () => EmbeddedEngine, project: FuzzedProject, input: Buffer) => unknown,
    prepare: (project: FuzzedProject) => void = () => {},
): () => Promise<FuzzReader> {
    return async () => {
        const project = await FuzzedProject.create();
        prepare(project);
        return {
            async read(input) {
                project.write(file, input);
                return await read(() => project.engine(), project, input);
            },
            close: () => removeFolder(project.folder),
        };
    };
}

const sampleState = checkpoints[0] as string;
const journal = (): string => {
    const { checkpoint } = JSON.parse(sampleState) as { checkpoint: { latest: { resources: unknown[] } } };
    const state = checkpoint.latest.resources.at(-1);
    return [
        JSON.stringify({ version: 1, base: hashOf(sampleState) }),
        JSON.stringify([{ put: 40, resource: state }, { end: 40 }]),
        JSON.stringify([{ begin: 41, type: "updating", resource: state }, { drop: 1 }]),
        JSON.stringify({ result: "0".repeat(64) }),
        "",
    ].join("\n");
};

/** Files that the embedded engine reads: a project's, and its states. */
export const engineFiles: readonly FuzzTarget[] = [
    {
        name: "project-file",
        samples: () => [
            "name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: --max-old-space-size=100\ndescription: A shop\nmain: index.js\nbackend:\n  url: file://./state\nstackConfigDir: config\noptions:\n  refresh: always\nconfig:\n  shop:name:\n    type: string\n    default: x\n  shop:count:\n    type: integer\n    value: 3\n",
            readFileSync(path.join(root, "Pulumi.yaml"), "utf8"),
            readFileSync(path.join(root, "examples", "multi-account", "Pulumi.yaml"), "utf8"),
        ],
        open: withProject("Pulumi.yaml", async (engine) => {
            const opened = engine();
            opened.stacks();
            return await opened.config();
        }),
    },
    {
        name: "stack-settings",
        samples: () => [
            `encryptionsalt: ${salt}\nconfig:\n  fuzz:name: value\n  fuzz:number: 12\n  bucket-encryption:account:\n    id: "1000000000000001"\n    through:\n      - roleArn: acs:ram::1:role/x\n  fuzz:secret:\n    secure: v1:o7Mrgd+7d7Exa4q0:nQdM72IA/aR9zp6NY03HPdAwV9yEag==\n`,
            "config:\n  a:b: 1\n  c:d: [1, 2, {e: f}]\n",
        ],
        open: withProject("Pulumi.dev.yaml", async (engine) => {
            const config = await engine().config();
            await engine().setConfig("fuzz:other", "value", false);
            await engine().setConfig("fuzz:deep.er[0]", "value", false, true);
            return config;
        }),
    },
    {
        name: "checkpoint",
        samples: () => checkpoints,
        open: withProject(stateFile, async (engine) => {
            await engine().exportState();
            await engine().outputs(true);
            engine().stacks();
            return await engine().destroy({ preview: true });
        }),
    },
    {
        name: "state-import",
        samples: () =>
            checkpoints.map((text) => {
                const { version, checkpoint } = JSON.parse(text) as {
                    version: number;
                    checkpoint: { latest: unknown };
                };
                return JSON.stringify({ version, deployment: checkpoint.latest });
            }),
        open: withProject("import.json", async (engine, _project, input) => {
            const dropped = await engine().importState(input.toString(), true);
            await engine().destroy({ preview: true });
            return dropped;
        }),
    },
    {
        name: "engine-journal",
        samples: () => [journal()],
        open: withProject(
            "state/.pulumi/stacks/fuzz/dev.embedded-journal",
            async (engine) => await engine().exportState(),
            (project) => project.write(stateFile, sampleState),
        ),
    },
    {
        name: "stack-lock",
        samples: () => [
            JSON.stringify({
                pid: 999_999_999,
                username: "someone",
                hostname: "elsewhere",
                timestamp: "2026-01-01T00:00:00Z",
                engine: "pulumi-embedded",
                started: "1",
            }),
        ],
        open: withProject(
            "state/.pulumi/locks/organization/fuzz/dev/0d3a0b5c-0000-4000-8000-000000000000.json",
            (engine) =>
                engine().importState(
                    '{"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z","magic":"","version":""}}}',
                    true,
                ),
        ),
    },
    {
        name: "engine-history",
        samples: () => [
            JSON.stringify({
                kind: "update",
                startTime: 1_700_000_000,
                endTime: 1_700_000_001,
                message: "",
                environment: { "git.head": "x" },
                config: { "fuzz:a": { value: "b" }, "fuzz:s": { value: "v1:x", secure: true } },
                version: 1,
                result: "succeeded",
                resourceChanges: { create: 1 },
            }),
        ],
        open: withProject("state/.pulumi/history/fuzz/dev/dev-1700000000000000000.history.json", (engine) =>
            engine().history(true),
        ),
    },
    {
        name: "backend-layout",
        samples: () => ["version: 1\n"],
        open: withProject("state/.pulumi/meta.yaml", (engine) => engine().stacks()),
    },
    {
        name: "selected-stack",
        samples: () => ['{"stack": "dev"}', '{"stack": "organization/fuzz/dev"}'],
        open: async () => {
            const project = await FuzzedProject.create();
            const folder = path.join(project.folder, "home", "workspaces");
            const [name = ""] = readdirSync(folder);
            return {
                read(input) {
                    writeFileSync(path.join(folder, name), input);
                    return project.engine(undefined).stackName;
                },
                close: () => removeFolder(project.folder),
            };
        },
    },
];
