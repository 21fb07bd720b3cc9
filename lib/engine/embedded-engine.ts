import { existsSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { UserError } from "../errors";
import {
    type ConfigSetting,
    type EmbeddedEngineOptions,
    engineRows,
    type ImportRunOptions,
    importRows,
    type RemovalOptions,
    type RunOptions,
    runRows,
    settingRows,
} from "./engine-options";
import { checkArguments, checkTexts, texts } from "./given-arguments";
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
import type { ConfigType } from "./project/config-scalar";
import { type ConfigValue, type StackConfig, StackSettings } from "./project/stack-settings";
import { PassphraseSealer } from "./secrets/passphrase-sealer";
import { passphraseFromEnvironment } from "./secrets/passphrase-source";
import { CheckpointStore, type LoadedCheckpoint } from "./state/checkpoint-store";
import { currentStackName, selectStack } from "./state/current-stack";
import { StackLock } from "./state/stack-lock";
import { organization, parseStackName } from "./state/stack-reference";
import { stackType } from "./urn";
import { type CheckpointJson, mapToCheckpoint, maskedSecrets, shownSecrets } from "./values/checkpoint-values";
import type { PropertyMap } from "./values/property-value";

/** One operation of the history. */
export interface HistoryRecord extends Omit<HistoryEntry, "config"> {
    /** The configuration that it ran with; secrets are masked unless they were to be shown. */
    readonly config: StackConfig;
}

function checkedRun(call: string, options: RunOptions): RunOptions {
    checkArguments(call, options, runRows);
    return options;
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

    /** @throws UserError `invalid-arguments`, `project-not-found`, `invalid-project`, `invalid-backend`, `not-supported-by-embedded-engine` */
    constructor(options: EmbeddedEngineOptions) {
        checkArguments("EmbeddedEngine", options, engineRows, ["folder"]);
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
        return await this.#run(updateStack, { ...checkedRun("preview", options), preview: true });
    }

    /** Deploys what the program declares. */
    async up(options: RunOptions = {}): Promise<RunResult> {
        return await this.#run(updateStack, checkedRun("up", options));
    }

    /** Updates the state to match the resources. */
    async refresh(options: RunOptions = {}): Promise<RunResult> {
        return await this.#run(refreshStack, checkedRun("refresh", options));
    }

    /** Deletes all resources of the stack. */
    async destroy(options: RunOptions = {}): Promise<RunResult> {
        return await this.#run(destroyStack, checkedRun("destroy", options));
    }

    /** Adopts existing resources that the program does not declare yet. @throws UserError `invalid-import-file` */
    async import(options: ImportRunOptions): Promise<RunResult & Pick<ImportResult, "program">> {
        checkArguments("import", options, importRows, ["file"]);
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
        checkTexts("createStack", { name });
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
        checkTexts("selectStack", { name });
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
        if (name !== undefined) checkTexts("removeStack", { name });
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
        checkTexts("renameStack", { name });
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
        checkTexts("importState", { text });
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
        checkArguments("setAllConfig", { settings }, { settings: ["a list", Array.isArray] }, ["settings"]);
        for (const setting of settings) checkArguments("setConfig", setting, settingRows, ["key", "value"]);
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
        checkArguments("setConfigs", { pairs }, { pairs: texts }, ["pairs"]);
        const { settings } = this.#open();
        settings.setAll(pairs, arePaths);
        settings.save();
    }

    /** One value of the configuration, secrets in plain text. @throws UserError `config-not-found` */
    async configValue(key: string, isPath: boolean): Promise<ConfigValue> {
        checkTexts("configValue", { key });
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
        checkTexts("removeConfig", { key });
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
