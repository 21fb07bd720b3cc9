import { type ChosenBuckets, namePattern } from "./bucket-choice";

/** The plan of a baseline for the selected buckets. */
export interface BaselinePlan<Override> {
    /** Buckets that get a rule. */
    readonly buckets: ChosenBuckets;
    /** Buckets among them that have a rule of their own. */
    readonly overrides: ReadonlyMap<string, Override>;
    /** Selected buckets that get no rule, with the reason. */
    readonly excluded: ReadonlyMap<string, string>;
    /** Names and patterns of overrides and exclusions that match no selected bucket. */
    readonly unused: readonly string[];
}

/**
 * Applies exclusions and overrides. A bucket's own name has priority over patterns, an earlier pattern over a later one, and an
 * exclusion over an override.
 */
export function planBaseline<Override>(
    chosen: ChosenBuckets,
    overrides: Readonly<Record<string, Override>>,
    exclusions: Readonly<Record<string, string>>,
): BaselinePlan<Override> {
    const [findOverride, findExclusion] = [new NameTable(overrides), new NameTable(exclusions)];
    const buckets: ChosenBuckets = new Map();
    const overridden = new Map<string, Override>();
    const excluded = new Map<string, string>();
    for (const [bucket, facts] of chosen) {
        const reason = findExclusion.of(bucket);
        if (reason !== undefined) {
            excluded.set(bucket, reason);
            continue;
        }
        buckets.set(bucket, facts);
        const override = findOverride.of(bucket);
        if (override !== undefined) overridden.set(bucket, override);
    }
    return { buckets, overrides: overridden, excluded, unused: [...findExclusion.unused, ...findOverride.unused] };
}

/** Values by names and patterns of names. */
class NameTable<Value> {
    readonly #byName = new Map<string, Value>();
    readonly #byPattern: {
        readonly key: string;
        readonly matches: (name: string) => boolean;
        readonly value: Value;
    }[] = [];
    readonly unused: Set<string>;

    constructor(values: Readonly<Record<string, Value>>) {
        for (const [key, value] of Object.entries(values)) {
            if (/[*?]/.test(key)) this.#byPattern.push({ key, matches: namePattern(key), value });
            else this.#byName.set(key, value);
        }
        this.unused = new Set(Object.keys(values));
    }

    of(name: string): Value | undefined {
        const named = this.#byName.get(name);
        if (named !== undefined) {
            this.unused.delete(name);
            return named;
        }
        const found = this.#byPattern.find(({ matches }) => matches(name));
        if (found !== undefined) this.unused.delete(found.key);
        return found?.value;
    }
}
