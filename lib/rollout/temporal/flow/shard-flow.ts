import { ShardTurns } from "../../waves/shard-turns";
import { outcomeMeanings, type StackOutcome } from "../../waves/stack-outcome";
import type { LaneGrant, UnitReport } from "../../waves/wave-rules";
import type { KeepTurnsInput, NamesInput, ShardEnd, ShardInput, TurnEnd, TurnInput, TurnNote } from "./flow-messages";
import { leftText, readLeft } from "./left-stacks";

/** The messages from the rollout's workflow. Signals change it. */
export interface ShardInbox {
    grants: Omit<LaneGrant, "unit">[];
    isHalted: boolean;
}

/** The port to Temporal. */
export interface ShardHost {
    readonly inbox: ShardInbox;
    /** Milliseconds since 1970. */
    now(): number;
    until(condition: () => boolean): Promise<unknown>;
    names(input: NamesInput): Promise<readonly string[]>;
    /** @throws Error whose message says why no worker could finish the turn */
    turn(input: TurnInput): Promise<TurnEnd>;
    /** @returns the digest */
    keepTurns(input: KeepTurnsInput): Promise<string>;
    report(report: UnitReport): Promise<void>;
}

/** Runs the turns of a shard's stacks in the lanes that the rollout's workflow gives to it. */
export class ShardFlow {
    readonly #input: ShardInput;
    readonly #host: ShardHost;
    readonly #notes = new Map<string, TurnNote>();
    #ended: { readonly stack: string; readonly outcome: StackOutcome }[] = [];

    constructor(input: ShardInput, host: ShardHost) {
        this.#input = input;
        this.#host = host;
    }

    /** Every turn that has begun. */
    get turns(): readonly TurnNote[] {
        return [...this.#notes.values()];
    }

    async run(): Promise<ShardEnd> {
        const { plan, shard, left, grant } = this.#input;
        const { inbox } = this.#host;
        const stacks = readLeft(left);
        const names = await this.#host.names({ plan, shard, left });
        const mayBeHalfDone = new Map(names.map((name, index) => [name, stacks[index]?.mayBeHalfDone === true]));
        const turns = new ShardTurns(names);
        turns.give(grant);
        for (;;) {
            for (const granted of inbox.grants.splice(0)) turns.give(granted);
            if (inbox.isHalted) turns.halt();
            for (const { stack, outcome } of this.#ended.splice(0)) turns.ended(stack, outcome);
            for (const stack of turns.begin()) void this.#turn(stack, mayBeHalfDone.get(stack) === true);
            if (turns.isOver) break;
            const report = turns.report();
            if (report !== undefined) void this.#host.report(report);
            const isHalted = inbox.isHalted;
            await this.#host.until(
                () => inbox.grants.length > 0 || inbox.isHalted !== isHalted || this.#ended.length > 0,
            );
        }
        const rest = stacks.flatMap((stack, index) => {
            const outcome = this.#notes.get(names[index] as string)?.outcome;
            if (outcome === undefined) return [stack];
            const meaning = outcomeMeanings[outcome];
            return meaning.done ? [] : [{ ...stack, mayBeHalfDone: stack.mayBeHalfDone || meaning.mayBeHalfDone }];
        });
        const records = await this.#host.keepTurns({ plan, turns: this.turns });
        return { report: turns.report() as UnitReport, left: leftText(rest), records };
    }

    async #turn(stack: string, mayBeHalfDone: boolean): Promise<void> {
        const { plan, timing } = this.#input;
        const begun: TurnNote = { stack, begunAt: this.#time };
        this.#notes.set(stack, begun);
        let ended: Pick<TurnNote, "outcome" | "end" | "failure">;
        try {
            const { outcome, end } = await this.#host.turn({ plan, stack, mayBeHalfDone, lockWait: timing.lockWait });
            ended = { outcome, end };
        } catch (error) {
            ended = { outcome: "failed", failure: { kind: "failed", message: (error as Error).message } };
        }
        this.#notes.set(stack, { ...begun, ...ended, endedAt: this.#time });
        this.#ended.push({ stack, outcome: ended.outcome as StackOutcome });
    }

    get #time(): string {
        return new Date(this.#host.now()).toISOString();
    }
}
