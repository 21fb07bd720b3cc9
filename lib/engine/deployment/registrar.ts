import { UserError } from "../../errors";
import type { StackConfig } from "../project/stack-settings";
import type { Provider } from "../provider/provider";
import { ProviderFailure } from "../provider/provider-failure";
import { type PluginRequest, withPlugin } from "../provider/provider-inputs";
import { type ProviderRegistry, referenceOf, refuseEngineResources } from "../provider/provider-registry";
import { dependedUrns, type ResourceState } from "../state/resource-state";
import type { SnapshotRecorder } from "../state/snapshot-recorder";
import { isProviderType, packageOfType, stackType } from "../urn";
import type { PropertyMap } from "../values/property-value";
import { Aborted, InputsRefused } from "./aborted";
import { defaultProviderGoal, defaultProviderName, deniesDefaultProvider } from "./default-provider";
import type { DeploymentLog } from "./deployment-log";
import type { Goal, ReadGoal } from "./goal";
import type { ResourceHooks } from "./resource-hooks";
import { type Step, stepState } from "./step";
import type { StepExecutor } from "./step-executor";
import type { StepGenerator } from "./step-generator";

/** The result of a declaration: the resource, and whether it succeeded, failed, or was skipped because a resource that it needs failed. */
export interface Registered {
    readonly state: ResourceState;
    readonly outcome: "succeeded" | "failed" | "skipped";
}

/** The steps that are left to do for a declaration, or its result if the resource that it adopts was not adopted. */
type Decided = { readonly steps: readonly Step[] } | Registered;

/** What a registrar decides and runs declarations with. */
export interface RegistrarParts {
    readonly generator: StepGenerator;
    readonly executor: StepExecutor;
    readonly recorder: SnapshotRecorder;
    readonly log: DeploymentLog;
    readonly config: StackConfig;
    readonly hooks: ResourceHooks;
    readonly providers: ProviderRegistry;
}

/**
 * Serves a running program: it declares resources, reads others and registers outputs. Declarations are decided one at a time and
 * carried out in parallel (source_eval.go, deployment_executor.go).
 */
export class Registrar {
    #queue: Promise<unknown> = Promise.resolve();
    readonly #goals = new Map<string, Goal>();
    /** The step of each registered component whose outputs are not registered yet. */
    readonly #awaitingOutputs = new Map<string, Step>();
    readonly #defaultProviders = new Map<string, string>();
    readonly #skipped = new Set<string>();
    #incomplete = false;
    /** Whether the operation ended because a provider refused inputs. */
    #endedByInputs = false;
    #stack: { readonly step: Step; readonly outputs: PropertyMap } | undefined;

    readonly #parts: RegistrarParts;

    constructor(parts: RegistrarParts) {
        this.#parts = parts;
    }

    /** @throws Aborted when the operation ends before the resource is what was declared */
    async register(goal: Goal): Promise<Registered> {
        try {
            const decided = await this.#inTurn(wordsFor(goal), () => this.#decideOn(goal));
            return "outcome" in decided ? decided : await this.#runUnlessSkipped(decided.steps);
        } catch (error) {
            if (!(error instanceof InputsRefused)) throw error;
            this.#skipped.add(error.state.urn);
            return { state: error.state, outcome: "failed" };
        }
    }

    async #decideOn(goal: Goal): Promise<Decided> {
        const complete = this.#inherit(goal);
        if (complete.custom) refuseEngineResources(complete.type, complete.name);
        const provider =
            complete.custom && !isProviderType(complete.type)
                ? complete.provider || (await this.#defaultProvider(packageOfType(complete.type), complete.plugin))
                : "";
        const properties = isProviderType(complete.type)
            ? withPlugin(complete.properties, complete.plugin)
            : complete.properties;
        return await this.#stepsFor({ ...complete, properties, provider });
    }

