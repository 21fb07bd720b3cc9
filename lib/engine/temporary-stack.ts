import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors";
import { EmbeddedEngine } from "./embedded-engine";
import { callback, checkArguments, type Expected, flag, text, textsByName } from "./given-arguments";
import type { ProgramFunction } from "./program/inline-program";

export interface TemporaryStackOptions {
    /** A project's folder. It is only read. */
    readonly folder?: string;
    /** A function that declares resources and returns outputs, in place of a folder. It runs in this process, as in the Automation API. */
    readonly program?: ProgramFunction;
    /** The project's name when a function is the program. */
    readonly project?: string;
    /** The stack's name. */
    readonly stack?: string;
    /** Configuration, keys with or without namespace. */
    readonly config?: Readonly<Record<string, string>>;
    /** Secret configuration. */
    readonly secrets?: Readonly<Record<string, string>>;
    /** Variables for a folder's program and for the providers, besides those of this process. A function has this process's alone. */
    readonly environment?: NodeJS.ProcessEnv;
    /** Run a folder's program and the dynamic providers in this process, which is faster. See `EmbeddedEngineOptions`. */
    readonly inProcess?: boolean;
}

const rows: Readonly<Record<keyof TemporaryStackOptions, Expected>> = {
    folder: text,
    program: callback,
    project: text,
    stack: text,
    config: textsByName,
    secrets: textsByName,
    environment: textsByName,
    inProcess: flag,
};

/** A stack for one test, with its state in a temporary folder. */
export class TemporaryStack {
    readonly #folder: string;

    private constructor(
        readonly engine: EmbeddedEngine,
        folder: string,
    ) {
        this.#folder = folder;
    }

    /** Creates a stack without resources. @throws UserError `invalid-arguments`, and as EmbeddedEngine does */
    static async create(options: TemporaryStackOptions): Promise<TemporaryStack> {
        checkArguments("TemporaryStack.create", options, rows);
        if (options.folder === undefined && options.program === undefined)
            throw new UserError("invalid-arguments", "A temporary stack needs a `folder` or a `program`");
        const { program, project = "test", stack = "test", config = {}, secrets = {} } = options;
        const folder = mkdtempSync(join(tmpdir(), "temporary-stack-"));
        try {
            const state = join(folder, "state");
            mkdirSync(state);
            const root = options.folder ?? inlineProject(folder, project);
            const engine = new EmbeddedEngine({
                folder: root,
                stack,
                program,
                inProcess: options.inProcess,
                settingsFolder: folder,
                environment: {
                    ...process.env,
                    PULUMI_HOME: join(folder, "home"),
                    PULUMI_CONFIG_PASSPHRASE: "temporary",
                    ...options.environment,
                    PULUMI_BACKEND_URL: `file://${state}`,
                },
            });
            await engine.createStack(stack);
            for (const [key, value] of Object.entries(config)) await engine.setConfig(key, value, false);
            for (const [key, value] of Object.entries(secrets)) await engine.setConfig(key, value, true);
            return new TemporaryStack(engine, folder);
        } catch (error) {
            rmSync(folder, { recursive: true, force: true });
            throw error;
        }
    }

    /** Removes the stack's folder. Its resources stay: `await engine.destroy()` deletes them. */
    dispose(): void {
        rmSync(this.#folder, { recursive: true, force: true });
    }
}

/** The program is a function of the caller, so its packages are resolved from the caller's folder. */
function inlineProject(folder: string, project: string): string {
    const yaml = { name: project, runtime: "nodejs", main: process.cwd() };
    writeFileSync(join(folder, "Pulumi.yaml"), JSON.stringify(yaml));
    return folder;
}
