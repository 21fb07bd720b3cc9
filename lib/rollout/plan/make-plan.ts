import { forEachInParallel } from "../../parallel";
import { reviewSteps } from "../../review";
import type { StackEngine } from "../engines/stack-engine";
import type { RolloutFile, RolloutStack } from "../file/rollout-file";
import { OperationRecord } from "./operation-record";
import { digestOf, plannedStep } from "./planned-step";
import type { PlannedStack, RolloutPlan } from "./rollout-plan";

export interface PlanOptions {
    readonly engine: StackEngine;
    /** How many previews at the same time. */
    readonly concurrency: number;
    /** Create missing stacks. */
    readonly createStacks: boolean;
    readonly cancel: AbortSignal;
    readonly now: () => Date;
    /** Called after each preview. */
    readonly onPlanned?: (stack: PlannedStack, done: number, total: number) => void;
}

/** Previews every stack of the file, and reviews what each would change. Deploys nothing. */
export async function makePlan(file: RolloutFile, options: PlanOptions): Promise<RolloutPlan> {
    const planned = new Map<string, PlannedStack>();
    await forEachInParallel(file.stacks, { parallel: options.concurrency }, async (stack) => {
        const result = await planStack(stack, file, options);
        planned.set(stack.name, result);
        options.onPlanned?.(result, planned.size, file.stacks.length);
    });
    const content = {
        version: 1 as const,
        name: file.name,
        fileDigest: file.digest,
        engine: options.engine.name,
        madeAt: options.now().toISOString(),
        stacks: file.stacks.map(({ name }) => planned.get(name) as PlannedStack),
    };
    return { ...content, id: planId(content) };
}

export const planId = ({ id: _, ...content }: Omit<RolloutPlan, "id"> & { id?: string }): string => digestOf(content);

async function planStack(stack: RolloutStack, file: RolloutFile, options: PlanOptions): Promise<PlannedStack> {
    const record = new OperationRecord();
    const result = await options.engine.preview(stack, {
        refresh: file.refresh,
        policyPacks: file.policyPacks,
        create: options.createStacks,
        cancel: options.cancel,
        onEvent: record.listener,
    });
    const foreign = foreignAccounts(record, stack, file);
    const failure = !result.succeeded ? record.failure(result) : (foreign ?? record.refusal);
    const { changes, counts } = reviewSteps(stack.name, record.reviewedSteps());
    const risks = new Map(changes.map((change) => [`${change.urn}\n${change.bucket ?? ""}`, change.class]));
    const buckets = record.buckets.map(({ bucket, urn, op }) => {
        const risk = op === "same" ? undefined : (risks.get(`${urn}\n${bucket}`) ?? risks.get(`${urn}\n`));
        return { bucket, urn, op, ...(risk !== undefined && { risk }) };
    });
    return {
        name: stack.name,
        steps: record.changes.map((step) => plannedStep(step)),
        ...(failure !== undefined && { failure }),
        changes: record.changeCounts(),
        risk: failure === undefined ? (changes[0]?.class ?? "unchanged") : "not known",
        counts,
        violations: record.violations,
        warnings: record.warnings,
        buckets,
    };
}

/** A program may name only the stack's own account, or, where the stack has none, only accounts that the file names. */
export function foreignAccounts(
    record: OperationRecord,
    stack: RolloutStack,
    file: RolloutFile,
): { readonly kind: "failed"; readonly message: string } | undefined {
    const declared = record.buckets.flatMap(({ account }) => account ?? []);
    if (declared.length === 0) return undefined;
    const accounts =
        stack.account === undefined ? file.stacks.flatMap(({ account }) => account ?? []) : [stack.account];
    if (accounts.length === 0) return undefined;
    const allowed = new Set(accounts);
    const foreign = new Set(declared.filter((account) => !allowed.has(account)));
    if (foreign.size === 0) return undefined;
    const wanted =
        stack.account === undefined
            ? "the rollout file does not name"
            : `is not the stack's account (${stack.account})`;
    return {
        kind: "failed",
        message: `the program declares resources for the account ${[...foreign].join(", ")}, which ${wanted}`,
    };
}
