import { type ArgumentRows, type ArgumentValue, rowsOf } from "./argument-row";

/** Every algorithm that a rule can name. No store has them all. */
export const sseAlgorithms = ["AES256", "KMS", "SM4", "KMS_DSSE"] as const;

export type SseAlgorithm = (typeof sseAlgorithms)[number];

/** The algorithms whose key can be given. */
export const keyedAlgorithms = ["KMS", "KMS_DSSE"] as const satisfies readonly SseAlgorithm[];

/**
 * The arguments that make a rule, one row for each, in the order in which they are shown. Which combinations a rule can have is
 * the table at `allowedCombinations`.
 */
export const ruleArguments = {
    /** The algorithm. `AES256` and `SM4` use keys that the store manages, `KMS` and `KMS_DSSE` a key of KMS. */
    sseAlgorithm: {
        type: "choice",
        values: sseAlgorithms,
        required: "the algorithm",
        role: "rule",
        description:
            "`AES256` and `SM4` use keys that the store manages, `KMS` a key of the Key Management Service. `SM4` is OSS's, `KMS_DSSE` (two layers) S3's.",
    },
    /** The KMS key: an id, an ARN or an alias. Default: the key that the service keeps for the account. */
    kmsMasterKeyId: {
        type: "string",
        // The form of a key id is left to KMS: it knows ids, ARNs and aliases, and may learn more.
        refused: {
            // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
            pattern: /[\s\u0000-\u001f\u007f\p{Cs}]/u,
            message: "has white space, control characters or half a character in it, which no KMS key id has",
        },
        onlyWith: keyedAlgorithms,
        role: "rule",
        maybeSecret: true,
        defaultText: "the service's key",
        description: "The KMS key: an id, an ARN or an alias. Only with `KMS` and `KMS_DSSE`.",
    },
    /** How KMS encrypts the data, only with `KMS` in OSS. Default: AES256. */
    kmsDataEncryption: {
        type: "choice",
        values: ["SM4"],
        stores: ["oss"],
        onlyWith: ["KMS"],
        role: "rule",
        default: "AES256",
        text: (value) => `data in ${value}`,
        description: "How KMS encrypts the data. Only with `KMS`.",
    },
    /** Whether the bucket keeps a key of its own, so that KMS is asked less often. Default: the bucket's value. */
    bucketKeyEnabled: {
        type: "boolean",
        stores: ["s3"],
        role: "rule",
        keptWhenAbsent: true,
        text: (value) => (value === "true" ? "bucket key on" : undefined),
        description: "Whether the bucket keeps a key of its own, so that KMS is asked less often.",
    },
    /** Encryption types that a request must not ask for, or `NONE`. Default: the bucket's value. */
    blockedEncryptionTypes: {
        type: "choices",
        values: ["SSE-C", "NONE"],
        none: "NONE",
        stores: ["s3"],
        role: "rule",
        keptWhenAbsent: true,
        protects: true,
        text: (value) => (value === "NONE" ? undefined : `${value} blocked`),
        description:
            'Encryption types that the bucket refuses in requests: `["SSE-C"]` blocks keys that the client brings, `["NONE"]` blocks nothing.',
    },
} as const satisfies ArgumentRows;

type RuleRows = typeof ruleArguments;

export type RulePropertyName = keyof RuleRows;

/** The properties that make a rule, in the order in which they are shown. */
export const rulePropertyNames = Object.keys(ruleArguments) as readonly RulePropertyName[];

/** The arguments of a rule that this kind of store supports, and not every kind does. */
export function optionalRuleArguments(store: string): readonly string[] {
    return rowsOf(ruleArguments).flatMap(([name, { stores }]) => (stores?.includes(store) ? [name] : []));
}

const settings: ReadonlySet<string> = new Set(
    rowsOf(ruleArguments).flatMap(([name, { keptWhenAbsent }]) => (keptWhenAbsent ? [name] : [])),
);

