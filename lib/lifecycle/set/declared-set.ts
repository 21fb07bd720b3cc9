import { notYetKnown, type RuleIssue, rulePropertyNames } from "../../rule";
import type { DeclaredProperties } from "../bucket-encryption-properties";
import { type DeclaredMembers, type Members, unpackMembers } from "./members";
import { type Override, sharedProperties } from "./set-properties";

/** A set as it is declared: its buckets, and each one's declaration as if it stood alone. */
export class DeclaredSet {
    readonly members: Members;
    /** What is declared for all of them alike. */
    readonly shared: DeclaredProperties;
    readonly #withoutRule: DeclaredProperties;
    readonly #overrides: Readonly<Record<string, Override>>;

    /** @param inputs whose `members` can be read */
    constructor(inputs: DeclaredProperties) {
        this.members = unpackMembers(inputs as unknown as DeclaredMembers) ?? new Map();
        this.shared = sharedProperties(inputs);
        const isOfRule = (name: string) => (rulePropertyNames as readonly string[]).includes(name);
        this.#withoutRule = Object.fromEntries(Object.entries(this.shared).filter(([name]) => !isOfRule(name)));
        this.#overrides = overridesOf(inputs);
    }

    /** What is declared for one bucket. */
    declarationOf(bucket: string, region = this.members.get(bucket)?.region): DeclaredProperties {
        const override = this.isOverridden(bucket) ? this.#overrides[bucket] : undefined;
        const own = override === undefined ? this.shared : { ...this.#withoutRule, ...ruleOf(override) };
        return region === undefined ? { ...own, bucket } : { ...own, region, bucket };
    }

    isOverridden(bucket: string): boolean {
        return Object.hasOwn(this.#overrides, bucket);
    }

    /** Buckets that stand for all, since nothing but the name tells the others of their kind apart. */
    examples(): string[] {
        const found = new Map<string, string>();
        for (const [bucket, { region }] of this.members) {
            if (this.isOverridden(bucket)) found.set(`override ${bucket}`, bucket);
            else if (!found.has(region ?? "")) found.set(region ?? "", bucket);
        }
        return [...found.values()];
    }
}

function overridesOf({ overrides }: DeclaredProperties): Readonly<Record<string, Override>> {
    return isObject(overrides) ? (overrides as Readonly<Record<string, Override>>) : {};
}

/** The rule alone of an override; one that isn't known yet has an algorithm that isn't. */
function ruleOf(override: Override | typeof notYetKnown): DeclaredProperties {
    if (override === notYetKnown) return { sseAlgorithm: notYetKnown };
    return Object.fromEntries(
        rulePropertyNames.flatMap((name) => (override[name] === undefined ? [] : [[name, override[name]]])),
    );
}

/** All faults of the overrides beside those of their rules. */
export function overrideIssues({ overrides }: DeclaredProperties, members: Members | undefined): RuleIssue[] {
    if (overrides === undefined || overrides === notYetKnown) return [];
    if (!isObject(overrides)) {
        return [
            { code: "wrong-type", path: "overrides", message: "must be an object with a rule for each bucket's name" },
        ];
    }
    const allowed = [...rulePropertyNames, "reason"];
    return Object.entries(overrides).flatMap(([bucket, override]): RuleIssue[] => {
        const path = `overrides.${bucket}`;
        if (override === notYetKnown) return [];
        if (!isObject(override))
            return [{ code: "wrong-type", path, message: "must be a rule such as { sseAlgorithm }" }];
        const unknown = Object.keys(override).filter((name) => !(allowed as readonly string[]).includes(name));
        const { reason } = override as Override;
        const isReason = reason === undefined || typeof reason === "string" || typeof reason === "symbol";
        return [
            ...unknown.map((name): RuleIssue => {
                return { code: "not-allowed", path: `${path}.${name}`, message: `is not one of ${allowed.join(", ")}` };
            }),
            ...(isReason ? [] : [{ code: "wrong-type", path: `${path}.reason`, message: "must be a text" } as const]),
            ...(members === undefined || members.has(bucket)
                ? []
                : [{ code: "not-allowed", path, message: "is for a bucket that doesn't belong to the set" } as const]),
        ];
    });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
