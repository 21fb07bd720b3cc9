import path from "node:path";
import { installedTools } from "../installed-tools";
import { needCommands } from "../needed-tool";
import { commitProject } from "./committed-project";
import { jobPath, type PipelineRun, pipelineRun } from "./pipeline-run";

/**
 * Runs pipelines of GitLab on this machine by gitlab-ci-local, each job in a shell of this machine. Packages that a job installs are
 * there already, so `npm ci` does nothing.
 */
export class GitlabRunner {
    readonly #command: string;

    private constructor(command: string) {
        this.#command = command;
    }

    /** Where there is rsync, by which it copies a project. @throws ToolUnavailable */
    static async installed(test: Mocha.Context): Promise<GitlabRunner> {
        await needCommands(test, "git", "rsync");
        const tools = await installedTools(__dirname);
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
        const env = { ...environment, PATH: jobPath(folder, environment) };
        return await pipelineRun(process.execPath, [this.#command, ...args], { cwd: folder, env });
    }
}
