import type { StepMetadata } from "../engines/stack-engine";
import { maskedProperties } from "./masked-properties";

/** A bucket as a report names it. */
export interface BucketPlace {
    /** `[secret]` where the stack keeps its name secret, `(not known yet)` where another resource decides it. */
    readonly bucket: string;
    readonly account?: string;
}

/** The last part of the types whose resources are buckets' rules; Pulumi puts the module before it. */
const ruleTypes = /:BucketEncryption$/;
/** What engines write for a value that isn't known yet (sdk/go/common/resource/plugin). */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The buckets whose rules a step is about; none for any other resource. */
export function bucketsOf({ type, old, new: state }: StepMetadata): BucketPlace[] {
    if (!ruleTypes.test(type)) return [];
    const properties = maskedProperties(state?.inputs ?? old?.inputs);
    const account = accountOf(properties.account);
    return [{ bucket: nameOf(properties.bucket), ...(account !== undefined && { account }) }];
}

function nameOf(value: unknown): string {
    if (typeof value !== "string" || value === "" || value === unknownText) return "(not known yet)";
    return value;
}

/** The account that a resource says it is for. */
function accountOf(value: unknown): string | undefined {
    if (value === null || typeof value !== "object") return undefined;
    const { id } = value as { id?: unknown };
    return typeof id === "string" && /^\d+$/.test(id) ? id : undefined;
}
