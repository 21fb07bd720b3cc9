import type { StackEngine } from "../../engines/stack-engine";
import type { RolloutFile, RolloutStack } from "../../file/rollout-file";
import type { PlannedStack, RolloutPlan } from "../../plan/rollout-plan";
import { expectPlanOf } from "../../run/rollout-run";
import { stackTurn } from "../../run/stack-turn";
import type { PlanReference, TurnEnd, TurnInput } from "../flow/flow-messages";
import { KeptRollout } from "../place/kept-rollout";
import { openSharedPlace } from "../place/open-shared-place";
import { TurnFailure } from "./turn-failure";

/** Temporal's data about an attempt of a turn. */
export interface TurnAttempt {
    /** From 1. */
    readonly number: number;
    /** When the turn was begun, in milliseconds since 1970. */
    readonly begunAt: number;
    /** Aborted when this attempt is not awaited any more. */
    readonly cancelled: AbortSignal;
}

export interface TurnTakerOptions {
    readonly file: RolloutFile;
    readonly engine: StackEngine;
    readonly environment: NodeJS.ProcessEnv;
    /** Aborted when the worker must end now. */
    readonly cancel: AbortSignal;
}

/** How long the lock of a stack is left alone, in milliseconds; it doubles with each attempt. */
const firstHeldWait = 5_000;
const longestHeldWait = 60_000;

interface KnownPlan {
    readonly plan: RolloutPlan;
    /** By name. */
    readonly stacks: ReadonlyMap<string, PlannedStack>;
}

/** Takes the turns that Temporal gives to a worker. */
export class TurnTaker {
    readonly #options: TurnTakerOptions;
    readonly #stacks: ReadonlyMap<string, RolloutStack>;
    readonly #plans = new Map<string, Promise<KnownPlan>>();
    /** By stack: the last attempt in this process. */
    readonly #last = new Map<string, Promise<unknown>>();

    constructor(options: TurnTakerOptions) {
        this.#options = options;
        this.#stacks = new Map(options.file.stacks.map((stack) => [stack.name, stack]));
    }

    /** The rollout in the shared place. */
    kept({ place, id }: PlanReference): KeptRollout {
        return new KeptRollout(openSharedPlace(place, this.#options.environment), id);
    }

    /** Reads a plan once. @throws UserError `invalid-rollout-plan` */
    async plan(reference: PlanReference): Promise<RolloutPlan> {
        return (await this.#known(reference)).plan;
    }

    async #known(reference: PlanReference): Promise<KnownPlan> {
        const key = `${reference.place}\n${reference.id}`;
        const known = this.#plans.get(key);
        if (known !== undefined) return await known;
        const reading = this.kept(reference)
            .readPlan()
            .then((plan) => {
                expectPlanOf(this.#options.file, plan);
                return { plan, stacks: new Map(plan.stacks.map((stack) => [stack.name, stack])) };
            });
        this.#plans.set(key, reading);
        // A failed reading is repeated.
        reading.catch(() => void this.#plans.delete(key));
        return await reading;
    }

    /** @throws TurnFailure when another attempt may succeed, and what the engine throws */
    async take(input: TurnInput, attempt: TurnAttempt): Promise<TurnEnd> {
        const { stacks } = await this.#known(input.plan);
        const stack = this.#stacks.get(input.stack);
        const planned = stacks.get(input.stack);
        if (stack === undefined || planned === undefined)
            throw new TurnFailure("unknown-rollout-stack", `The plan has no stack "${input.stack}"`, true);
        // A worker that was frozen may get an attempt while an earlier one, which Temporal gave up, still runs.
        const before = this.#last.get(stack.name);
        const now = Promise.resolve(before)
            .catch(() => undefined)
            .then(() => this.#turn(stack, planned, input, attempt));
        this.#last.set(stack.name, now);
        try {
            return await now;
        } finally {
            if (this.#last.get(stack.name) === now) this.#last.delete(stack.name);
        }
    }

    async #turn(
        stack: RolloutStack,
        planned: PlannedStack,
        { plan, mayBeHalfDone, lockWait }: TurnInput,
        { number, begunAt, cancelled }: TurnAttempt,
    ): Promise<TurnEnd> {
        const { engine, file, cancel } = this.#options;
        const ended = AbortSignal.any([cancelled, cancel]);
        const stopped = () =>
            new TurnFailure("worker-stopped", "the worker was stopped; another attempt checks what was done", false);
        if (ended.aborted) throw stopped();
        const start = Date.now();
        const turn = await stackTurn(stack, planned, {
            engine,
            file,
            mayBeHalfDone: mayBeHalfDone || number > 1,
            cancel: ended,
            // Temporal waits between attempts.
            lockWaitMs: 0,
        });
        if (turn.outcome === "interrupted") throw stopped();
        if (turn.outcome === "held") {
            const left = begunAt + lockWait * 1000 - Date.now();
            const wait = Math.min(firstHeldWait * 2 ** Math.min(number - 1, 10), longestHeldWait, left);
            if (left > 0) throw new TurnFailure("held", turn.failure?.message ?? "the stack is locked", false, wait);
        }
        const seconds = Math.round((Date.now() - start) / 100) / 10;
        const end = await this.kept(plan).writeEnd({ seconds, ...turn });
        return { outcome: turn.outcome, seconds, end };
    }
}
