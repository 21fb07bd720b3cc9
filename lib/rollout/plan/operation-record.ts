import { readWarning } from "../../errors";
import type { PreviewStep } from "../../review";
import type { EngineEvent, EngineResult, StepMetadata } from "../engines/stack-engine";
import { type BucketStep, bucketsOf } from "./buckets";
import { maskedProperties } from "./masked-properties";

/** A policy that wasn't kept. */
export interface Violation {
    readonly pack: string;
    readonly policy: string;
    readonly level: string;
    readonly message: string;
    readonly urn?: string;
}

/** Why a stack's operation failed. */
export interface StackFailure {
    /**
     * `locked`: somebody else works on the stack; `policy`: a mandatory policy; `account-not-known`: nothing would be written, since whose
     * the credentials are can't be told; `failed`: anything else.
     */
    readonly kind: "locked" | "policy" | "account-not-known" | "failed";
    /** What the engine said, without secrets, colors and control characters. */
    readonly message: string;
}

export interface DeclaredBucket extends BucketStep {
    readonly urn: string;
}

const stackType = "pulumi:pulumi:Stack";
const passive = new Set(["same", "refresh", "read", "read-replacement", "discard", "discard-replaced"]);
const replacementParts = new Set(["create-replacement", "delete-replaced", "remove-pending-replace"]);
const mostOfMessage = 4000;
const mostWarnings = 20;

/** Takes an engine's events of one operation, and tells what they mean for a rollout. */
export class OperationRecord {
    readonly #stepsByUrn = new Map<string, StepMetadata>();
    readonly #ended = new Map<string, "done" | "failed">();
    readonly #errors: { readonly urn: string | undefined; readonly message: string }[] = [];
    readonly violations: Violation[] = [];
    /** What people should know of a preview that succeeded. */
    readonly warnings: string[] = [];
    #accountNotKnown: string | undefined;

