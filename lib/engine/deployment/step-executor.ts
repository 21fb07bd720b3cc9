import { UserError } from "../../errors";
import { ProviderFailure } from "../provider/provider-failure";
import { Aborted } from "./aborted";
import { applyStep, type StepContext } from "./apply-step";
import type { Step } from "./step";

/**
 * Runs steps, so many at a time. A step that fails ends the operation: nothing new starts, what runs is let finish.
 */
export class StepExecutor {
    private running = 0;
    private readonly waiting: (() => void)[] = [];
    private readonly chains = new Set<Promise<void>>();
    private aborted = false;
    private toleratesFailure = false;
    private readonly abortListeners: (() => void)[] = [];

    /** @param parallel how many steps may run at the same time, at least 1 */
    constructor(
        private readonly context: StepContext,
        private readonly parallel: number,
    ) {}

    /** Runs steps one after the other. @throws Aborted when the operation ended before they did */
    async run(steps: readonly Step[]): Promise<void> {
        const chain = this.runChain(steps);
        const tracked = chain.catch(() => {});
        this.chains.add(tracked);
        void tracked.then(() => this.chains.delete(tracked));
        await chain;
    }

    /**
     * Runs steps that don't depend on each other.
     * @returns whether one of them failed, and only that if the rest is to go on after it
     * @throws Aborted when the operation ended before they did
     */
    async runAll(
        steps: readonly Step[],
        { goOnAfterFailure }: { readonly goOnAfterFailure: boolean },
    ): Promise<boolean> {
        this.toleratesFailure = goOnAfterFailure;
        const ends = await Promise.allSettled(steps.map((step) => this.run([step])));
        this.toleratesFailure = false;
        const failures = ends.filter((end) => end.status === "rejected").map((end): unknown => end.reason);
        const defect = failures.find((failure) => !(failure instanceof Aborted));
        if (defect !== undefined) throw defect;
        if (this.aborted) throw new Aborted();
        return failures.length > 0;
    }

    /** Lets nothing new start. */
    abort(): void {
        if (this.aborted) return;
        this.aborted = true;
        for (const listener of this.abortListeners) listener();
        for (const next of this.waiting.splice(0)) next();
    }

    get isAborted(): boolean {
        return this.aborted;
    }

    onAbort(listener: () => void): void {
        if (this.aborted) listener();
        else this.abortListeners.push(listener);
    }

    /** Waits until nothing runs any more. */
    async idle(): Promise<void> {
        while (this.chains.size > 0) await Promise.all(this.chains);
    }

    private async runChain(steps: readonly Step[]): Promise<void> {
        await this.slot();
        try {
            for (const step of steps) {
                if (this.aborted) throw new Aborted();
                await this.runStep(step);
            }
        } finally {
            this.running -= 1;
            this.waiting.shift()?.();
        }
    }

    private async slot(): Promise<void> {
        if (this.running >= this.parallel) await new Promise<void>((resolve) => this.waiting.push(resolve));
        this.running += 1;
    }

    private async runStep(step: Step): Promise<void> {
        const { log } = this.context;
        log.begins(step);
        try {
            await applyStep(step, this.context);
        } catch (error) {
            if (!(error instanceof ProviderFailure || error instanceof UserError)) throw error;
            log.fails(step, error.message);
            // A protected resource stays; the others that were to be deleted with it are no reason to stop (step_executor.go).
            if (!this.toleratesFailure && !(error instanceof UserError && error.kind === "resource-protected"))
                this.abort();
            throw new Aborted();
        }
        log.count(step);
        // Components tell their outputs later, by themselves.
        if (step.new === undefined || step.new.custom || step.op === "refresh") log.ends(step);
    }
}
