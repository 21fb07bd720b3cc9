import type { Properties } from "../declaration";
import type { BucketLister } from "./bucket-access";

/**
 * The property with which a program marks a preview: the dynamic host does not pass that to a check. A check leaves it out of the
 * inputs that it returns, so it is in no state and in no difference. Engines do not show properties whose names begin with `__`.
 */
export const previewProperty = "__preview";

/** The property with which a program names the caller that listed its buckets; it is in no state either. */
export const listerProperty = "__listedBy";

/** Properties without those that are between the program, the engine and this provider. */
export function withoutMarks({
    __provider,
    [previewProperty]: _,
    [listerProperty]: __,
    ...properties
}: Properties): Properties {
    return properties;
}

/** Whether a check is made for a preview. */
export function isPreview({ [previewProperty]: preview }: Properties): boolean {
    return preview === true;
}

/** Who listed the declared buckets, if the program names it. */
export function listerOf({ [listerProperty]: lister }: Properties): BucketLister | undefined {
    if (typeof lister !== "object" || lister === null || !("account" in lister && "key" in lister)) return undefined;
    const { account, key } = lister;
    return typeof account === "string" && typeof key === "string" ? { account, key } : undefined;
}
