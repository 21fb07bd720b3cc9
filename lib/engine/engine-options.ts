import type { EngineListener } from "./deployment/engine-event";
import type { ScopeOptions } from "./deployment/operation-scope";
import {
    callback,
    type Expected,
    flag,
    listOf,
    object,
    positiveInteger,
    text,
    texts,
    textsByName,
} from "./given-arguments";
import type { ImportFile } from "./import/import-file";
import type { PolicyPackSource } from "./policy/policy-pack";
import type { ProgramFunction } from "./program/inline-program";
import { type ConfigType, configTypes } from "./project/config-scalar";
import type { HostingRule } from "./provider/start-provider-host";

export interface EmbeddedEngineOptions {
    /** The project's folder, or one below it. */
    readonly folder: string;
    /** Passphrase, backend and everything else that the CLI takes from the environment; this process's by default. */
    readonly environment?: NodeJS.ProcessEnv;
    /** The stack; by default the selected one. */
    readonly stack?: string | undefined;
    /** Run in this process in place of the project's program, as in the Automation API. */
    readonly program?: ProgramFunction | undefined;
    /**
     * Run the program and the dynamic providers in this process. Each operation evaluates their modules anew, with the stack's
     * environment. Faster than processes, for tests: a program that blocks blocks this process.
     */
    readonly inProcess?: boolean | undefined;
    /**
     * Which dynamic providers this process hosts itself, and calls without the protocol. All others, and by default all, are called in
     * the SDK's host, which is a process unless `inProcess` is set.
     */
    readonly hosts?: HostingRule | undefined;
    /** The folder of `Pulumi.<stack>.yaml`; by default the one that the project names. */
    readonly settingsFolder?: string | undefined;
    /** Takes warnings outside an operation, such as that of a damaged journal; by default they are Node's process warnings. */
    readonly onWarning?: ((message: string) => void) | undefined;
}

export interface RunOptions extends ScopeOptions {
    readonly listener?: EngineListener;
    /** How many steps run at the same time. */
    readonly parallel?: number | undefined;
    /** Read every resource first; by default as `Pulumi.yaml` says. */
    readonly refresh?: boolean | undefined;
    readonly cancel?: AbortSignal | undefined;
    readonly preview?: boolean;
    readonly clearPendingCreates?: boolean;
    /** Whether steps that need no failed resource continue. */
    readonly continueOnError?: boolean | undefined;
    /** Show properties that are marked as secret in plain text, in events and steps. Texts never show the stack's secrets. */
    readonly showSecrets?: boolean | undefined;
    /** The message in the history. */
    readonly message?: string | undefined;
    /** Policy packs that check the resources. */
    readonly policyPacks?: readonly PolicyPackSource[] | undefined;
    /** Run the program in a destroy too: delete hooks need it. */
    readonly runProgram?: boolean | undefined;
}

/** The resources to import, and the options. */
export interface ImportRunOptions extends RunOptions {
    readonly file: ImportFile;
    /** Whether the resources are protected from deletion; by default they are. */
    readonly protect?: boolean | undefined;
    /** Whether the result has a program that declares the resources; by default it has. */
    readonly generateCode?: boolean | undefined;
}

/** One value for the configuration. */
export interface ConfigSetting {
    readonly key: string;
    readonly value: string;
    /** Encrypt it. */
    readonly secret: boolean;
    readonly type?: ConfigType | undefined;
}

export interface RemovalOptions {
    /** Keep `Pulumi.<stack>.yaml`. */
    readonly keepSettings?: boolean | undefined;
    /** Remove the copies of former states too. */
    readonly removeBackups?: boolean | undefined;
}

/** What each option must be. */
type Rows<Options> = Readonly<Record<keyof Options, Expected>>;

export const engineRows: Rows<EmbeddedEngineOptions> = {
    folder: text,
    environment: textsByName,
    stack: text,
    program: callback,
    inProcess: flag,
    hosts: callback,
    settingsFolder: text,
    onWarning: callback,
};

/** Not by its class: a test's environment may have another one. */
const signal: Expected = [
    "an AbortSignal",
    (value) => object[1](value) && typeof (value as Partial<AbortSignal>).aborted === "boolean",
];
const isPack = (value: unknown): boolean => object[1](value) && text[1]((value as PolicyPackSource).folder);

export const runRows: Rows<RunOptions> = {
    listener: callback,
    parallel: positiveInteger,
    refresh: flag,
    cancel: signal,
    preview: flag,
    clearPendingCreates: flag,
    continueOnError: flag,
    showSecrets: flag,
    message: text,
    policyPacks: listOf(["", isPack], "a list of objects with a `folder`"),
    runProgram: flag,
    target: texts,
    targetDependents: flag,
    exclude: texts,
    excludeDependents: flag,
    replace: texts,
};

const isFile = (value: unknown): boolean => {
    const { resources = [] } = value as ImportFile;
    return Array.isArray(resources) && resources.every((entry) => object[1](entry));
};

export const importRows: Rows<ImportRunOptions> = {
    ...runRows,
    file: ["an object whose `resources` are a list of objects", (value) => object[1](value) && isFile(value)],
    protect: flag,
    generateCode: flag,
};

export const settingRows: Rows<ConfigSetting> = {
    key: text,
    value: text,
    secret: flag,
    type: [`one of ${configTypes.join(", ")}`, (value) => (configTypes as readonly unknown[]).includes(value)],
};
