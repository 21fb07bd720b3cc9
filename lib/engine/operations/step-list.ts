import type { EngineEvent } from "../deployment/engine-event";
import { isReplacementPart, type Step, type StepOp } from "../deployment/step";
import { violationMessage } from "../display/violation-text";
import type { ResourceState } from "../state/resource-state";
import { isDefaultProvider, isProviderType, urnName } from "../urn";
import { type CheckpointJson, mapToCheckpoint, maskedSecrets } from "../values/checkpoint-values";
import { type PropertyMap, valuesEqual } from "../values/property-value";

type Properties = { [name: string]: CheckpointJson };

/** What was done to one resource. Properties are plain JSON, secrets are masked unless the operation shows them. */
export interface ResourceStep {
    readonly op: StepOp;
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** The inputs that differ, by name; for a refresh the outputs that do. */
    readonly diff: readonly string[];
    /** Its inputs before; undefined for a resource that is new. */
    readonly before: Properties | undefined;
    /** Its inputs now; undefined for a resource that is gone. */
    readonly after: Properties | undefined;
}

/** Collects the steps and messages of an operation. */
export class StepList {
    readonly #steps: Step[] = [];
    readonly messages: string[] = [];

    note(event: EngineEvent): void {
        if (event.kind === "step" && isListed(event.step)) this.#steps.push(event.step);
        if (event.kind === "diagnostic" && (event.severity === "error" || event.severity === "warning"))
            this.messages.push(event.message);
        if (event.kind === "violation") this.messages.push(violationMessage(event.violation));
    }

    get changes(): ResourceStep[] {
        return this.#steps
            .filter(({ op, result }) => op !== "same" && !(op === "refresh" && result === "same"))
            .map((step) => {
                const { op, urn, type, old, result } = step;
                const state = result === "delete" ? undefined : step.new;
                return {
                    op: op === "refresh" ? (result ?? op) : op,
                    urn,
                    type,
                    name: urnName(urn),
                    diff:
                        op === "refresh" ? changed(old?.outputs, state?.outputs) : changed(old?.inputs, state?.inputs),
                    before: propertiesOf(old),
                    after: propertiesOf(state),
                };
            });
    }
}

const isListed = ({ op, type, urn }: Step): boolean =>
    !isReplacementPart(op) && !(isProviderType(type) && isDefaultProvider(urn));

const propertiesOf = (state: ResourceState | undefined): Properties | undefined =>
    state === undefined ? undefined : mapToCheckpoint(state.inputs, maskedSecrets);

function changed(before: PropertyMap | undefined, now: PropertyMap | undefined): string[] {
    if (before === undefined || now === undefined) return [];
    const names = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...names].filter((name) => !valuesEqual(before[name], now[name])).sort();
}
