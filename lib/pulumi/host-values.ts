import type { dynamic } from "@pulumi/pulumi";
import { notYetKnown, type Properties } from "../declaration";
import type { BucketLister, CheckAnswer } from "../provider";

/** How the host writes a value that only the deployment will know. */
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * The property by which a program tells the provider that it runs for a preview: the host passes nothing of that on to a check. A
 * check leaves it out of the inputs that it returns, so it is in no state and in no difference. Engines do not show properties whose
 * names begin with `__`.
 */
export const previewProperty = "__preview";

/** The property by which a program that listed buckets tells the provider's check who listed them; it is in no state either. */
export const listerProperty = "__listedBy";

/** Properties as the host hands them over, without those that are between the program, the host and this provider. */
export function fromHost({
    __provider,
    [previewProperty]: _,
    [listerProperty]: __,
    ...properties
}: Properties): Properties {
    return mapped(properties, (value) => (value === unknownSentinel ? notYetKnown : value));
}

/** Whether a check is made for a preview. */
export function isPreview({ [previewProperty]: preview }: Properties): boolean {
    return preview === true;
}

/** Who listed the declared buckets, where the program says it. */
export function listerOf({ [listerProperty]: lister }: Properties): BucketLister | undefined {
    if (typeof lister !== "object" || lister === null || !("account" in lister && "key" in lister)) return undefined;
    const { account, key } = lister;
    return typeof account === "string" && typeof key === "string" ? { account, key } : undefined;
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
