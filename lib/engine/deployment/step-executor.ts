import { UserError } from "../../errors";
import { ProviderFailure } from "../provider/provider-failure";
import type { ResourceState } from "../state/resource-state";
import { Aborted } from "./aborted";
import { applyStep } from "./apply-step";
import { HookFailure } from "./resource-hooks";
import { type Step, stepState } from "./step";
import type { StepContext } from "./step-context";

/**
 * Runs steps in parallel up to a limit. A failed step ends the operation unless failures are tolerated: running steps finish, and no new
 * ones start.
 */
export class StepExecutor {
    #running = 0;
    readonly #waiting: (() => void)[] = [];
    readonly #chains = new Set<Promise<void>>();
    #aborted = false;
    readonly #abortListeners: (() => void)[] = [];

    /** The resources whose steps failed. */
    readonly failed: ResourceState[] = [];

    readonly #context: StepContext;
    readonly #parallel: number;
    #toleratesFailure: boolean;

    /**
     * @param parallel how many steps may run at the same time, at least 1
     * @param toleratesFailure whether steps that need no failed resource continue
     */
    constructor(context: StepContext, parallel: number, toleratesFailure: boolean) {
        this.#context = context;
        this.#parallel = parallel;
        this.#toleratesFailure = toleratesFailure;
    }

    /**
     * Runs steps one after the other, until one fails.
     * @returns whether all succeeded
     * @throws Aborted when the operation ended before they did
     */
    async run(steps: readonly Step[]): Promise<boolean> {
        const chain = this.#runChain(steps);
        const tracked = chain.then(
            () => {},
            () => {},
        );
        this.#chains.add(tracked);
        void tracked.then(() => this.#chains.delete(tracked));
        return await chain;
    }

    /**
     * Runs independent steps.
     * @returns whether all succeeded
     * @throws Aborted when the operation ended before they did
     */
    async runAll(steps: readonly Step[]): Promise<boolean> {
        const ends = await Promise.allSettled(steps.map((step) => this.run([step])));
        const refusals = ends.flatMap((end): unknown[] => (end.status === "rejected" ? [end.reason] : []));
        const defect = refusals.find((refusal) => !(refusal instanceof Aborted));
        if (defect !== undefined) throw defect;
        if (this.#aborted) throw new Aborted();
        return ends.every((end) => end.status === "fulfilled" && end.value);
    }

    /** Runs independent steps, all of them even if one fails. */
    async runAllTolerant(steps: readonly Step[]): Promise<boolean> {
        const before = this.#toleratesFailure;
        this.#toleratesFailure = true;
        try {
            return await this.runAll(steps);
        } finally {
            this.#toleratesFailure = before;
        }
    }

    /** Starts no new steps from now on. */
    abort(): void {
        if (this.#aborted) return;
        this.#aborted = true;
        for (const listener of this.#abortListeners) listener();
        for (const next of this.#waiting.splice(0)) next();
    }

    /** Starts no new steps after a failure, unless failures are tolerated. */
    stopUnlessTolerant(): void {
        if (!this.#toleratesFailure) this.abort();
    }

    get isPreview(): boolean {
        return this.#context.preview;
    }

    get isAborted(): boolean {
        return this.#aborted;
    }

    onAbort(listener: () => void): void {
        if (this.#aborted) listener();
        else this.#abortListeners.push(listener);
    }

    /** Waits until no step runs. */
    async idle(): Promise<void> {
        while (this.#chains.size > 0) await Promise.all(this.#chains);
    }

    async #runChain(steps: readonly Step[]): Promise<boolean> {
        await this.#slot();
        try {
            for (const step of steps) {
                if (this.#aborted) throw new Aborted();
                if (!(await this.#runStep(step))) {
                    if (this.#aborted) throw new Aborted();
                    return false;
                }
            }
            return true;
        } finally {
            this.#running -= 1;
            this.#waiting.shift()?.();
        }
    }

    async #slot(): Promise<void> {
        if (this.#running >= this.#parallel) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#running += 1;
    }

    async #runStep(step: Step): Promise<boolean> {
        const { log } = this.#context;
        log.begins(step);
        try {
            await applyStep(step, this.#context);
        } catch (error) {
            if (!isStepFailure(error)) throw error;
            log.fails(step, error.message);
            this.failed.push(stepState(step));
            if (step.old !== undefined) this.failed.push(step.old);
            // A protected resource stays, and the other deletes continue (step_executor.go).
            if (!this.#toleratesFailure && !(error instanceof UserError && error.kind === "resource-protected"))
                this.abort();
            return false;
        }
        log.count(step);
        if (this.#context.hooks.hasFailed) this.stopUnlessTolerant();
        // Components register their outputs later.
        if (step.new === undefined || step.new.custom || step.op === "refresh") log.ends(step);
        return true;
    }
}

const isStepFailure = (error: unknown): error is Error =>
    error instanceof ProviderFailure || error instanceof UserError || error instanceof HookFailure;
