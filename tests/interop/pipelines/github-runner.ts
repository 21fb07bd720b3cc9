import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { parse, stringify } from "yaml";
import { keptInCache } from "../kept-in-cache";
import { ToolUnavailable } from "../needed-tool";
import { commitProject } from "./committed-project";
import { jobPath, type PipelineRun, pipelineRun } from "./pipeline-run";

const act = "github.com/nektos/act@v0.2.89";
const minute = 60_000;

/** Replacements for the workflow's actions: there is no network, and artifacts go through a folder. */
const standIns: Readonly<Record<string, object>> = {
    "actions/setup-node": composite({ "node-version": "22" }, "node --version"),
    "pulumi/actions": composite({ "pulumi-version": "" }, "true"),
    "actions/upload-artifact": composite(
        { name: "artifact", path: "", overwrite: "false" },
        `target="$ARTIFACTS/$NAME"
if test -e "$target" && test "$OVERWRITE" != true; then echo "the artifact $NAME exists" >&2; exit 1; fi
rm -rf "$target"; mkdir -p "$target"
if test -d "$PATHS"; then cp -R "$PATHS/." "$target"; else cp "$PATHS" "$target"; fi`,
    ),
    "actions/download-artifact": composite(
        { name: "", pattern: "", path: ".", "merge-multiple": "false" },
        `mkdir -p "$PATHS"
if test -n "$NAME"; then cp -R "$ARTIFACTS/$NAME/." "$PATHS"; exit; fi
test "$MERGE_MULTIPLE" = true
for one in "$ARTIFACTS"/$PATTERN; do if test -d "$one"; then cp -R "$one/." "$PATHS"; fi; done`,
    ),
};

/** An action of one shell step, which sees its inputs as variables: `merge-multiple` as `MERGE_MULTIPLE`, `path` as `PATHS`. */
function composite(defaults: Readonly<Record<string, string>>, run: string): object {
    const variableOf = (name: string): string => (name === "path" ? "PATHS" : name.toUpperCase().replace("-", "_"));
    const names = Object.keys(defaults);
    const env = Object.fromEntries(names.map((name) => [variableOf(name), `\${{ inputs.${name} }}`]));
    return {
        name: "A stand-in",
        description: "Does what the test needs of an action.",
        inputs: Object.fromEntries(names.map((name) => [name, { description: name, default: defaults[name] }])),
        runs: { using: "composite", steps: [{ shell: "bash", env, run }] },
    };
}

/**
 * Runs GitHub's workflows on this machine by act, each job in a folder of its own. Actions are replaced by stand-ins that are made here;
 * act skips the checkout and copies the project.
 */
export class GithubRunner {
    readonly #command: string;
    readonly #tokens: Server;

    private constructor(command: string, tokens: Server) {
        this.#command = command;
        this.#tokens = tokens;
    }

    /** @throws ToolUnavailable */
    static async installed(): Promise<GithubRunner> {
        for (const [tool, flag] of [
            ["git", "--version"],
            ["jq", "--version"],
            ["curl", "--version"],
            ["go", "version"],
        ] as const)
            if (spawnSync(tool, [flag]).status !== 0) throw new ToolUnavailable(`${tool} is not on the PATH`);
        const command = path.join(await keptInCache("act", [act], build), "act");
        // GitHub's service that gives a job its token.
        const tokens = createServer((request, response) => {
            const isAsked = request.headers.authorization === "bearer the-request-token";
            response.writeHead(isAsked ? 200 : 401).end(JSON.stringify({ value: "an id token" }));
        });
        tokens.listen(0, "127.0.0.1");
        await once(tokens, "listening");
        return new GithubRunner(command, tokens);
    }

    /** Makes a folder a repository of a project with these workflows. */
    prepare(folder: string, workflows: readonly string[]): void {
        const target = path.join(folder, ".github", "workflows");
        mkdirSync(target, { recursive: true });
        for (const file of workflows) writeFileSync(path.join(target, path.basename(file)), readFileSync(file));
        commitProject(folder, "https://github.example.com/group/project.git");
    }

    /**
     * Runs a workflow to its end.
     * @param environment of all steps
     * @param variables and secrets of the repository
     */
    async run(
        folder: string,
        workflow: string,
        environment: NodeJS.ProcessEnv,
        { variables, secrets }: Readonly<Record<"variables" | "secrets", Readonly<Record<string, string>>>>,
    ): Promise<PipelineRun> {
        const own = path.join(folder, ".actions");
        const artifacts = path.join(folder, ".artifacts");
        rmSync(artifacts, { recursive: true, force: true });
        for (const made of [own, artifacts]) mkdirSync(made, { recursive: true });
        const { port } = this.#tokens.address() as AddressInfo;
        const all: NodeJS.ProcessEnv = {
            ...environment,
            PATH: jobPath(folder, environment),
            ARTIFACTS: artifacts,
            ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/?api-version=2`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: "the-request-token",
        };
        const pairs = (flag: string, values: NodeJS.ProcessEnv): string[] =>
            Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
        const args = [
            ...["workflow_dispatch", "--workflows", path.join(".github", "workflows", workflow)],
            ...["--platform", "ubuntu-24.04=-self-hosted", "--no-cache-server", "--action-offline-mode"],
            ...["--action-cache-path", path.join(own, "cache"), "--concurrent-jobs", "2"],
            ...this.#replacements(folder, own),
            ...pairs("--env", all),
            ...pairs("--var", variables),
            ...pairs("--secret", secrets),
        ];
        const env = { ...all, XDG_CACHE_HOME: path.join(own, "home") };
        return await pipelineRun(this.#command, args, { cwd: folder, env });
    }

    async stop(): Promise<void> {
        this.#tokens.close();
        await once(this.#tokens, "close");
    }

    /** @throws Error for an action without a stand-in: act would ask the network for it */
    #replacements(folder: string, own: string): string[] {
        const workflows = path.join(folder, ".github", "workflows");
        const used = readdirSync(workflows).flatMap((name) =>
            actionsOf(parse(readFileSync(path.join(workflows, name), "utf8"))),
        );
        return [...new Set(used)].flatMap((action) => {
            const [name = "", commit] = action.split("@");
            if (action.startsWith("./") || name === "actions/checkout") return [];
            const standIn = standIns[name];
            if (standIn === undefined) throw new Error(`no stand-in for ${action}`);
            const place = path.join(own, name.replace("/", "-"));
            mkdirSync(place, { recursive: true });
            writeFileSync(path.join(place, "action.yml"), stringify(standIn));
            return ["--local-repository", `${name}@${commit}=${place}`];
        });
    }
}

interface Workflow {
    readonly jobs: Readonly<Record<string, { readonly steps?: readonly { readonly uses?: string }[] }>>;
}

const actionsOf = ({ jobs }: Workflow): string[] =>
    Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ uses }) => uses ?? []));

function build(draft: string): void {
    const env = { ...process.env, GOBIN: draft, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod" };
    const { status, stderr, error } = spawnSync("go", ["install", act], { encoding: "utf8", env, timeout: 8 * minute });
    if (status !== 0) throw new Error(error?.message ?? stderr);
}
