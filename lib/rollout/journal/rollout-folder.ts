import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { DocumentShape, objectSchema, readJson } from "../../documents";
import { UserError, writing } from "../../errors";
import { makeFolder, replaceFile } from "../../files";
import { planId } from "../plan/make-plan";
import { planShape } from "../plan/plan-shape";
import type { RolloutPlan } from "../plan/rollout-plan";
import { readJournal } from "./journal";
import type { JournalRecord } from "./journal-record";

interface AbortRequest {
    readonly reason: string;
    readonly by: string;
}

/** A rollout that was started on Temporal from here. */
interface TemporalNote {
    /** The plan's id. */
    readonly plan: string;
    /** Whether it is known to be over. */
    readonly isOver: boolean;
}

const text = { type: "string" };
const noteShape = new DocumentShape<TemporalNote>(objectSchema({ plan: text, isOver: { type: "boolean" } }));
const abortShape = new DocumentShape<AbortRequest>(objectSchema({ reason: text, by: text }));

/** The folder beside the rollout file with its plan, journal and lock. */
export class RolloutFolder {
    constructor(readonly folder: string) {}

    /** The folder of a rollout file's rollouts: `.rollout/<the file's name, with its extension>` beside it. */
    static of(rolloutFile: string): RolloutFolder {
        const { dir, base } = path.parse(path.resolve(rolloutFile));
        return new RolloutFolder(path.join(dir, ".rollout", base));
    }

    /** The folder for one stack's job, so that jobs on one machine do not share one. */
    forStack(name: string): RolloutFolder {
        return new RolloutFolder(path.join(this.folder, "stacks", name));
    }

    get planFile(): string {
        return path.join(this.folder, "plan.json");
    }

    get journalFile(): string {
        return path.join(this.folder, "journal.jsonl");
    }

    get lockFolder(): string {
        return path.join(this.folder, "lock");
    }

    /** The journal's plan. A later plan does not change it. */
    get #begunPlanFile(): string {
        return path.join(this.folder, "begun-plan.json");
    }

    get #abortFile(): string {
        return path.join(this.folder, "abort.json");
    }

    /** Notes that the last rollout ran elsewhere, and its plan. */
    get #temporalFile(): string {
        return path.join(this.folder, "temporal.json");
    }

    /** The plan that was last rolled out on Temporal, unless a rollout on this machine came later. */
    temporalNote(): TemporalNote | undefined {
        if (!existsSync(this.#temporalFile)) return undefined;
        return readJson(noteShape, {
            kind: "rollout-journal-damaged",
            title: "The note of a rollout on Temporal",
            file: this.#temporalFile,
        });
    }

    noteTemporal(note: TemporalNote): void {
        writing("rollout-not-recorded", this.folder, () => makeFolder(this.folder));
        writeDurably(this.#temporalFile, JSON.stringify(note));
    }

    writePlan(plan: RolloutPlan, file = this.planFile): void {
        const folder = path.dirname(file);
        writing("rollout-not-recorded", folder, () => makeFolder(folder), "The folder cannot be created");
        writeDurably(file, `${JSON.stringify(plan, undefined, 2)}\n`);
    }

    /** The last rollout's journal and plan. @throws UserError `rollout-journal-damaged` */
    begun(): { readonly plan: RolloutPlan; readonly records: readonly JournalRecord[] } | undefined {
        const records = readJournal(this.journalFile);
        const [first] = records;
        if (first === undefined) return undefined;
        const plan = readPlan(this.#begunPlanFile);
        if ("plan" in first && first.plan !== plan.id)
            throw new UserError(
                "rollout-journal-damaged",
                "The journal belongs to another plan than the one beside it",
                {
                    file: this.journalFile,
                },
            );
        return { plan, records };
    }

    /** Begins a new journal. The former one moves to `history`, under the time at which it began. */
    begin(plan: RolloutPlan): void {
        const [first] = readJournal(this.journalFile);
        if (first !== undefined) {
            const kept = path.join(this.folder, "history", first.at.replaceAll(":", "-"));
            writing("rollout-not-recorded", kept, () => {
                makeFolder(kept);
                for (const file of [this.journalFile, this.#begunPlanFile])
                    if (existsSync(file)) renameSync(file, path.join(kept, path.basename(file)));
            });
        }
        rmSync(this.#abortFile, { force: true });
        rmSync(this.#temporalFile, { force: true });
        this.writePlan(plan, this.#begunPlanFile);
    }

    /** Leaves a request for the process that runs the rollout. */
    requestAbort(reason: string, by: string): void {
        writeDurably(this.#abortFile, JSON.stringify({ reason, by }));
    }

    abortRequest(): AbortRequest | undefined {
        if (!existsSync(this.#abortFile)) return undefined;
        try {
            return readJson(abortShape, {
                kind: "rollout-journal-damaged",
                title: "The request",
                file: this.#abortFile,
            });
        } catch {
            // Only `rollout abort` writes this file, so the request itself is certain.
            return { reason: `requested in ${this.#abortFile}, which cannot be read`, by: "unknown" };
        }
    }

    clearAbortRequest(): void {
        rmSync(this.#abortFile, { force: true });
    }
}

/** Reads a plan. @throws UserError `invalid-rollout-plan` */
export function readPlan(file: string): RolloutPlan {
    if (!existsSync(file)) throw new UserError("invalid-rollout-plan", "There is no plan", { file });
    const source = { kind: "invalid-rollout-plan", title: "The plan", file } as const;
    const plan = readJson(planShape, source);
    if (planId(plan) !== plan.id)
        throw new UserError("invalid-rollout-plan", "The plan was changed since it was made", { file });
    return plan;
}

/**
 * Replaces a file as a whole: the former text stays until the new one is on the disk.
 * @throws UserError `rollout-not-recorded`
 */
function writeDurably(file: string, text: string): void {
    writing("rollout-not-recorded", file, () => replaceFile(file, text, 0o600));
}
