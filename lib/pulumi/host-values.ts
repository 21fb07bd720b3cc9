import type { dynamic } from "@pulumi/pulumi";
import { notYetKnown, type Properties } from "../declaration";
import { type CheckAnswer, withoutMarks } from "../provider";

/** How the host writes a value that only the deployment will know. */
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties as the host hands them over, without those that are between the program, the host and this provider. */
export function fromHost(properties: Properties): Properties {
    return mapped(withoutMarks(properties), (value) => (value === unknownSentinel ? notYetKnown : value));
}

/**
 * Whether the host finds its provider in a state. A plugin's refresh leaves the provider's text out of the state of a resource that was
 * moved to it and back; the host then fails to read or delete the resource until an update writes the text again.
 */
export function isReadable({ __provider }: Properties): boolean {
    return typeof __provider === "string";
}

/**
 * A check's answer, as the host takes it. No failure names its property but in its text: the pulumi command prints the value of a
 * property that is named, also of a secret, of an endpoint with a password in it, and of one with 50,000 buckets.
 */
export function checkResult({ inputs, issues }: CheckAnswer): dynamic.CheckResult {
    return {
        inputs: mapped(inputs, (value) => (value === notYetKnown ? unknownSentinel : value)),
        failures: issues.map(({ path, message }) => ({ property: "", reason: `${path}: ${message}` })),
    };
}

/** The properties with every value in them replaced, at every depth. */
function mapped(properties: Properties, replace: (value: unknown) => unknown): Record<string, unknown> {
    const within = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(within);
        return typeof value === "object" && value !== null ? mapped({ ...value }, replace) : replace(value);
    };
    return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, within(value)]));
}
