import { nearestSpelling } from "./nearest-spelling";
import { type NotYetKnown, notYetKnown } from "./not-yet-known";
import { quoted } from "./quoted";
import type { RuleIssue } from "./rule-issue";

/** Everything that is the same for all values of one argument. Name lists, types, checks and documentation derive from it. */
export interface ArgumentRow {
    /** `choice` is one of `values`, `choices` a list of them. What an `object` holds is checked where it is used. */
    readonly type: "string" | "boolean" | "choice" | "choices" | "object";
    readonly values?: readonly string[];
    /** Of `choices`: the value that stands for an empty list, so nothing else may be beside it. */
    readonly none?: string;
    /** What a string must not hold, and how a message says so. The message does not repeat the value. */
    readonly refused?: { readonly pattern: RegExp; readonly message: string };
    /** What the argument is, where it must be given. */
    readonly required?: string;
    /**
     * The kinds of store of this package that support it, for the types of programs; every one unless given. Checks ask the family itself
     * (`optionalArguments`), so that another family can support it too. A test compares the two.
     */
    readonly stores?: readonly string[];
    /** The algorithms that it goes with; every one unless given. */
    readonly onlyWith?: readonly string[];
    /** `rule`: part of the rule. `place`: where the bucket is reached. `behaviour`: what the resource does. `output`: found, not declared. */
    readonly role: "rule" | "place" | "behaviour" | "output";
    /** The value that means the same as leaving the argument out. */
    readonly default?: string | boolean;
    /** The default in words, where it is not one value. */
    readonly defaultText?: string;
    /** Whether omitting it keeps the bucket's value, so that a value that a service set is no difference. */
    readonly keptWhenAbsent?: true;
    /** Of `choices`: whether each value but `none` protects the bucket's data, so that a rule without it is weaker. */
    readonly protects?: true;
    /** Whether another value is another resource. */
    readonly replaces?: true;
    /** Whether it counts only when a resource is created, so that changing it is no difference. */
    readonly onlyOnCreation?: true;
    /** Whether its value may be a secret of the stack, so that no message repeats it. */
    readonly maybeSecret?: true;
    /** How a rule's text for people names a value; `undefined` for a value that needs no mention. */
    readonly text?: (value: string) => string | undefined;
    /** The meaning, in one or two sentences of Markdown. */
    readonly description: string;
}

export type ArgumentRows = Readonly<Record<string, ArgumentRow>>;

/** The type of an argument's values, as far as its row tells it. */
export type ArgumentValue<Row> = Row extends { type: "choice"; values: readonly (infer Word)[] }
    ? Word
    : Row extends { type: "choices"; values: readonly (infer Word)[] }
      ? readonly Word[]
      : Row extends { type: "boolean" }
        ? boolean
        : Row extends { type: "string" }
          ? string
          : unknown;

/** The rows of a table as pairs of a name and its row. */
export function rowsOf<Rows extends ArgumentRows>(rows: Rows): [name: keyof Rows & string, row: ArgumentRow][] {
    return Object.entries(rows);
}

/** A value that counts: what is `null` or the empty string is not given. */
export function presentValue(value: unknown): unknown {
    return value === null || value === "" ? undefined : value;
}

/** Lists mean the same in every order, and with a value once or twice. */
export function canonicalValue(value: unknown): unknown {
    return Array.isArray(value) ? [...new Set(value)].sort() : value;
}

/** Which arguments a kind of store supports. */
export interface StoreSupport {
    /** The kind of store, for messages; absent for any kind. */
    readonly store?: string;
    /** The arguments that it supports among those that not every kind of store supports; absent for all of them. */
    readonly optionalArguments?: readonly string[];
}

/** Whether a kind of store supports an argument; where the store is not known, whether any store does. */
export function isSupported(name: string, { stores }: ArgumentRow, { optionalArguments }: StoreSupport): boolean {
    return stores === undefined || optionalArguments === undefined || optionalArguments.includes(name);
}

/**
 * All faults of one value.
 * @param store what is known of the kind of store
 * @param available the words of `values` that this kind of store has
 */
export function valueIssues(
    path: string,
    row: ArgumentRow,
    value: unknown | NotYetKnown,
    store: StoreSupport = {},
    available: readonly string[] = row.values ?? [],
): RuleIssue[] {
    if (value === undefined) {
        const what = row.type === "choice" ? `one of ${listed(available)}` : row.required;
        return row.required === undefined ? [] : [{ code: "required", path, message: `is required: ${what}` }];
    }
    if (value === notYetKnown) return [];
    if (!isSupported(path, row, store)) {
        const message = `is not supported by the store "${store.store}"; remove it`;
        return [{ code: "not-allowed", path, message }];
    }
    switch (row.type) {
        case "choice":
            return choiceIssues(path, row, value, available);
        case "choices":
            return choicesIssues(path, row, value, available);
        case "boolean":
            if (typeof value === "boolean") return [];
            return [{ code: "wrong-type", path, message: `must be true or false, not ${described(value, false)}` }];
        case "string":
            if (typeof value !== "string") {
                return [{ code: "wrong-type", path, message: `must be a string, not ${described(value, false)}` }];
            }
            return row.refused?.pattern.test(value) ? [{ code: "malformed", path, message: row.refused.message }] : [];
        case "object":
            return [];
    }
}

function choiceIssues(path: string, row: ArgumentRow, value: unknown, available: readonly string[]): RuleIssue[] {
    if (typeof value !== "string") {
        return [{ code: "wrong-type", path, message: `must be one of ${listed(available)}, not ${described(value)}` }];
    }
    if (available.includes(value)) return [];
    const message = `${described(value)} is not one of ${listed(available)}`;
    if (row.values?.includes(value)) {
        return [{ code: "not-allowed", path, message: `${message}, which this kind of store has` }];
    }
    const meant = nearestSpelling(value, available);
    const isDefault = typeof row.default === "string" && !available.includes(row.default);
    const leave = isDefault ? `; leave it out for "${row.default}"` : "";
    const isNearer = isDefault && nearestSpelling(value, [row.default as string, ...available]) !== meant;
    const hint = meant !== undefined && !isNearer ? `; did you mean "${meant}"?` : leave;
    return [{ code: "not-allowed", path, message: `${message}${hint}` }];
}

function choicesIssues(path: string, row: ArgumentRow, value: unknown, available: readonly string[]): RuleIssue[] {
    if (!Array.isArray(value) || value.length === 0) {
        const found = Array.isArray(value) ? "an empty list" : described(value);
        return [
            {
                code: "wrong-type",
                path,
                message: `must be a list of one or more of ${listed(available)}, not ${found}`,
            },
        ];
    }
    const issues = value.flatMap((item) => (item === notYetKnown ? [] : choiceIssues(path, row, item, available)));
    if (issues.length > 0 || row.none === undefined || value.length === 1 || !value.includes(row.none)) return issues;
    return [{ code: "conflicting", path, message: `must hold "${row.none}" alone or not at all` }];
}

export function listed(words: readonly string[]): string {
    return words.map((word) => `"${word}"`).join(", ");
}

/** A value for a message: the first characters of a text where it may be shown, and otherwise only its type. */
export function described(value: unknown, showsText = true): string {
    if (typeof value !== "string" || !showsText) {
        return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
    }
    return quoted(value);
}