/** Whether a property is one that the bucket keeps where a rule leaves it out. */
export function isSetting(name: string): boolean {
    return settings.has(name);
}

/** A rule as it was declared: nothing is checked yet, and any value may be `notYetKnown`. */
export type DeclaredRule = { readonly [name in RulePropertyName]?: unknown };

/** Whether an argument goes with an algorithm. */
type GoesWith<Row, Algorithm> = Row extends { onlyWith: readonly (infer Allowed)[] }
    ? Algorithm extends Allowed
        ? true
        : false
    : true;

/** Whether a kind of store supports an argument. */
type SupportedBy<Row, Store> = Row extends { stores: readonly (infer Supporting)[] }
    ? Store extends Supporting
        ? true
        : false
    : true;

/** The names of the arguments beside `sseAlgorithm` that a rule with the algorithm can have in a kind of store. */
export type RuleArgumentsWith<Algorithm, Store = "oss" | "s3"> = {
    [name in Exclude<RulePropertyName, "sseAlgorithm">]: [
        GoesWith<RuleRows[name], Algorithm>,
        Store extends unknown ? SupportedBy<RuleRows[name], Store> : never,
    ] extends [true, infer Supported]
        ? true extends Supported
            ? name
            : never
        : never;
}[Exclude<RulePropertyName, "sseAlgorithm">];

/** A rule with one algorithm, with the arguments that go with it. */
type RuleWith<Algorithm extends SseAlgorithm> = { readonly sseAlgorithm: Algorithm } & {
    readonly [name in RuleArgumentsWith<Algorithm>]?: ArgumentValue<RuleRows[name]>;
} & { readonly [name in Exclude<RulePropertyName, "sseAlgorithm" | RuleArgumentsWith<Algorithm>>]?: never };

/**
 * A bucket's default server-side encryption rule, as it can be declared for one kind of store or another. `allowedCombinations`
 * has the combinations that each kind of store accepts.
 */
export type ServerSideEncryptionRule = { [Algorithm in SseAlgorithm]: RuleWith<Algorithm> }[SseAlgorithm];

type Widened<Value> = Value extends string ? string : Value extends readonly string[] ? readonly string[] : Value;

/**
 * A rule as a service reports it. It may have an algorithm or fields that this version does not know, since a newer tool may have
 * written it. Such values are kept and shown.
 */
export type ObservedRule = { readonly sseAlgorithm: string } & {
    /** A setting that the row marks as kept when absent is always there in a store that supports it. */
    readonly [name in Exclude<RulePropertyName, "sseAlgorithm">]?: Widened<ArgumentValue<RuleRows[name]>>;
} & {
    /** Fields that this version does not know, by the service's own name. */
    readonly unrecognized?: Readonly<Record<string, string>>;
};

/** A rule as properties (of a state, of a preview) hold it; `undefined` where they hold no algorithm. */
export function observedRuleOf(properties: Readonly<Record<string, unknown>>): ObservedRule | undefined {
    const { sseAlgorithm, unrecognized } = properties;
    if (typeof sseAlgorithm !== "string" || sseAlgorithm === "") return undefined;
    const values = rulePropertyNames.map((name): [string, unknown] => [name, properties[name]]);
    const fields = typeof unrecognized === "object" && unrecognized !== null ? Object.entries(unrecognized) : [];
    const texts = fields.filter(([, value]) => typeof value === "string");
    return {
        ...Object.fromEntries(
            values.filter(([name, value]) => isOfType(ruleArguments[name as RulePropertyName], value)),
        ),
        sseAlgorithm,
        ...(texts.length > 0 && { unrecognized: Object.fromEntries(texts) }),
    };
}

function isOfType({ type }: { readonly type: string }, value: unknown): boolean {
    if (type === "boolean") return typeof value === "boolean";
    if (type === "choices") return Array.isArray(value) && value.every((item) => typeof item === "string");
    return typeof value === "string" && value !== "";
}
