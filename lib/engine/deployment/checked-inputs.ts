import type { Provider } from "../provider/provider";
import type { CheckFailure, CheckResult } from "../provider/provider-client";
import type { ResourceState } from "../state/resource-state";
import { urnName } from "../urn";
import { withIgnoredChanges } from "../values/ignored-changes";
import { parsePropertyPath } from "../values/property-paths";
import { type PropertyMap, type PropertyValue, Secret } from "../values/property-value";
import type { DeploymentLog } from "./deployment-log";
import type { Goal } from "./goal";

export interface CheckedInputs {
    readonly inputs: PropertyMap;
    /** Whether the provider accepts them. */
    readonly valid: boolean;
}

/** Lets a provider check inputs. Its findings go to the log. */
export async function checkInputs(
    { log, preview }: { readonly log: DeploymentLog; readonly preview: boolean },
    provider: Provider,
    state: ResourceState,
    olds: PropertyMap,
    news: PropertyMap,
): Promise<CheckedInputs> {
    return reported(log, state, await provider.check(state, olds, news, preview));
}

/** A check's answer, after its findings went to the log. */
export function reported(log: DeploymentLog, state: ResourceState, { inputs, failures }: CheckResult): CheckedInputs {
    for (const failure of failures) log.faults(checkFailureText(state, inputs, failure), state.urn);
    return { inputs, valid: failures.length === 0 };
}

/** Inputs as a program declares them, some with old values in them. */
export interface IgnoringInputs {
    readonly inputs: PropertyMap;
    /** The inputs of a replacement: only ignored paths inside a property keep the old value (the real engine changes it in place). */
    readonly forReplacement: PropertyMap;
}

/** The declared inputs, with old values where changes are ignored. A path that leads nowhere is reported to the log. */
export function inputsWithIgnored(
    log: DeploymentLog,
    goal: Goal,
    old: ResourceState | undefined,
    urn: string,
): IgnoringInputs {
    if (old === undefined || goal.ignoreChanges.length === 0)
        return { inputs: goal.properties, forReplacement: goal.properties };
    const { inputs, lost } = withIgnoredChanges(goal.properties, old.inputs, goal.ignoreChanges);
    if (lost.length > 0) {
        const list = JSON.stringify(lost.join(", "));
        log.says("info", `cannot ignore changes in added or removed elements of the path: ${list}`, urn);
    }
    const deep = goal.ignoreChanges.filter((text) => (parsePropertyPath(text)?.length ?? 0) > 1);
    const { inputs: forReplacement } = withIgnoredChanges(goal.properties, old.inputs, deep);
    return { inputs, forReplacement };
}

export function checkFailureText(
    { type, urn }: ResourceState,
    inputs: PropertyMap,
    { property, reason }: CheckFailure,
): string {
    const resource = `${type} resource '${urnName(urn)}'`;
    if (property === "") return `${resource} has a problem: ${reason}`;
    const value = inputs[property];
    return `${resource}: property ${property}${value === undefined ? "" : ` value {${valueText(value)}}`} has a problem: ${reason}`;
}

/** A value as messages show it. */
export function valueText(value: PropertyValue | undefined): string {
    if (value === undefined) return "";
    if (value instanceof Secret) return "[secret]";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}
