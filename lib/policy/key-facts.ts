import type { PolicyConfigSchema } from "@pulumi/policy";
import { keyIdentity, keyOwner } from "../rule";
import { matchesPattern } from "../text";

/** A key that may be used. It must match all given criteria; `*` is any text. */
export interface KeyCondition {
    readonly id?: string;
    /** With `alias/`. */
    readonly alias?: string;
    readonly account?: string;
    readonly region?: string;
    readonly tags?: Readonly<Record<string, string>>;
}

/** Facts about a key for a pack. Policies make no request, and no declaration holds an id's aliases, tags and account. */
export interface KnownKey {
    readonly id: string;
    readonly aliases?: readonly string[];
    readonly account?: string;
    readonly region?: string;
    readonly tags?: Readonly<Record<string, string>>;
}

/** The known facts about a key; unknown ones are absent. */
export interface KeyFacts {
    readonly id?: string | undefined;
    readonly aliases?: readonly string[] | undefined;
    readonly account?: string | undefined;
    readonly region?: string | undefined;
    readonly tags?: Readonly<Record<string, string>> | undefined;
}

const tags = {
    type: "object" as const,
    additionalProperties: { type: "string" as const },
    description: "By name; the value * is any text.",
};

export const keyConditionSchema: PolicyConfigSchema["properties"][string] = {
    type: "object",
    minProperties: 1,
    additionalProperties: false,
    properties: {
        id: { type: "string", minLength: 1 },
        alias: { type: "string", pattern: "^alias/." },
        account: { type: "string", minLength: 1 },
        region: { type: "string", minLength: 1 },
        tags: { ...tags, minProperties: 1 },
    },
};

export const knownKeySchema: PolicyConfigSchema["properties"][string] = {
    type: "object",
    required: ["id"],
    additionalProperties: false,
    properties: {
        id: { type: "string", minLength: 1 },
        aliases: { type: "array", items: { type: "string", pattern: "^alias/." } },
        account: { type: "string", minLength: 1 },
        region: { type: "string", minLength: 1 },
        tags,
    },
};

/** The facts in a key's name, and those that the list of known keys adds. */
export function factsOfName(name: string, known: readonly KnownKey[]): KeyFacts {
    const identity = keyIdentity(name) ?? name;
    const owner = keyOwner(name);
    const isAlias = identity.startsWith("alias/");
    const found = known.filter(
        (key) =>
            (isAlias ? (key.aliases ?? []).includes(identity) : key.id === identity) &&
            (owner === undefined || mayEqual(key.account, owner.account)) &&
            (owner === undefined || mayEqual(key.region, owner.region)),
    );
    // One alias can name a key in each region. Then the key is not known.
    const only = found.length === 1 ? found[0] : undefined;
    return {
        id: isAlias ? only?.id : identity,
        aliases: isAlias ? [...new Set([identity, ...(only?.aliases ?? [])])] : only?.aliases,
        account: owner?.account ?? only?.account,
        region: owner?.region ?? only?.region,
        tags: only?.tags,
    };
}

function mayEqual(one: string | undefined, other: string): boolean {
    return one === undefined || one === other;
}

/** Whether a key meets a condition; the names of the missing facts when that is unknown. */
export function meetsCondition(facts: KeyFacts, condition: KeyCondition): boolean | readonly string[] {
    const missing: string[] = [];
    for (const name of ["id", "account", "region"] as const) {
        const [wanted, found] = [condition[name], facts[name]];
        if (wanted === undefined) continue;
        if (found === undefined) missing.push(name);
        else if (!matchesPattern(found, wanted)) return false;
    }
    const { alias, tags: wantedTags = {} } = condition;
    if (alias !== undefined) {
        const fits = facts.aliases?.some((name) => matchesPattern(name, alias));
        if (fits === undefined) missing.push("alias");
        else if (!fits) return false;
    }
    for (const [tag, wanted] of Object.entries(wantedTags)) {
        if (facts.tags === undefined) missing.push(`tag ${tag}`);
        else if (!matchesPattern(facts.tags[tag] ?? "", wanted) || facts.tags[tag] === undefined) return false;
    }
    return missing.length === 0 ? true : missing;
}

/** Whether a key meets one of the conditions; the names of the missing facts when that is unknown. */
export function isAllowed(facts: KeyFacts, allowed: readonly KeyCondition[]): boolean | readonly string[] {
    const answers = allowed.map((condition) => meetsCondition(facts, condition));
    if (answers.includes(true)) return true;
    const missing = answers.flatMap((answer) => (typeof answer === "boolean" ? [] : answer));
    return missing.length === 0 ? false : [...new Set(missing)];
}
