import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { parseJson, readDocument } from "../../documents";
import { replaceFile, UserError, writing } from "../../errors";
import { planId } from "../plan/make-plan";
import type { RolloutPlan } from "../plan/rollout-plan";
import { type AbortRequest, storedShapes } from "../stored/stored-shapes";
import { readJournal } from "./journal";
import type { JournalRecord } from "./journal-record";

/** Where a rollout keeps its plan, its journal and its lock: a folder beside the rollout file. */
export class RolloutFolder {
    constructor(readonly folder: string) {}

    /** The folder of a rollout file's rollouts: `.rollout/<the file's name, with its extension>` beside it. */
    static of(rolloutFile: string): RolloutFolder {
        const { dir, base } = path.parse(path.resolve(rolloutFile));
        return new RolloutFolder(path.join(dir, ".rollout", base));
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

    abortRequest(): AbortRequest | undefined {
        if (!existsSync(this.#abortFile)) return undefined;
        try {
            return parseJson(readFileSync(this.#abortFile, "utf8"), storedShapes.abortRequest, {
                kind: "rollout-journal-damaged",
                title: "The request",
            });
        } catch {
            // Only `rollout abort` writes this file, so the request itself is certain.
            return { reason: `requested in ${this.#abortFile}, which could not be read`, by: "unknown" };
        }
    }

    clearAbortRequest(): void {
        rmSync(this.#abortFile, { force: true });
    }
}

/** Reads a plan. @throws UserError `invalid-rollout-plan` */
export function readPlan(file: string): RolloutPlan {
    const source = { kind: "invalid-rollout-plan", title: "The plan", file } as const;
    const plan = parseJson(readDocument(source), storedShapes.plan, source);
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
