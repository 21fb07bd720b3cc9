import type { DeclaredSet } from "../../declaration";
import { type ErrorKind, UserError, warningOf } from "../../errors";
import { describeRule, notYetKnown, type RuleIssue } from "../../rule";
import type { BucketReconciler } from "../bucket-reconciler";
import { isDecidable, refusalCure } from "../existing-rule";
import { namesText } from "../names-text";
import { notReadInTime, unreadOutcome, unreadText } from "../unread-rule";
import { ChangeTally } from "./change-tally";

/** A bucket was not read before the time for it was over. */
export class TooLate extends Error {}

/** Collects the changes of buckets that join a set, as far as readings show them. */
export class SetForesight {
    readonly #reconciler: BucketReconciler;
    readonly #declared: DeclaredSet;
    readonly #deadline: number;
    readonly #changes = new ChangeTally();
    /** Buckets by the kind of their refusal. */
    readonly #refused = new Map<"weaker-rule" | "rule-exists", string[]>();
    /** Buckets that could not be read, with one of the failures, by its kind. */
    readonly #unread = new Map<ErrorKind, { readonly failure: UserError; readonly buckets: string[] }>();

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
            this.#changes.add(`${declared} is there, and is adopted`, bucket);
        } else {
            this.#changes.add(`${describeRule(decision.rule)} is stronger than ${declared}, and stays`, bucket);
        }
    }

    /**
     * Notes what could not be read.
     * @param notStarted buckets that were not read, because the readings of others failed or the operation was cancelled
     */
    noteUnread(failed: ReadonlyMap<string, unknown>, notStarted: readonly string[], whyNotStarted: string): void {
        let last: UserError | undefined;
        for (const [bucket, error] of failed) last = this.#noteFailure(bucket, error);
        for (const bucket of notStarted) {
            if (last === undefined) this.#changes.add(`not read, since ${whyNotStarted}`, bucket);
            else this.#noteFailure(bucket, last);
        }
    }

    #noteFailure(bucket: string, error: unknown): UserError {
        const failure = error instanceof TooLate ? notReadInTime() : error;
        if (!(failure instanceof UserError)) throw failure;
        const outcome = unreadOutcome(failure.kind);
        if (outcome === "notice")
            this.#changes.add("does not exist yet; its update fails unless the program creates it", bucket);
        else {
            const group = this.#unread.get(failure.kind);
            if (group === undefined) this.#unread.set(failure.kind, { failure, buckets: [bucket] });
            else group.buckets.push(bucket);
        }
        return failure;
    }

    /** A line for each kind of change. */
    lines(): string[] {
        const warnings = [...this.#unread.values()].filter(({ failure }) => unreadOutcome(failure.kind) === "warning");
        return [
            ...this.#changes.lines(),
            ...warnings.map(({ failure, buckets }) => warningOf(failure.kind, unreadText(buckets, failure.message))),
        ];
    }

    issues(): RuleIssue[] {
        const errors = [...this.#unread.values()].filter(({ failure }) => unreadOutcome(failure.kind) === "error");
        return [
            ...[...this.#refused].map(([kind, buckets]) => refusalIssue(kind, buckets)),
            ...errors.map(
                ({ failure, buckets }) =>
                    ({ code: "not-usable", path: "buckets", message: unreadText(buckets, failure.message) }) as const,
            ),
        ];
    }

    #isLate(): boolean {
        return performance.now() > this.#deadline;
    }
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
