import type { PolicyConfigSchema } from "@pulumi/policy";
import { keyIdentity, keyOwner } from "../rule";
import { matchesPattern } from "../text";

/** A key that may be used. All that is given must fit; `*` stands for any text. */
export interface KeyCondition {
    readonly id?: string;
    /** With `alias/`. */
    readonly alias?: string;
    readonly account?: string;
    readonly region?: string;
    readonly tags?: Readonly<Record<string, string>>;
}

/** What a pack is told of a key, since policies ask nobody: an id's aliases, tags and owner stand in no declaration. */
export interface KnownKey {
    readonly id: string;
    readonly aliases?: readonly string[];
    readonly account?: string;
    readonly region?: string;
    readonly tags?: Readonly<Record<string, string>>;
}

/** What is known of a key; a fact that isn't is left out. */
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
    description: "By name; * as a value is any.",
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

/** What a key's name says, and what the list of known keys adds. */
export function factsOfName(name: string, known: readonly KnownKey[]): KeyFacts {
    const identity = keyIdentity(name) ?? name;
    const owner = keyOwner(name);
    const isAlias = identity.startsWith("alias/");
    const found = known.filter(
        (key) =>
            (isAlias ? (key.aliases ?? []).includes(identity) : key.id === identity) &&
            (owner === undefined || agrees(key.account, owner.account)) &&
            (owner === undefined || agrees(key.region, owner.region)),
    );
    // One alias can stand for a key in each region: then it isn't known which is meant.
    const only = found.length === 1 ? found[0] : undefined;
    return {
        id: isAlias ? only?.id : identity,
        aliases: isAlias ? [...new Set([identity, ...(only?.aliases ?? [])])] : only?.aliases,
        account: owner?.account ?? only?.account,
        region: owner?.region ?? only?.region,
        tags: only?.tags,
    };
}

function agrees(one: string | undefined, other: string): boolean {
    return one === undefined || one === other;
}

/** Whether a key is what a condition says; the names of the facts that one would have to know when that can't be told. */
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

/** Whether a key is one of those allowed. */
export function isAllowed(facts: KeyFacts, allowed: readonly KeyCondition[]): boolean | readonly string[] {
    const answers = allowed.map((condition) => meetsCondition(facts, condition));
    if (answers.includes(true)) return true;
    const missing = answers.flatMap((answer) => (typeof answer === "boolean" ? [] : answer));
    return missing.length === 0 ? false : [...new Set(missing)];
}
