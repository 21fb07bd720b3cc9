import { type KeyIdentity, keyIdentity } from "../rule";
import { type DeclaredProperties, declarablePropertyNames } from "./bucket-encryption-properties";

/** What leaving a property out means, where that can also be written out. */
const defaults: DeclaredProperties = {
    kmsDataEncryption: "AES256",
    forcePathStyle: false,
    deletionIsSafe: false,
    onDelete: "remove",
    forceDelete: false,
    proveKey: false,
};

/** What stays as it is where a declaration doesn't say it, so that what a service set by itself never differs. */
const keptWhereUnsaid = ["bucketKeyEnabled"];

/**
 * They tell how a resource comes to be, and mean nothing to one that is there; what the state keeps beside the declaration
 * can't be declared, and neither can fields of a rule that this version doesn't know (see `isAsDeclared`).
 */
const withoutEffect = ["existingRule", "verifyKey", "previousRule", "bucketRegion", "unrecognized"];

/** What is empty means the same as what is left out, and is left out; in objects and lists only what is null. */
export function canonicalInputs(declared: DeclaredProperties): DeclaredProperties {
    const given = Object.entries(declared).filter(([, value]) => value !== undefined && value !== null && value !== "");
    return Object.fromEntries(given.map(([name, value]) => [name, withoutNulls(value)]));
}

function withoutNulls(value: unknown): unknown {
    if (!isObject(value)) return value;
    if (Array.isArray(value)) return value.map(withoutNulls);
    const given = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    return Object.fromEntries(given.map(([name, member]) => [name, withoutNulls(member)]));
}

/**
 * The names of the properties in which a state and inputs differ. A value that isn't known yet differs from every other.
 * @param defaultStore what leaving out `store` means
 */
export function changedProperties(
    state: DeclaredProperties,
    inputs: DeclaredProperties,
    identity: KeyIdentity = keyIdentity,
    defaultStore?: string,
): string[] {
    const before = comparable(state, identity, defaultStore);
    const after = comparable(inputs, identity, defaultStore);
    const names = new Set([...declarablePropertyNames, ...Object.keys(before), ...Object.keys(after)]);
    const isKept = (name: string) => after[name] === undefined && keptWhereUnsaid.includes(name);
    return [...names].filter((name) => !isSame(before[name], after[name]) && !isKept(name));
}

/** Objects are the same when what they hold is, in whatever order. */
function isSame(one: unknown, other: unknown): boolean {
    if (!isObject(one) || !isObject(other)) return one === other;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => isSame(one[name], other[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null;
}

/** The properties as they are compared: flat, and with the rule in canonical form. */
function comparable(
    properties: DeclaredProperties,
    identity: KeyIdentity,
    defaultStore: string | undefined,
): DeclaredProperties {
    const declared = canonicalInputs(properties);
    const { kmsMasterKeyId } = declared;
    const compared = {
        ...declared,
        kmsMasterKeyId: typeof kmsMasterKeyId === "string" ? identity(kmsMasterKeyId) : kmsMasterKeyId,
    };
    const differing = Object.entries(compared).filter(
        ([name, value]) =>
            !withoutEffect.includes(name) && value !== (name === "store" ? defaultStore : defaults[name]),
    );
    return Object.fromEntries(differing);
}
