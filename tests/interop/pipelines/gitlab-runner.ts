import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { installedTools } from "../installed-tools";
import { ToolUnavailable } from "../needed-tool";
import { commitProject } from "./committed-project";

/** In milliseconds; a pipeline that takes longer has hung. */
const longest = 240_000;

/** What a run of a pipeline came to. */
export interface PipelineRun {
    readonly status: number | null;
    readonly output: string;
}

/**
 * Runs pipelines of GitLab on this machine by gitlab-ci-local, each job in a shell of this machine. Packages that a job installs are
 * there already, so `npm ci` does nothing.
 */
export class GitlabRunner {
    readonly #command: string;

    private constructor(command: string) {
        this.#command = command;
    }

    /** @throws ToolUnavailable */
    static async installed(): Promise<GitlabRunner> {
        for (const tool of ["git", "rsync"])
            if (spawnSync(tool, ["--version"]).status !== 0) throw new ToolUnavailable(`${tool} is not on the PATH`);
        const tools = installedTools(__dirname);
        return new GitlabRunner(path.join(tools, "node_modules", ".bin", "gitlab-ci-local"));
    }

    /** Makes a folder a repository of a project, which a pipeline needs. */
    prepare(folder: string): void {
        commitProject(folder, "git@gitlab.example.com:group/project.git");
    }

    /**
     * Runs a pipeline to its end.
     * @param variables of the project and of the pipeline
     * @param jobs only these, or further options
     */
    async run(
        folder: string,
        file: string,
        variables: NodeJS.ProcessEnv,
        environment: NodeJS.ProcessEnv,
        jobs: readonly string[] = [],
    ): Promise<PipelineRun> {
        const args = [
            ...["--file", file, "--force-shell-executor", "--no-color", "--quiet=false"],
            ...Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]),
            ...jobs,
        ];
        const env = {
            ...environment,
            PATH: `${path.join(folder, "bin")}${path.delimiter}${environment.PATH ?? process.env.PATH}`,
        };
        const child = spawn(process.execPath, [this.#command, ...args], {
            cwd: folder,
            env,
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
        });
        const end = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), longest);
        const [output, errors, [status]] = await Promise.all([
            text(child.stdout),
            text(child.stderr),
            once(child, "close"),
        ]);
        clearTimeout(end);
        return { status: status as number | null, output: output + errors };
    }
}
