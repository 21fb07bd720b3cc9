import type { HookType } from "../state/hook-names";
import type { ResourceState } from "../state/resource-state";
import type { PropertyMap } from "../values/property-value";
import type { DeploymentLog } from "./deployment-log";

/** A hook's arguments. `old` is missing for a create, `new` for a delete. */
export interface HookCall {
    readonly state: ResourceState;
    readonly old: ResourceState | undefined;
    readonly new: ResourceState | undefined;
    /** The provider's answer, after the step. */
    readonly newOutputs?: PropertyMap | undefined;
}

export interface ResourceHook {
    readonly name: string;
    /** Whether it is called in previews too. */
    readonly onDryRun: boolean;
    /** Whether its failure is only a warning. */
    readonly ignoreErrors: boolean;
    /** @throws HookFailure */
    readonly run: (call: HookCall) => Promise<void>;
}

export interface ErrorHook {
    readonly name: string;
    /** @returns whether to try again @throws HookFailure */
    readonly run: (
        call: HookCall,
        operation: "create" | "update" | "delete",
        failures: readonly string[],
    ) => Promise<boolean>;
}

/** A hook failed or does not exist. */
export class HookFailure extends Error {}

/** The most attempts of one call that error hooks can cause (pkg/resource/deploy/retries.go). */
const maxAttempts = 100;

/** The program's functions that run before and after a resource's steps (resource_hooks.go, Deployment.RunHooks). */
export class ResourceHooks {
    readonly #hooks = new Map<string, ResourceHook>();
    readonly #errorHooks = new Map<string, ErrorHook>();
    #failed = false;

    readonly #log: DeploymentLog;
    readonly #preview: boolean;

    constructor(log: DeploymentLog, preview: boolean) {
        this.#log = log;
        this.#preview = preview;
    }

    /** Whether a hook failed after its step succeeded. */
    get hasFailed(): boolean {
        return this.#failed;
    }

    /** @throws HookFailure */
    register(hook: ResourceHook): void {
        this.#refuseName(hook.name);
        this.#hooks.set(hook.name, hook);
    }

    /** @throws HookFailure */
    registerErrorHook(hook: ErrorHook): void {
        this.#refuseName(hook.name);
        this.#errorHooks.set(hook.name, hook);
    }

    /** @throws HookFailure, which prevents the step */
    async before(type: HookType & `Before${string}`, call: HookCall): Promise<void> {
        await this.#run(type, call);
    }

    /** A failure makes the operation fail, and the step stays. So it is recorded before, and a process that is killed meanwhile loses nothing. */
    async after(type: HookType & `After${string}`, call: HookCall): Promise<void> {
        try {
            await this.#run(type, call);
        } catch (error) {
            if (!(error instanceof HookFailure)) throw error;
            this.#failed = true;
            this.#log.faults(error.message, call.state.urn);
        }
    }

    /** Makes a provider call, and repeats a failed one while error hooks request it. */
    async retrying<Result>(
        operation: "create" | "update" | "delete",
        call: HookCall,
        attempt: () => Promise<Result>,
    ): Promise<Result> {
        const names = call.state.resourceHooks.OnError ?? [];
        if (names.length === 0) return await attempt();
        const failures: string[] = [];
        for (;;) {
            try {
                return await attempt();
            } catch (error) {
                failures.unshift((error as Error).message);
                if (failures.length >= maxAttempts) {
                    const text = `maximum number of error hook retries (${maxAttempts}) reached`;
                    this.#log.says("warning", text, call.state.urn);
                    throw new HookFailure("maximum number of error hook retries reached");
                }
                if (!(await this.#wantsRetry(names, operation, call, failures))) throw error;
                const text = `retrying ${operation} due to on-error hook request (${failures.length}/${maxAttempts})`;
                this.#log.says("warning", text, call.state.urn);
            }
        }
    }

    async #wantsRetry(
        names: readonly string[],
        operation: "create" | "update" | "delete",
        call: HookCall,
        failures: readonly string[],
    ): Promise<boolean> {
        let retry = false;
        for (const name of names) {
            const hook = this.#errorHooks.get(name);
            if (hook === undefined)
                throw new HookFailure(`error hooks execution failed: error hook "${name}" was not registered`);
            try {
                retry = (await hook.run(call, operation, failures)) || retry;
            } catch (error) {
                if (!(error instanceof HookFailure)) throw error;
                throw new HookFailure(`error hooks execution failed: error hook "${name}" failed: ${error.message}`);
            }
        }
        return retry;
    }

    async #run(type: HookType, call: HookCall): Promise<void> {
        const { urn, resourceHooks } = call.state;
        for (const name of resourceHooks[type] ?? []) {
            const hook = this.#hooks.get(name);
            if (hook === undefined) throw new HookFailure(`hook "${name}" was not registered`);
            if (this.#preview && !hook.onDryRun) continue;
            try {
                await hook.run(call);
            } catch (error) {
                if (!(error instanceof HookFailure)) throw error;
                const when = type.startsWith("Before") ? "before" : "after";
                if (!hook.ignoreErrors) throw new HookFailure(`${when} hook "${name}" failed: ${error.message}`);
                this.#log.says("warning", `${type} hook "${name}" failed: ${error.message}`, urn);
            }
        }
    }

    #refuseName(name: string): void {
        if (name === "") throw new HookFailure("resource hook name cannot be empty");
        if (this.#hooks.has(name) || this.#errorHooks.has(name))
            throw new HookFailure(`resource hook already registered for name "${name}"`);
    }
}
