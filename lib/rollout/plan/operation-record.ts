import { readWarning } from "../../errors";
import type { PreviewStep } from "../../review";
import { engineEventOf } from "../engines/engine-event";
import type { EngineResult, StepMetadata } from "../engines/stack-engine";
import { type BucketStep, bucketsOf } from "./buckets";
import { maskedProperties } from "./masked-properties";

/** A policy violation. */
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
     * `locked`: the stack's lock is held; `policy`: a mandatory policy refused; `account-not-known`: the account of the credentials could
     * not be determined, so nothing would be written; `failed`: any other failure.
     */
    readonly kind: "locked" | "policy" | "account-not-known" | "failed";
    /** The engine's message, without secrets, colors and control characters. */
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

/** Collects an engine's events of one operation, and interprets them for a rollout. */
export class OperationRecord {
    readonly #stepsByUrn = new Map<string, StepMetadata>();
    readonly #ended = new Map<string, "done" | "failed">();
    readonly #errors: { readonly urn: string | undefined; readonly message: string }[] = [];
    readonly violations: Violation[] = [];
    /** Warnings of a preview. */
    readonly warnings: string[] = [];
    #accountNotKnown: string | undefined;
    /** Why the record lacks a part of the operation. */
    #unread: string | undefined;

    readonly listener = (read: unknown): void => {
        const event = engineEventOf(read);
        if (typeof event === "string") {
            this.#unread ??= `an event of the engine cannot be read: ${event}`;
            return;
        }
        const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent } = event;
        if (resourcePreEvent) this.#step(resourcePreEvent.metadata);
        if (resOutputsEvent) this.#outputs(resOutputsEvent.metadata);
        if (resOpFailedEvent) this.#ended.set(resOpFailedEvent.metadata.urn, "failed");
        if (diagnosticEvent?.severity === "error" && !diagnosticEvent.ephemeral) {
            const message = plainText(diagnosticEvent.message);
            if (message !== "") this.#errors.push({ urn: diagnosticEvent.urn, message });
        }
        if (diagnosticEvent !== undefined)
            this.#addWarning(diagnosticEvent.severity, plainText(diagnosticEvent.message));
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

    /** Engines report everything that a provider prints as information. */
    #addWarning(severity: string, message: string): void {
        if (severity !== "warning" && !/^bucket-encryption: warning: /.test(message)) return;
        const { kind, what = "" } = readWarning(message, severity) ?? {};
        if (kind === "account-not-known") this.#accountNotKnown ??= cut(what);
        const text = cut(message);
        if (this.warnings.length < mostWarnings && !this.warnings.includes(text)) this.warnings.push(text);
    }

    #step(step: StepMetadata): void {
        if (step.op === "refresh" || replacementParts.has(step.op)) return;
        this.#stepsByUrn.set(step.urn, step);
        this.#ended.delete(step.urn);
    }

    /** Outputs of a refresh come before the step itself, and are not its end. */
    #outputs(step: StepMetadata): void {
        const begun = this.#stepsByUrn.get(step.urn);
        if (begun === undefined || this.#ended.get(step.urn) === "failed") return;
        this.#ended.set(step.urn, "done");
        if (step.new) this.#stepsByUrn.set(step.urn, { ...begun, new: step.new });
    }

    /** Steps that change something, by URN. */
    get changes(): StepMetadata[] {
        return [...this.#stepsByUrn.values()]
            .filter(({ op, urn, type }) => !passive.has(op) && !isDefaultProvider(urn, type))
            .sort((one, other) => compareTexts(one.urn, other.urn));
    }

    /** Resources that need nothing. */
    get unchanged(): StepMetadata[] {
        return [...this.#stepsByUrn.values()].filter(({ op }) => op === "same");
    }

    /** Every bucket that the stack declares or stops declaring, by name. */
    get buckets(): DeclaredBucket[] {
        return [...this.#stepsByUrn.values()]
            .flatMap((step) => bucketsOf(step).map((bucket) => ({ urn: step.urn, ...bucket })))
            .sort((one, other) => compareTexts(one.bucket, other.bucket) || compareTexts(one.urn, other.urn));
    }

    /** How a resource's step ended; undefined when it did not begin, or its end is not known. */
    endOf(urn: string): "done" | "failed" | undefined {
        return this.#ended.get(urn);
    }

    /** The engine's messages about a resource that failed. */
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

    /** The number of steps of each kind. */
    changeCounts(): Record<string, number> {
        const counts: Record<string, number> = {};
        for (const { op, type } of this.changes) if (type !== stackType) counts[op] = (counts[op] ?? 0) + 1;
        return counts;
    }

    /** Why the previewed changes cannot be deployed. Without changes, the guard refuses nothing. */
    get refusal(): StackFailure | undefined {
        if (this.#unread !== undefined) return { kind: "failed", message: this.#unread };
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

/** Removes the marks and codes for colors of engines, and control characters except line ends. */
function plainText(text: string): string {
    return text
        .replace(/<\{%[^%]*%\}>/g, "")
        .replace(/\p{Cc}\[[0-9;]*[A-Za-z]/gu, "")
        .replace(/(?!\n)\p{Cc}/gu, " ")
        .replace(/^error: /, "")
        .trim();
}
