import { outcomeMeanings, type StackOutcome } from "./stack-outcome";
import type { LaneGrant, UnitReport } from "./wave-rules";

/** Lanes are given back in about so many reports, so that a shard with many lanes writes few messages. */
const returns = 10;

/**
 * A shard: stacks that begin in order in the lanes that the wave rules give to them, far away from the rules. It reads no clock, no
 * file and no network.
 *
 * - After a failure it begins nothing further until the rules have answered its report, unless they let it fail unreported.
 * - After a stack that differs from the plan, or was interrupted, it begins nothing further at all.
 * - Lanes for which it has no stacks go back to the rules.
 */
export class ShardTurns {
    readonly #queue: string[];
    readonly #running = new Set<string>();
    #lanes = 0;
    #mostLanes = 0;
    #mayFail = 0;
    #reports = 0;
    /** A report is under way. */
    #isUnanswered = false;
    /** It has something that the rules must judge before it begins another stack. */
    #mustReport = false;
    #isHalted = false;
    #unreported: { failed: string[]; held: string[]; differs: string[]; interrupted: boolean } = noOutcomes();
    /** Lanes of failed stacks, which the rules may give to others. */
    #returned = 0;

    constructor(stacks: readonly string[]) {
        this.#queue = [...stacks];
    }

    /** Nothing runs, and nothing will. */
    get isOver(): boolean {
        return this.#running.size === 0 && (this.#isHalted || this.#queue.length === 0);
    }

    /** Stacks that have not begun, in their order. */
    get waiting(): readonly string[] {
        return this.#queue;
    }

    /** The rules gave lanes, or answered a report. */
    give({ lanes, mayFail, reports }: Omit<LaneGrant, "unit">): void {
        this.#lanes += lanes;
        this.#mostLanes = Math.max(this.#mostLanes, this.#lanes);
        // Lanes that were given before the last report arrived do not answer it.
        if (reports < this.#reports) return;
        this.#mayFail = mayFail;
        this.#isUnanswered = false;
    }

    /** Begins nothing further. */
    halt(): void {
        this.#isHalted = true;
    }

    /** The stacks that begin now. */
    begin(): string[] {
        const begun: string[] = [];
        if (this.#isHalted || this.#mustReport || this.#isUnanswered) return begun;
        while (this.#queue.length > 0 && this.#running.size < this.#lanes) {
            const stack = this.#queue.shift() as string;
            this.#running.add(stack);
            begun.push(stack);
        }
        return begun;
    }

    /** A stack's turn ended. */
    ended(stack: string, outcome: StackOutcome): void {
        this.#running.delete(stack);
        if (outcome === "held") this.#unreported.held.push(stack);
        if (outcome === "differs" || outcome === "interrupted") {
            if (outcome === "differs") this.#unreported.differs.push(stack);
            else this.#unreported.interrupted = true;
            this.#isHalted = true;
            this.#mustReport = true;
        }
        if (!outcomeMeanings[outcome].failed) return;
        this.#unreported.failed.push(stack);
        if (this.#mayFail > 0) {
            this.#mayFail -= 1;
            return;
        }
        this.#mustReport = true;
        this.#lanes -= 1;
        this.#returned += 1;
    }

    /** The report that the rules need now; undefined when there is none, or when they have not answered yet. */
    report(): UnitReport | undefined {
        if (this.#isUnanswered && !this.isOver) return undefined;
        const idle = this.#queue.length === 0 ? this.#lanes - this.#running.size : 0;
        const isWorthIt = idle >= Math.max(1, Math.ceil(this.#mostLanes / returns));
        if (!this.isOver && !this.#mustReport && !isWorthIt) return undefined;
        const report = {
            lanes: this.#returned + (this.isOver ? this.#lanes : idle),
            waiting: this.#queue.length,
            isOver: this.isOver,
            ...this.#unreported,
        };
        this.#lanes -= report.lanes - this.#returned;
        this.#returned = 0;
        this.#unreported = noOutcomes();
        this.#mustReport = false;
        this.#mayFail = 0;
        this.#isUnanswered = true;
        this.#reports += 1;
        return report;
    }
}

const noOutcomes = () => ({ failed: [], held: [], differs: [], interrupted: false });