    async read(goal: ReadGoal): Promise<Registered> {
        const steps = await this.#inTurn(wordsFor(goal), async () => {
            refuseEngineResources(goal.type, goal.name);
            return this.#parts.generator.stepsForRead({
                ...goal,
                provider: goal.provider || (await this.#defaultProvider(packageOfType(goal.type), goal.plugin)),
            });
        });
        return await this.#runUnlessSkipped(steps);
    }

    /** Finds the provider of a function that the program calls. @throws UserError, ProviderFailure; Aborted when the operation has ended */
    async providerFor(token: string, provider: string, plugin: PluginRequest): Promise<Provider> {
        const reference = await this.#inTurn(`function ${token}`, async () => {
            refuseEngineResources(token);
            return provider || (await this.#defaultProvider(packageOfType(token), plugin));
        });
        return await this.#parts.providers.load(reference);
    }

    /** Where failures are tolerated, a resource that needs a failed or skipped one is skipped (deployment_executor.go, handleSingleEvent). */
    async #runUnlessSkipped(steps: readonly Step[]): Promise<Registered> {
        const state = lastState(steps);
        for (const { urn } of this.#parts.executor.failed) this.#skipped.add(urn);
        // Nothing is deleted for a replacement that is skipped.
        const isPrevented = this.#needsSkipped(lastState(steps));
        const runnable = steps.filter((step) => {
            const isSkipped = this.#needsSkipped(stepState(step));
            if (isSkipped) this.#skipped.add(step.urn);
            return !isSkipped && (step.op === "same" || !isPrevented);
        });
        const step = steps.findLast(({ new: made }) => made !== undefined) as Step;
        const succeeded = await this.#parts.executor.run(runnable);
        if (!runnable.includes(step)) return { state, outcome: "skipped" };
        if (succeeded) this.#awaitingOutputs.set(step.urn, step);
        else this.#skipped.add(step.urn);
        return { state, outcome: succeeded ? "succeeded" : "failed" };
    }

    /** Whether a resource cannot be handled: an earlier step of it failed, or one that it needs failed or was skipped. */
    #needsSkipped(state: ResourceState): boolean {
        const needed = [state.urn, state.parent, ...dependedUrns(state)];
        return needed.some((urn) => this.#skipped.has(urn));
    }

    /** Registers a component's outputs. Those of the stack wait until everything else is done. */
    async registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
        const step = this.#awaitingOutputs.get(urn);
        if (step?.new === undefined) {
            const message = `cannot complete a resource '${urn}' whose registration isn't pending`;
            if (!this.#skipped.has(urn)) throw new UserError("invalid-declaration", message);
            this.#parts.log.faults(message, urn);
            this.#incomplete = true;
            return;
        }
        this.#awaitingOutputs.delete(urn);
        if (step.skipped) return;
        if (step.type === stackType) {
            this.#stack = { step, outputs };
            return;
        }
        step.new.outputs = outputs;
        if (!step.new.custom) await this.#runAfterHooks(step, step.new);
        this.#parts.recorder.record({ saved: [step.new] });
        this.#parts.log.ends(step);
    }

    /** Calls the hooks after a component was made, once it is complete. */
    async #runAfterHooks(step: Step, state: ResourceState): Promise<void> {
        const call = { state, old: step.op === "update" ? step.old : undefined, new: state, newOutputs: state.outputs };
        if (step.op === "create") await this.#parts.hooks.after("AfterCreate", call);
        else if (step.op === "update") await this.#parts.hooks.after("AfterUpdate", call);
        if (this.#parts.hooks.hasFailed) this.#parts.executor.stopUnlessTolerant();
    }

    /** Puts the stack's outputs into the state: instead of the old ones, or over them when something failed. */
    settleStackOutputs(failed: boolean): void {
        if (this.#stack?.step.new === undefined) return;
        const { step, outputs } = this.#stack;
        const state = step.new as ResourceState;
        state.outputs = failed ? { ...step.old?.outputs, ...outputs } : outputs;
        // A destroy that runs the program has deleted it by now.
        if (this.#parts.recorder.holds(state)) this.#parts.recorder.record({ saved: [state] });
        this.#parts.log.ends(step);
    }

    /** The stack's outputs that the program registered; undefined when it did not. */
    get stackOutputs(): PropertyMap | undefined {
        return this.#stack?.outputs;
    }

    /** Whether a component was skipped, so that its children are not known. */
    get isIncomplete(): boolean {
        return this.#incomplete;
    }

    /** Waits until every declaration so far is decided, also those that come while it waits. */
    async settled(): Promise<void> {
        for (let last: unknown; last !== this.#queue; ) {
            last = this.#queue;
            await last;
        }
    }

    async #stepsFor(goal: Goal): Promise<Decided> {
        const { steps, next } = await this.#parts.generator.stepsFor(goal);
        this.#goals.set(lastState(steps).urn, goal);
        if (next === undefined) return { steps };
        const adopted = await this.#runUnlessSkipped(steps);
        return adopted.outcome === "succeeded" ? { steps: await next() } : adopted;
    }

    /** Options that children inherit from their parents (source_eval.go, inheritFromParent). */
    #inherit(goal: Goal): Goal {
        const parent = this.#goals.get(goal.parent);
        if (parent === undefined) return goal;
        const samePackage = parent.custom && packageOfType(parent.type) === packageOfType(goal.type);
        return {
            ...goal,
            protect: goal.protect ?? parent.protect,
            retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
            deletedWith: goal.deletedWith || parent.deletedWith,
            provider: goal.provider || (goal.custom && samePackage ? parent.provider : ""),
        };
    }

    /** Registers the default provider of a package, once for each requested version. */
    async #defaultProvider(packageName: string, plugin: PluginRequest): Promise<string> {
        const name = `${packageName} ${defaultProviderName(plugin)}`;
        const known = this.#defaultProviders.get(name);
        if (known !== undefined) return known;
        if (deniesDefaultProvider(packageName, this.#parts.config)) {
            const what = `Default provider for '${packageName}' disabled. '${packageName}' must use an explicit provider`;
            const cure =
                "Give the resource an explicit provider, or change `pulumi:disable-default-providers` in the stack's configuration.";
            throw new UserError("invalid-declaration", what, {}, { cure });
        }
        const { steps } = await this.#parts.generator.stepsFor(
            defaultProviderGoal(packageName, plugin, this.#parts.config),
        );
        const state = lastState(steps);
        // After refused inputs nothing is deployed, and the provider only checks the inputs of other declarations.
        if (this.#endedByInputs) this.#parts.providers.create(state, true);
        else if (!(await this.#parts.executor.run(steps))) throw new Aborted();
        const reference = referenceOf(state);
        this.#defaultProviders.set(name, reference);
        return reference;
    }

    /**
     * Decides one declaration after the other. A faulty one ends the operation. Where only the inputs are wrong, the inputs of the waiting
     * declarations are checked too, so that every fault is reported at once.
     * @throws InputsRefused in a preview, which continues to report every fault. A deployment ends, also where it tolerates failures: what the
     * refused resource was is not known, so nothing may be deleted.
     */
    async #inTurn<Result>(what: string, decide: () => Promise<Result>): Promise<Result> {
        const turn = this.#queue.then(async () => {
            const onlyChecks = this.#parts.executor.isAborted;
            if (onlyChecks && !this.#endedByInputs) throw new Aborted();
            try {
                const decided = await decide();
                if (onlyChecks) throw new Aborted();
                return decided;
            } catch (error) {
                if (error instanceof InputsRefused && !onlyChecks) {
                    if (this.#parts.executor.isPreview) throw error;
                    this.#endedByInputs = true;
                }
                if (error instanceof UserError || error instanceof ProviderFailure) {
                    this.#parts.log.says("error", `${what}: ${error.message}`);
                } else if (!(error instanceof Aborted)) throw error;
                this.#parts.executor.abort();
                throw new Aborted();
            }
        });
        this.#queue = turn.catch(() => {});
        return await turn;
    }
}

const wordsFor = ({ type, name }: Goal | ReadGoal): string => `${type} resource '${name}'`;

const lastState = (steps: readonly Step[]): ResourceState =>
    steps.findLast(({ new: state }) => state !== undefined)?.new as ResourceState;
