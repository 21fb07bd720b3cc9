import type { ChildProcess } from "node:child_process";
import { UserError } from "../../errors";
import { eachLine, endChild, startNode } from "../processes/child-process";
import { resolveSdk } from "../processes/sdk-location";
import type { Project } from "../project/project-file";
import type { StackConfig } from "../project/stack-settings";
import { organization } from "../state/stack-reference";

/** The exit code of the SDK's launcher when it has reported the error already (sdk/nodejs/cmd/run/index.ts). */
const alreadyReported = 32;
const cancelGraceMs = 5000;

export interface ProgramSettings {
    readonly project: Project;
    readonly stack: string;
    readonly config: StackConfig;
    /** `host:port` of the monitor and engine services. */
    readonly address: string;
    readonly preview: boolean;
    readonly parallel: number;
    /** The folder that the launcher starts in; the launcher then changes to the program's folder. */
    readonly workingFolder: string;
    readonly environment: NodeJS.ProcessEnv;
    /** Each line that the program prints. */
    readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

/** Why a program ended. A failure has no message when the program has reported it already. */
export type ProgramEnd = { readonly succeeded: true } | { readonly succeeded: false; readonly message?: string };

/** A running program. */
export interface Program {
    readonly ended: Promise<ProgramEnd>;
    /** Ends the program if it still runs. */
    cancel(): Promise<void>;
}

/** A stack's program, run by the SDK's own launcher in a process of its own. */
export class NodeProgram implements Program {
    readonly #child: ChildProcess;

    private constructor(
        child: ChildProcess,
        readonly ended: Promise<ProgramEnd>,
    ) {
        this.#child = child;
    }

    /** @throws UserError `program-failed` when the SDK is not installed */
    static start(settings: ProgramSettings): NodeProgram {
        const { project, config } = settings;
        const launcher = resolveSdk(project.programFolder, "cmd/run");
        const child = startNode("program", [launcher, ...launcherArguments(settings)], {
            folder: settings.workingFolder,
            nodeArguments: splitArguments(project.runtime.nodeargs ?? ""),
            environment: {
                ...settings.environment,
                PULUMI_CONFIG: JSON.stringify(
                    Object.fromEntries([...config].map(([key, { text }]) => [key.replace(":", ":config:"), text])),
                ),
                PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(
                    [...config].filter(([, { secret }]) => secret).map(([key]) => key),
                ),
                ...(project.runtime.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
                ...(project.runtime.tsconfig === undefined
                    ? {}
                    : { PULUMI_NODEJS_TSCONFIG_PATH: project.runtime.tsconfig }),
            },
        });
        eachLine(child.stdout, (line) => settings.onLine(line, "stdout"));
        eachLine(child.stderr, (line) => settings.onLine(line, "stderr"));
        return new NodeProgram(child, endOf(child));
    }

    /** Ends the program as the CLI's language host does. */
    async cancel(): Promise<void> {
        await endChild(this.#child, cancelGraceMs);
    }
}

function launcherArguments({ project, stack, address, preview, parallel }: ProgramSettings): string[] {
    return [
        ...["--monitor", address, "--engine", address, "--organization", organization, "--project", project.name],
        ...["--root-directory", project.root, "--stack", stack, "--pwd", project.programFolder],
        ...(preview ? ["--dry-run"] : []),
        ...["--parallel", String(parallel), project.entry],
    ];
}

async function endOf(child: ChildProcess): Promise<ProgramEnd> {
    return await new Promise((resolve, reject) => {
        child.once("error", (cause) =>
            reject(
                new UserError(
                    "program-failed",
                    `The program cannot be started: ${cause.message}`,
                    {},
                    { cause, cure: "Remove the cause that the system names, and run again." },
                ),
            ),
        );
        // "close" comes after all output was read; "exit" may come before.
        child.once("close", (code, signal) => {
            if (code === 0) resolve({ succeeded: true });
            else if (code === alreadyReported) resolve({ succeeded: false });
            else if (code === null)
                resolve({
                    succeeded: false,
                    message: `an unhandled error occurred: The program was ended by ${signal}`,
                });
            else
                resolve({
                    succeeded: false,
                    message: `an unhandled error occurred: Program exited with non-zero exit code: ${code}`,
                });
        });
    });
}

/** Splits `runtime.options.nodeargs` as a shell would: at blanks outside quotes. */
export function splitArguments(text: string): string[] {
    return [...text.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map(([word]) =>
        word.replace(
            /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
            (_all, double: string | undefined, single: string | undefined) =>
                double === undefined ? (single ?? "") : double.replace(/\\(.)/g, "$1"),
        ),
    );
}
