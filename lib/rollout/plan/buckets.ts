import { isBucketEncryption, isBucketEncryptionSet, memberNames } from "../../declaration";
import { canonicalJson } from "../../values";
import type { StepMetadata } from "../engines/stack-engine";
import { maskedProperties } from "./masked-properties";

/** A bucket in a step. */
export interface BucketStep {
    /** `[secret]` where the stack keeps its name secret, `notYetKnown` where another resource decides it. */
    readonly bucket: string;
    /** The operation on this bucket's rule. Of a set, only some buckets may change. */
    readonly op: string;
    readonly account?: string;
}

export const notYetKnown = "(not known yet)";

/** How engines write a value that is not known yet (sdk/go/common/resource/plugin). */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or a part of it, is one that the engine does not know yet. */
export function holdsUnknown(value: unknown): boolean {
    if (value === unknownText) return true;
    return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

/** Properties of a set that can differ while all its rules stay the same. */
const aboutMembers = new Set([
    "members",
    "membersSince",
    "buckets",
    "selection",
    "held",
    "exceptions",
    "exceptionsNotListed",
]);

/** The buckets whose rules a step concerns; none for other resources. */
export function bucketsOf(step: StepMetadata): BucketStep[] {
    const { type, op, old, new: state } = step;
    const isSingle = isBucketEncryption(type);
    if (!isSingle && !isBucketEncryptionSet(type)) return [];
    const properties = maskedProperties(state?.inputs ?? old?.inputs);
    const account = accountOf(properties.account);
    const places = isSingle ? [{ bucket: nameOf(properties.bucket), op }] : bucketsOfSet(step, properties);
    return account === undefined ? places : places.map((place) => ({ ...place, account }));
}

function bucketsOfSet(
    { op, old, diffs }: StepMetadata,
    properties: Readonly<Record<string, unknown>>,
): { readonly bucket: string; readonly op: string }[] {
    const names = memberNames(properties);
    if (op !== "update") return names.map((bucket) => ({ bucket, op }));
    const former = maskedProperties(old?.inputs);
    const before = new Set(memberNames(former));
    const now = new Set(names);
    const odd = exceptionsOf(old?.outputs);
    const left = [...before].filter((bucket) => !now.has(bucket)).map((bucket) => ({ bucket, op: "delete" }));
    const isExplained = odd.names.size > 0 || left.length > 0 || names.some((bucket) => !before.has(bucket));
    // Other differences do not name buckets, so they count for all of them.
    const isForAll = odd.notListed || !isExplained || differsInRule(former, properties, diffs ?? []);
    const opOf = (bucket: string): string =>
        !before.has(bucket) ? "create" : isForAll || odd.names.has(bucket) ? "update" : "same";
    return [...names.map((bucket) => ({ bucket, op: opOf(bucket) })), ...left];
}

function differsInRule(
    former: Readonly<Record<string, unknown>>,
    properties: Readonly<Record<string, unknown>>,
    diffs: readonly string[],
): boolean {
    const names = [...Object.keys(former), ...Object.keys(properties)].filter((name) => !aboutMembers.has(name));
    if (names.some((name) => canonicalJson(former[name]) !== canonicalJson(properties[name]))) return true;
    // A changed secret is masked on both sides; only the engine knows of it.
    return diffs.some((name) => !aboutMembers.has(name.split(/[.[]/)[0] as string));
}

/** The buckets of a set whose rule is not the declared one. */
function exceptionsOf(outputs: Readonly<Record<string, unknown>> | null | undefined): {
    readonly names: ReadonlySet<string>;
    /** Whether there are more than the named ones. */
    readonly notListed: boolean;
} {
    const { exceptions, exceptionsNotListed } = outputs ?? {};
    const names = typeof exceptions === "object" && exceptions !== null ? Object.keys(exceptions) : [];
    return { names: new Set(names), notListed: Number(exceptionsNotListed ?? 0) > 0 };
}

function nameOf(value: unknown): string {
    if (typeof value !== "string" || value === "" || value === unknownText) return notYetKnown;
    return value;
}

/** The account that a resource declares. */
function accountOf(value: unknown): string | undefined {
    if (value === null || typeof value !== "object") return undefined;
    const { id } = value as { id?: unknown };
    return typeof id === "string" && /^\d+$/.test(id) ? id : undefined;
}
