import { existsSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { UserError } from "../errors";
import type { EngineListener } from "./deployment/engine-event";
import type { ScopeOptions } from "./deployment/operation-scope";
import type { ImportFile } from "./import/import-file";
import { type ImportResult, importStack } from "./import/import-stack";
import { type DestroyOptions, destroyStack } from "./operations/destroy";
import { type HistoryEntry, readHistory } from "./operations/history";
import { defaultParallel } from "./operations/operation";
import type { OperationResult } from "./operations/operation-result";
import { protectedUrns } from "./operations/protected-resources";
import { refreshStack } from "./operations/refresh";
import { renameStack } from "./operations/rename-stack";
import { openProject, type ProjectSession, StackSession, statesOf } from "./operations/stack-session";
import { type ExportedState, exportState, importState } from "./operations/state-transfer";
import { type ResourceStep, StepList } from "./operations/step-list";
import { updateStack } from "./operations/update";
import type { PolicyPackSource } from "./policy/policy-pack";
import type { ProgramFunction } from "./program/inline-program";
import type { ConfigType } from "./project/config-scalar";
import { type ConfigValue, type StackConfig, StackSettings } from "./project/stack-settings";
import type { HostingRule } from "./provider/start-provider-host";
import { PassphraseSealer } from "./secrets/passphrase-sealer";
import { passphraseFromEnvironment } from "./secrets/passphrase-source";
import { CheckpointStore, type LoadedCheckpoint } from "./state/checkpoint-store";
import { currentStackName, selectStack } from "./state/current-stack";
import { StackLock } from "./state/stack-lock";
import { organization, parseStackName } from "./state/stack-reference";
import { stackType } from "./urn";
import { type CheckpointJson, mapToCheckpoint, maskedSecrets, shownSecrets } from "./values/checkpoint-values";
import type { PropertyMap } from "./values/property-value";

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

/** One operation of the history. */
export interface HistoryRecord extends Omit<HistoryEntry, "config"> {
    /** The configuration that it ran with; secrets are masked unless they were to be shown. */
    readonly config: StackConfig;
}

/** For secrets that stay hidden. */
const hidingSealer = { encrypt: () => "[secret]", decrypt: () => "[secret]" };

/** The result of an operation or its preview. */
export interface RunResult extends Omit<OperationResult, "outputs"> {
    /** The outputs of the program, secrets in plain text; undefined when no program ran or it ended earlier. */
    readonly outputs: { [name: string]: CheckpointJson } | undefined;
    /** The steps of all resources that change, in order. */
    readonly steps: readonly ResourceStep[];
    /** Errors and warnings. */
    readonly messages: readonly string[];
}

/**
 * A Pulumi engine in this process: deploys stacks written for Node, of dynamic resources and of provider plugins, with the state files, the secrets and the
 * behaviour of the pulumi CLI 3.247. It refuses missing features by name (UserError `not-supported-by-embedded-engine`).
 */
export class EmbeddedEngine {
    readonly #session: ProjectSession;
    readonly #options: EmbeddedEngineOptions;

    /** @throws UserError `project-not-found`, `invalid-project`, `invalid-backend`, `not-supported-by-embedded-engine` */
    constructor(options: EmbeddedEngineOptions) {
        this.#options = options;
        this.#session = openProject(
            options.folder,
            options.environment ?? process.env,
            options.onWarning ?? ((message) => process.emitWarning(message)),
            options.settingsFolder,
        );
    }

    /** Reports what `up` would do, and changes nothing. */
    async preview(options: RunOptions = {}): Promise<RunResult> {
        return await this.#run(updateStack, { ...options, preview: true });
    }

    /** Deploys what the program declares. */
    async up(options: RunOptions = {}): Promise<RunResult> {
        return await this.#run(updateStack, options);
    }

    /** Updates the state to match the resources. */
    async refresh(options: RunOptions = {}): Promise<RunResult> {
        return await this.#run(refreshStack, options);
    }

    /** Deletes all resources of the stack. */
    async destroy(options: RunOptions = {}): Promise<RunResult> {
        return await this.#run(destroyStack, options);
    }

    /** Adopts existing resources that the program does not declare yet. @throws UserError `invalid-import-file` */
    async import(options: ImportRunOptions): Promise<RunResult & Pick<ImportResult, "program">> {
        const { file, protect, generateCode, ...others } = options;
        let program: string | undefined;
        const result = await this.#run(async (session, run) => {
            const imported = await importStack(session, { ...run, file, protect, generateCode });
            program = imported.program;
            return imported;
        }, others);
        return { ...result, program };
    }

    /** The URNs that a destroy keeps for the sake of protected resources, and how many other resources there are. */
    protectedResources(): { readonly urns: readonly string[]; readonly others: number } {
        const resources = this.#open().readState().deployment?.resources ?? [];
        const urns = protectedUrns(resources);
        return { urns, others: resources.length - urns.length };
    }

    /** Creates a stack, and selects it by default. @throws UserError `stack-exists`, `passphrase-missing` */
    async createStack(name: string, select = true): Promise<string> {
        const { project, backend, environment } = this.#session;
        const stack = parseStackName(name, project.name);
        const lock = StackLock.acquire(backend, stack);
        try {
            backend.expectNew(stack);
            const settings = StackSettings.load(project, stack.name);
            if (settings.encryptionSalt === undefined) {
                settings.encryptionSalt = (await PassphraseSealer.create(passphraseFromEnvironment(environment))).salt;
                settings.save();
            }
            new CheckpointStore(backend, stack).write(undefined);
        } finally {
            lock.release();
        }
        if (select) selectStack(project, stack.name, environment);
        return stack.name;
    }

    /** Selects the stack of commands that name none. @throws UserError `stack-not-found` */
    selectStack(name: string): void {
        const { stack } = StackSession.open(this.#session, name);
        selectStack(this.#session.project, stack.name, this.#session.environment);
    }

    /** The project's stacks. */
    stacks(): { name: string; current: boolean; resources: number | undefined; lastUpdate: string | undefined }[] {
        const current = currentStackName(this.#session.project, this.#session.environment)?.split("/").at(-1);
        return this.#session.backend.stacks(this.#session.project.name).map((stack) => {
            const { deployment } = new CheckpointStore(this.#session.backend, stack).read();
            return {
                name: stack.name,
                current: stack.name === current,
                resources: deployment?.resources?.length,
                lastUpdate: deployment?.manifest.time,
            };
        });
    }

    /** @throws UserError `stack-not-empty` */
    expectEmpty(): void {
        const session = this.#open();
        refuseResources(session, session.readState());
    }

    /** Removes a stack with its settings. @throws UserError `stack-not-empty` unless forced */
    removeStack(
        name: string | undefined,
        force: boolean,
        { keepSettings, removeBackups }: RemovalOptions = {},
    ): string {
        const session = this.#open(name);
        const { backend, project, environment } = this.#session;
        const lock = StackLock.acquire(backend, session.stack);
        try {
            // A forced removal works for a state that cannot be read.
            if (!force) refuseResources(session, session.store.recover());
            const { file } = session.settings;
            backend.remove(session.stack, removeBackups);
            if (!keepSettings && existsSync(file)) rmSync(file);
        } finally {
            lock.release();
        }
        if (currentStackName(project, environment) === session.stack.name) selectStack(project, undefined, environment);
        return session.stack.name;
    }

    /** Gives the stack another name, and selects it where the old one was selected. @throws UserError `stack-exists` */
    renameStack(name: string): string {
        const session = this.#open();
        const { project, environment } = this.#session;
        const isSelected = currentStackName(project, environment) === session.stack.name;
        const renamed = renameStack(session, name);
        if (isSelected) selectStack(project, renamed, environment);
        return renamed;
    }

    /**
     * The stack's operations, the last one first.
     * @param showSecrets whether secret configuration is decrypted
     */
    async history(showSecrets = false): Promise<readonly HistoryRecord[]> {
        const session = this.#open();
        const sealer = showSecrets && session.settings.hasSecrets ? await session.settingsSealer() : undefined;
        return readHistory(session).map((entry) => ({
            ...entry,
            config: session.settings.recorded(entry.config, () => sealer ?? hidingSealer),
        }));
    }

    /** The user and the location of the states. A folder has no accounts, so the user is the operating system's. */
    identity(): { readonly user: string; readonly organization: string; readonly backend: string } {
        return { user: userInfo().username, organization, backend: this.#session.backend.url };
    }

    /** The stack's outputs as JSON values; secrets are masked unless they are to be shown. */
    async outputs(showSecrets = false): Promise<{ [name: string]: CheckpointJson }> {
        return mapToCheckpoint(await this.outputValues(), showSecrets ? shownSecrets : maskedSecrets);
    }

    /** The stack's outputs as the engine holds them. */
    async outputValues(): Promise<PropertyMap> {
        const session = this.#open();
        const { deployment } = session.readState();
        const stack = deployment?.resources?.find(({ type }) => type === stackType);
        if (stack === undefined) return {};
        const [state] = statesOf(
            { manifest: { time: "", magic: "", version: "" }, resources: [stack] },
            await session.stateSealer(deployment),
        );
        return state?.outputs ?? {};
    }

    /** The state as `stack export` writes it. */
    async exportState(showSecrets = false): Promise<ExportedState> {
        return await exportState(this.#open(), showSecrets);
    }

    /**
     * Replaces the stack's state. Pending operations of the new state are dropped.
     * @param text JSON as `exportState` gives it
     * @param force imports a state of another stack too
     * @returns what was dropped, in words
     * @throws UserError `invalid-import`
     */
    async importState(text: string, force = false): Promise<string[]> {
        return await importState(this.#open(), text, force);
    }

    /** Removes every lock of the stack, for locks of processes that are gone. */
    cancel(): void {
        StackLock.breakAll(this.#session.backend, this.#open().stack);
    }

    /** The stack's configuration, secrets in plain text. */
    async config(): Promise<StackConfig> {
        const session = this.#open();
        const sealer = session.settings.hasSecrets ? await session.settingsSealer() : undefined;
        return session.settings.config(() => sealer as PassphraseSealer);
    }

    /**
     * @param isPath whether the key may lead into a structured value
     * @param type the type in the settings file; by default text, and in structured values the one that the text looks like
     */
    async setConfig(key: string, value: string, secret: boolean, isPath = false, type?: ConfigType): Promise<void> {
        await this.setAllConfig([{ key, value, secret, type }], isPath);
    }

    /** Sets several values at once: all of them, or none. */
    async setAllConfig(settings: readonly ConfigSetting[], isPath = false): Promise<void> {
        const session = this.#open();
        const sealer = settings.some(({ secret }) => secret) ? await session.settingsSealer() : undefined;
        for (const { key, value, secret, type } of settings) {
            const seal = secret ? sealer : undefined;
            if (isPath) session.settings.setAtPath(key, value, seal, type);
            else session.settings.set(key, value, seal, type);
        }
        session.settings.save();
    }

    /** Sets values given as `key=value`, as the flag `--config` does. */
    setConfigs(pairs: readonly string[], arePaths: boolean): void {
        const { settings } = this.#open();
        settings.setAll(pairs, arePaths);
        settings.save();
    }

    /** One value of the configuration, secrets in plain text. @throws UserError `config-not-found` */
    async configValue(key: string, isPath: boolean): Promise<ConfigValue> {
        const session = this.#open();
        const sealer = session.settings.hasSecrets ? await session.settingsSealer() : undefined;
        const found = isPath
            ? session.settings.valueAt(key, () => sealer as PassphraseSealer)
            : session.settings.config(() => sealer as PassphraseSealer).get(session.settings.qualifiedKey(key));
        if (found !== undefined) return found;
        throw new UserError(
            "config-not-found",
            `configuration key '${key}' not found for stack '${session.stack.name}'`,
            {},
            { cure: "List the keys with `pulumi-embedded config`, or set this one with `pulumi-embedded config set`." },
        );
    }

    /** @throws UserError `config-not-found` */
    removeConfig(key: string, isPath = false): void {
        const { settings } = this.#open();
        if (!(isPath ? settings.removeAtPath(key) : settings.remove(key)))
            throw new UserError(
                "config-not-found",
                `configuration key '${key}' not found`,
                {},
                { cure: "List the keys with `pulumi-embedded config`." },
            );
        settings.save();
    }

    get stackName(): string {
        return this.#open().stack.name;
    }

    #open(name = this.#options.stack): StackSession {
        return StackSession.open(this.#session, name);
    }

    async #run(
        operate: (session: StackSession, options: DestroyOptions) => Promise<OperationResult>,
        options: RunOptions,
    ): Promise<RunResult> {
        const { listener = () => {}, parallel, ...rest } = options;
        const { target, targetDependents, exclude, excludeDependents, replace, ...others } = rest;
        const steps = new StepList();
        const result = await operate(this.#open(), {
            preview: false,
            ...others,
            program: this.#options.program,
            inProcess: this.#options.inProcess,
            hosts: this.#options.hosts,
            scope: { target, targetDependents, exclude, excludeDependents, replace },
            listener: (event) => {
                steps.note(event);
                listener(event);
            },
            parallel: parallel ?? defaultParallel(this.#session.environment),
        });
        return {
            ...result,
            outputs: result.outputs === undefined ? undefined : mapToCheckpoint(result.outputs, shownSecrets),
            steps: steps.changes,
            messages: steps.messages,
        };
    }
}

function refuseResources({ stack }: StackSession, { deployment }: Pick<LoadedCheckpoint, "deployment">): void {
    if ((deployment?.resources?.length ?? 0) > 0)
        throw new UserError("stack-not-empty", `'${stack.name}' still has resources; removal rejected`);
}
