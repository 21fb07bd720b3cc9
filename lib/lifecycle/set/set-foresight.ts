import type { DeclaredSet } from "../../declaration";
import { UserError } from "../../errors";
import { describeRule, notYetKnown, type RuleIssue } from "../../rule";
import type { BucketReconciler } from "../bucket-reconciler";
import { isDecidable, refusalCure } from "../existing-rule";
import { ChangeTally } from "./change-tally";
import { namesText } from "./set-failure";

/** A bucket was not read before the time for it was over. */
export class TooLate extends Error {}

const lateText = "not read in time; the deployment decides";

/** Collects what will happen to buckets that join a set, as far as readings tell it. */
export class SetForesight {
    readonly #reconciler: BucketReconciler;
    readonly #declared: DeclaredSet;
    readonly #deadline: number;
    readonly #changes = new ChangeTally();
    /** Buckets by the kind of their refusal. */
    readonly #refused = new Map<"weaker-rule" | "rule-exists", string[]>();

    constructor(reconciler: BucketReconciler, declared: DeclaredSet, budgetMilliseconds: number) {
        this.#reconciler = reconciler;
        this.#declared = declared;
        this.#deadline = performance.now() + budgetMilliseconds;
    }

    /** @throws TooLate after the deadline, or what the reading throws */
    async read(bucket: string): Promise<void> {
        if (this.#isLate()) throw new TooLate();
        const declaration = this.#declared.declarationOf(bucket);
        if (declaration.place === notYetKnown) return;
        const found = await this.#reconciler.look(declaration.place);
        if (!isDecidable(declaration)) return;
        const decision = this.#reconciler.judge(declaration, found);
        const declared = describeRule(declaration.rule);
        if (decision.act === "refuse") {
            const buckets = this.#refused.get(decision.kind) ?? [];
            this.#refused.set(decision.kind, [...buckets, bucket]);
        } else if (decision.act === "write") {
            this.#changes.add(`${describeRule(found)} → ${declared}`, bucket);
        } else if (decision.rule === declaration.rule) {
            this.#changes.add(`${declared} is there, and taken over`, bucket);
        } else {
            this.#changes.add(`${describeRule(decision.rule)} is stronger than ${declared}, and stays`, bucket);
        }
    }

    /** Notes what could not be read, and why the others were not started. */
    noteUnread(failed: ReadonlyMap<string, unknown>, notStarted: readonly string[], whyNotStarted: string): void {
        for (const [bucket, error] of failed) this.#changes.add(unreadText(error), bucket);
        const why = this.#isLate() ? lateText : `not read, since ${whyNotStarted}`;
        for (const bucket of notStarted) this.#changes.add(why, bucket);
    }

    /** A line for each kind of change. */
    lines(): string[] {
        return this.#changes.lines();
    }

    issues(): RuleIssue[] {
        return [...this.#refused].map(([kind, buckets]) => refusalIssue(kind, buckets));
    }

    #isLate(): boolean {
        return performance.now() > this.#deadline;
    }
}

function unreadText(error: unknown): string {
    if (error instanceof TooLate) return lateText;
    if (!(error instanceof UserError)) throw error;
    const { kind } = error;
    return kind === "bucket-not-found" ? "does not exist yet" : `cannot be read now (${kind}); the deployment decides`;
}

function refusalIssue(kind: "weaker-rule" | "rule-exists", buckets: readonly string[]): RuleIssue {
    const them = buckets.length === 1 ? `bucket ${buckets[0]} has` : `${buckets.length} buckets have`;
    const names = buckets.length === 1 ? "" : ` (${namesText(buckets)})`;
    const what =
        kind === "weaker-rule"
            ? `${them} a rule already that the declared one would weaken${names}`
            : `${them} a rule already, and existingRule is "fail"${names}`;
    const message = `${what}. ${refusalCure(kind)}`;
    return { code: "conflicting", path: "sseAlgorithm", message };
}
