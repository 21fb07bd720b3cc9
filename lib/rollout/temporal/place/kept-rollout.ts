import { parseJson } from "../../../documents";
import { UserError } from "../../../errors";
import type { JournalRecord, StackEnd } from "../../journal/journal-record";
import { journalRecordShape } from "../../journal/journal-shape";
import { planId } from "../../plan/make-plan";
import { planShape } from "../../plan/plan-shape";
import type { PlannedStack, RolloutPlan } from "../../plan/rollout-plan";
import { unknownBuckets } from "../../report/make-report";
import type { LogEntry, TurnNote } from "../flow/flow-messages";
import { logPartShape } from "./log-shape";
import { readByDigest, type SharedPlace, writeByDigest } from "./shared-place";

/** The end of a turn, without what the workflow knows. */
export type KeptEnd = Omit<StackEnd, "stack">;

/** How many texts are read at the same time. */
const atOnce = 32;

/** The part of a shared place for one plan's rollout. */
export class KeptRollout {
    readonly #place: SharedPlace;
    readonly #plan: string;

    /** @param plan the plan's id */
    constructor(place: SharedPlace, plan: string) {
        this.#place = place;
        this.#plan = plan;
    }

    async writePlan(plan: RolloutPlan): Promise<void> {
        await this.#place.write(`plans/${this.#plan}.json`, JSON.stringify(plan));
    }

    /** @throws UserError `invalid-rollout-plan` */
    async readPlan(): Promise<RolloutPlan> {
        const file = `plans/${this.#plan}.json`;
        const text = await this.#place.read(file);
        const what = `in ${this.#place.name}`;
        if (text === undefined)
            throw new UserError("invalid-rollout-plan", `The plan ${this.#plan.slice(0, 12)} is not ${what}`);
        const plan = parseJson(text, planShape, {
            kind: "invalid-rollout-plan",
            title: `The plan ${what}`,
            file,
        });
        if (planId(plan) !== this.#plan || plan.id !== this.#plan)
            throw new UserError("invalid-rollout-plan", `The plan ${what} was changed since it was made`, { file });
        return plan;
    }

    async writeEnd(end: KeptEnd): Promise<string> {
        return await writeByDigest(this.#place, "ends", JSON.stringify(end));
    }

    /** Replaces the ends of a shard's turns by one text with all of its records. @returns its digest */
    async writeRecords(records: readonly JournalRecord[]): Promise<string> {
        return await writeByDigest(this.#place, "records", records.map((record) => JSON.stringify(record)).join("\n"));
    }

    /** @throws UserError `rollout-journal-damaged` */
    async readRecords(digest: string): Promise<JournalRecord[]> {
        const text = await readByDigest(this.#place, "records", digest);
        if (text === undefined) throw this.#missing(`records/${digest}`);
        if (text === "") return [];
        return text.split("\n").map((line, index) => this.#record(line, `records/${digest}:${index + 1}`));
    }

    /** The journal's records of turns. @throws UserError `rollout-journal-damaged` */
    async turnRecords(turns: readonly TurnNote[], plan: RolloutPlan): Promise<JournalRecord[]> {
        const planned = new Map(plan.stacks.map((stack) => [stack.name, stack]));
        const records: JournalRecord[] = [];
        for (let from = 0; from < turns.length; from += atOnce) {
            const some = turns.slice(from, from + atOnce);
            const ends = await Promise.all(
                some.map((note) => this.#endOf(note, planned.get(note.stack) as PlannedStack)),
            );
            for (const [index, { stack, begunAt, endedAt }] of some.entries()) {
                records.push({ kind: "stack-begun", at: begunAt, stack });
                const end = ends[index];
                if (end !== undefined)
                    records.push({ kind: "stack-ended", at: endedAt ?? begunAt, stack, ...end } as JournalRecord);
            }
        }
        return records;
    }

    async writeLog(part: number, entries: readonly LogEntry[]): Promise<void> {
        await this.#place.write(this.#logKey(part), JSON.stringify(entries));
    }

    /** The parts of the log from one on. @throws UserError `rollout-journal-damaged` */
    async readLog(from = 0): Promise<(readonly LogEntry[])[]> {
        const parts: (readonly LogEntry[])[] = [];
        for (;;) {
            const first = from + parts.length;
            const keys = Array.from({ length: parts.length === 0 ? 1 : atOnce }, (_, index) =>
                this.#logKey(first + index),
            );
            const texts = await Promise.all(keys.map((key) => this.#place.read(key)));
            for (const [index, text] of texts.entries()) {
                if (text === undefined) return parts;
                const title = `A part of the rollout's log in ${this.#place.name}`;
                const file = this.#logKey(first + index);
                parts.push(parseJson(text, logPartShape, { kind: "rollout-journal-damaged", title, file }));
            }
        }
    }

    async #endOf(
        { stack, end, endedAt, begunAt, failure, outcome }: TurnNote,
        planned: PlannedStack,
    ): Promise<KeptEnd | undefined> {
        if (outcome === undefined) return undefined;
        if (end === undefined) {
            const seconds = Math.round((Date.parse(endedAt ?? begunAt) - Date.parse(begunAt)) / 100) / 10;
            const buckets = unknownBuckets(planned, failure?.message ?? "no worker could finish the stack");
            return { outcome, ...(failure !== undefined && { failure }), seconds, changes: {}, buckets };
        }
        const text = await readByDigest(this.#place, "ends", end);
        if (text === undefined) throw this.#missing(`ends/${end}`);
        const {
            kind: _kind,
            at: _at,
            stack: _stack,
            ...rest
        } = this.#record(
            JSON.stringify({ kind: "stack-ended", at: begunAt, stack, ...JSON.parse(text) }),
            `ends/${end}`,
        ) as Extract<JournalRecord, { kind: "stack-ended" }>;
        return rest;
    }

    #record(text: string, file: string): JournalRecord {
        return parseJson(text, journalRecordShape, {
            kind: "rollout-journal-damaged",
            title: "A record of the rollout",
            file,
        });
    }

    #missing(file: string): UserError {
        const what = `A part of the rollout is missing in ${this.#place.name}, or was changed`;
        return new UserError("rollout-journal-damaged", what, { file });
    }

    #logKey(part: number): string {
        return `rollouts/${this.#plan}/${String(part).padStart(6, "0")}.json`;
    }
}
