import type { EngineEvent } from "../deployment/engine-event";
import { isReplacementPart, type Step } from "../deployment/step";
import type { ResourceState } from "../state/resource-state";
import { type CheckpointJson, mapToCheckpoint } from "../values/checkpoint-values";
import { signatureKey, signatures } from "../values/signatures";
import { detailedDiffEvent } from "./detailed-diff";
import { maskedConfig } from "./preview-json";
import { providerOf, shownOp } from "./step-words";

type Json = CheckpointJson | undefined | readonly string[];

export interface EventStreamOptions {
    /** The operation's name in the line about its failure: `preview`, `update`, `refresh`, `destroy`. */
    readonly operation: string;
    readonly preview: boolean;
    readonly write: (line: string) => void;
}

/**
 * Writes an operation as one line of JSON for each event, as the CLI does for `up --json` (sdk/go/common/apitype/events.go). Secrets
 * are masked.
 */
export class EventStream {
    #sequence = 0;

    readonly #options: EventStreamOptions;

    constructor(options: EventStreamOptions) {
        this.#options = options;
    }

    readonly listener = (event: EngineEvent): void => {
        switch (event.kind) {
            case "prelude":
                this.#emit({ preludeEvent: { config: maskedConfig(event.config) } });
                break;
            case "step":
                this.#emit({ resourcePreEvent: this.#stepEvent(event.step, event.step.op) });
                break;
            case "outputs":
                this.#emit({ resOutputsEvent: this.#stepEvent(event.step, shownOp(event.step)) });
                break;
            case "failed":
                this.#emit({
                    resOpFailedEvent: { ...this.#stepEvent(event.step, event.step.op), status: 2, steps: 0 },
                });
                break;
            case "diagnostic":
                this.#diagnostic(event.severity, event.message, event.urn, event.ephemeral);
                break;
            case "violation":
                this.#emit({ policyEvent: policyEvent(event.violation) });
                break;
            case "remediation":
                this.#emit({ policyRemediationEvent: remediationEvent(event) });
                break;
            case "summary":
                if (event.result === "failed") this.#diagnostic("error", `${this.#options.operation} failed`);
                this.#emit({
                    summaryEvent: {
                        maybeCorrupt: false,
                        durationSeconds: Math.ceil(event.durationMs / 1000),
                        resourceChanges: event.changes,
                        PolicyPacks: event.policyPacks,
                        isPreview: event.isPreview,
                        result: event.result,
                    },
                });
                this.#emit({ cancelEvent: {} });
                break;
        }
    };

    #diagnostic(severity: string, message: string, urn?: string, ephemeral = false): void {
        this.#emit({
            diagnosticEvent: {
                urn,
                prefix: severity === "error" || severity === "warning" ? `${severity}: ` : undefined,
                message: `${message}\n`,
                color: "never",
                severity,
                ephemeral: ephemeral || undefined,
            },
        });
    }

    #stepEvent(step: Step, op: string): { [field: string]: unknown } {
        const { urn, type, old, new: state, replaceKeys = [], changedKeys = [] } = step;
        return {
            metadata: {
                op,
                urn,
                type,
                old: old === undefined ? null : stateEvent(old),
                new: state === undefined ? null : stateEvent(state),
                keys: filled(replaceKeys),
                diffs: filled(changedKeys),
                detailedDiff: detailedDiffEvent(step),
                logical: isReplacementPart(step.op) ? undefined : true,
                provider: providerOf(step),
            },
            planning: this.#options.preview || undefined,
        };
    }

    #emit(event: { [kind: string]: unknown }): void {
        const line = { sequence: this.#sequence, timestamp: Math.floor(Date.now() / 1000), ...event };
        this.#sequence += 1;
        this.#options.write(`${JSON.stringify(line)}\n`);
    }
}

type Event<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { readonly kind: Kind }>;

function policyEvent(violation: Event<"violation">["violation"]): { [field: string]: Json } {
    return {
        resourceUrn: violation.urn,
        message: violation.message,
        color: "never",
        policyName: violation.policy,
        policyPackName: violation.pack,
        policyPackVersion: violation.packVersion,
        policyPackVersionTag: violation.packVersion,
        enforcementLevel: violation.level,
        severity: violation.severity || undefined,
    };
}

function remediationEvent({ urn, policy, before, after }: Event<"remediation">): { [field: string]: Json } {
    return {
        resourceUrn: urn,
        color: "never",
        policyName: policy.policy,
        policyPackName: policy.pack,
        policyPackVersion: policy.packVersion,
        policyPackVersionTag: policy.packVersion,
        before: mapToCheckpoint(before, blinded),
        after: mapToCheckpoint(after, blinded),
    };
}

function stateEvent(state: ResourceState): { [field: string]: Json } {
    return {
        type: state.type,
        urn: state.urn,
        custom: state.custom || undefined,
        delete: state.delete || undefined,
        id: state.id,
        parent: state.parent,
        protect: state.protect || undefined,
        taint: state.taint || undefined,
        external: state.external || undefined,
        retainOnDelete: state.retainOnDelete || undefined,
        inputs: mapToCheckpoint(state.inputs, blinded),
        outputs: mapToCheckpoint(state.outputs, blinded),
        provider: state.provider,
        initErrors: filled(state.initErrors),
        hideDiffs: filled(state.hideDiff),
    };
}

const blinded = (): CheckpointJson => ({ [signatureKey]: signatures.secret, ciphertext: "[secret]" });
const filled = (list: readonly string[]): readonly string[] | undefined => (list.length === 0 ? undefined : list);
