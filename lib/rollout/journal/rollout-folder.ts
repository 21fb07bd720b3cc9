import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { replaceFile, UserError, writing } from "../../errors";
import { planId } from "../plan/make-plan";
import type { RolloutPlan } from "../plan/rollout-plan";
import { readJournal } from "./journal";
import type { JournalRecord } from "./journal-record";

/** Where a rollout keeps its plan, its journal and its lock: a folder beside the rollout file. */
export class RolloutFolder {
    constructor(readonly folder: string) {}

    /** The folder of a rollout file's rollouts: `.rollout/<the file's name>` beside it. */
    static of(rolloutFile: string): RolloutFolder {
        const { dir, name } = path.parse(path.resolve(rolloutFile));
        return new RolloutFolder(path.join(dir, ".rollout", name));
    }

    /** The folder for one stack's job, so that jobs on one machine don't meet. */
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

    /** The plan that the journal belongs to: a later plan doesn't change it. */
    get #begunPlanFile(): string {
        return path.join(this.folder, "begun-plan.json");
    }

    get #abortFile(): string {
        return path.join(this.folder, "abort.json");
    }

    writePlan(plan: RolloutPlan, file = this.planFile): void {
        const folder = path.dirname(file);
        writing(
            "rollout-not-recorded",
            folder,
            () => mkdirSync(folder, { recursive: true }),
            "The folder can't be made",
        );
        writeDurably(file, `${JSON.stringify(plan, undefined, 2)}\n`);
    }

    /** The journal and its plan, of the rollout that was begun last. @throws UserError `rollout-journal-damaged` */
    begun(): { readonly plan: RolloutPlan; readonly records: readonly JournalRecord[] } | undefined {
        const records = readJournal(this.journalFile);
        if (records.length === 0) return undefined;
        return { plan: readPlan(this.#begunPlanFile), records };
    }

    /** Makes room for a new journal. What was there before is kept under the id of its plan and the time that it began. */
    begin(plan: RolloutPlan): void {
        const [first] = readJournal(this.journalFile);
        if (first !== undefined) {
            const kept = path.join(this.folder, "history", first.at.replaceAll(":", "-"));
            writing("rollout-not-recorded", kept, () => {
                mkdirSync(kept, { recursive: true });
                for (const file of [this.journalFile, this.#begunPlanFile])
                    if (existsSync(file)) renameSync(file, path.join(kept, path.basename(file)));
            });
        }
        rmSync(this.#abortFile, { force: true });
        this.writePlan(plan, this.#begunPlanFile);
    }

    /** Leaves word for the process that works on the rollout. */
    requestAbort(reason: string, by: string): void {
        writeDurably(this.#abortFile, JSON.stringify({ reason, by }));
    }

    abortRequest(): { readonly reason: string; readonly by: string } | undefined {
        if (!existsSync(this.#abortFile)) return undefined;
        return JSON.parse(readFileSync(this.#abortFile, "utf8")) as { reason: string; by: string };
    }

    clearAbortRequest(): void {
        rmSync(this.#abortFile, { force: true });
    }
}

/** Reads a plan. @throws UserError `invalid-rollout-plan` */
export function readPlan(file: string): RolloutPlan {
    let plan: RolloutPlan;
    try {
        plan = JSON.parse(readFileSync(file, "utf8")) as RolloutPlan;
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const what = code === undefined ? "The plan isn't JSON" : `The plan can't be read (${code})`;
        throw new UserError("invalid-rollout-plan", what, { file });
    }
    if (plan?.version !== 1 || !Array.isArray(plan.stacks)) {
        throw new UserError("invalid-rollout-plan", "The file is no plan of this version", { file });
    }
    if (planId(plan) !== plan.id)
        throw new UserError("invalid-rollout-plan", "The plan was changed since it was made", { file });
    return plan;
}

/**
 * All of it or nothing: what was there before stays until the new text is on the disk.
 * @throws UserError `rollout-not-recorded`
 */
function writeDurably(file: string, text: string): void {
    writing("rollout-not-recorded", file, () => replaceFile(file, text, 0o600));
}