    readonly listener = (event: EngineEvent): void => {
        const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent } = event;
        if (resourcePreEvent) this.#step(resourcePreEvent.metadata);
        if (resOutputsEvent) this.#outputs(resOutputsEvent.metadata);
        if (resOpFailedEvent) this.#ended.set(resOpFailedEvent.metadata.urn, "failed");
        if (diagnosticEvent?.severity === "error" && !diagnosticEvent.ephemeral) {
            const message = plainText(diagnosticEvent.message);
            if (message !== "") this.#errors.push({ urn: diagnosticEvent.urn, message });
        }
        if (diagnosticEvent !== undefined)
            this.#hearWarning(diagnosticEvent.severity, plainText(diagnosticEvent.message));
        if (policyEvent) {
            this.violations.push({
                pack: policyEvent.policyPackName,
                policy: policyEvent.policyName,
                level: policyEvent.enforcementLevel,
                message: plainText(policyEvent.message),
                ...(policyEvent.resourceUrn !== undefined && { urn: policyEvent.resourceUrn }),
            });
        }
    };

    /** What a provider prints comes as information, whatever it is. */
    #hearWarning(severity: string, message: string): void {
        if (severity !== "warning" && !/^bucket-encryption: warning: /.test(message)) return;
        const { kind, what = "" } = readWarning(message) ?? {};
        if (kind === "account-not-known") this.#accountNotKnown ??= cut(what);
        const text = cut(message);
        if (this.warnings.length < mostWarnings && !this.warnings.includes(text)) this.warnings.push(text);
    }

    #step(step: StepMetadata): void {
        if (step.op === "refresh" || replacementParts.has(step.op)) return;
        this.#stepsByUrn.set(step.urn, step);
        this.#ended.delete(step.urn);
    }

    /** What a refresh read comes before the step itself, and isn't its end. */
    #outputs(step: StepMetadata): void {
        const begun = this.#stepsByUrn.get(step.urn);
        if (begun === undefined || this.#ended.get(step.urn) === "failed") return;
        this.#ended.set(step.urn, "done");
        if (step.new) this.#stepsByUrn.set(step.urn, { ...begun, new: step.new });
    }

    /** What would change, or did; by URN. */
    get changes(): StepMetadata[] {
        return [...this.#stepsByUrn.values()]
            .filter(({ op, urn, type }) => !passive.has(op) && !isDefaultProvider(urn, type))
            .sort((one, other) => compareTexts(one.urn, other.urn));
    }

    /** Resources that need nothing. */
    get unchanged(): StepMetadata[] {
        return [...this.#stepsByUrn.values()].filter(({ op }) => op === "same");
    }

    /** Every bucket that the stack declares, and those that it stops declaring; by name, since they came in any order. */
    get buckets(): DeclaredBucket[] {
        return [...this.#stepsByUrn.values()]
            .flatMap((step) => bucketsOf(step).map((bucket) => ({ urn: step.urn, ...bucket })))
            .sort((one, other) => compareTexts(one.bucket, other.bucket) || compareTexts(one.urn, other.urn));
    }

    /** How a resource's step ended; undefined when it was never begun, or nothing was heard of its end. */
    endOf(urn: string): "done" | "failed" | undefined {
        return this.#ended.get(urn);
    }

    /** What the engine said of a resource that failed. */
    errorOf(urn: string): string | undefined {
        const own = this.#errors.filter((error) => error.urn === urn).map(({ message }) => message);
        return own.length === 0 ? undefined : cut(own.join("\n"));
    }

    /** The steps of the operation with secrets masked, for a review. */
    reviewedSteps(): PreviewStep[] {
        return [...this.#stepsByUrn.values()]
            .filter(({ op, urn, type }) => op !== "same" && !isDefaultProvider(urn, type))
            .map(({ op, urn, type, old, new: state, diffs, detailedDiff }) => {
                const changed = [...(diffs ?? []), ...Object.keys(detailedDiff ?? {})];
                return {
                    op,
                    urn,
                    ...(old && { oldState: { ...masked(old), urn, type } }),
                    ...(state && { newState: { ...masked(state), urn, type } }),
                    ...(changed.length > 0 && { changed }),
                };
            });
    }

    /** How many steps of each kind there are. */
    changeCounts(): Record<string, number> {
        const counts: Record<string, number> = {};
        for (const { op, type } of this.changes) if (type !== stackType) counts[op] = (counts[op] ?? 0) + 1;
        return counts;
    }

    /** Why what a preview shows can't be deployed; without a change there is nothing that the guard would refuse. */
    get refusal(): StackFailure | undefined {
        if (this.#accountNotKnown === undefined || this.changes.length === 0) return undefined;
        return { kind: "account-not-known", message: this.#accountNotKnown };
    }

    /** Why the operation failed. */
    failure({ printed }: EngineResult): StackFailure {
        const said = [...new Set(this.#errors.map(({ message }) => message))]
            .filter((message) => !/^(preview|update|error: update|error: preview) failed$/.test(message))
            .join("\n");
        const message = cut(said || plainText(printed) || "the engine gave no reason");
        const mandatory = this.violations.filter(({ level }) => level === "mandatory");
        if (/currently locked by|\[409\] Conflict: Another update/.test(`${said}\n${printed}`)) {
            const text = cut(lockText(`${said}\n${printed}`));
            return { kind: "locked", message: `the stack is locked: ${text}\n${lockCure}` };
        }
        if (mandatory.length > 0) {
            const texts = mandatory.map(({ policy, message: text }) => `${policy}: ${text}`);
            return { kind: "policy", message: cut(texts.join("\n")) };
        }
        return { kind: "failed", message };
    }
}

const lockCure =
    "Wait until its holder is done. If the holder is gone, remove the lock with `pulumi cancel` and try again.";

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const masked = ({ inputs, outputs, ...rest }: NonNullable<StepMetadata["old"]>): object => ({
    ...rest,
    inputs: maskedProperties(inputs),
    outputs: maskedProperties(outputs),
});

function isDefaultProvider(urn: string, type: string): boolean {
    return type.startsWith("pulumi:providers:") && /::default(_|$)/.test(urn);
}

function lockText(text: string): string {
    const found = /^.*currently locked by[\s\S]*$/m.exec(plainText(text));
    return (found?.[0] ?? plainText(text)).trim();
}

const cut = (text: string): string => (text.length > mostOfMessage ? `${text.slice(0, mostOfMessage)}…` : text);

/** Without the marks and codes for colors that engines put into texts, and without control characters but line ends. */
function plainText(text: string): string {
    return text
        .replace(/<\{%[^%]*%\}>/g, "")
        .replace(/\p{Cc}\[[0-9;]*[A-Za-z]/gu, "")
        .replace(/(?!\n)\p{Cc}/gu, " ")
        .replace(/^error: /, "")
        .trim();
}
