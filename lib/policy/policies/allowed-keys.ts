import type { PolicyResource } from "@pulumi/policy";
import { keyIdentity, notYetKnown, ruleStrength } from "../../rule";
import { declaredAccounts } from "../declared-account";
import type { EncryptionSite } from "../encryption-site";
import {
    factsOfName,
    isAllowed,
    type KeyCondition,
    type KeyFacts,
    type KnownKey,
    keyConditionSchema,
    knownKeySchema,
} from "../key-facts";
import { ruleText } from "../observed-site";
import type { PolicyOptions } from "../policy-options";
import { PropertyReader } from "../property-reader";
import type { Finding, JudgedResource } from "../resource-policy";
import { resourceTypes } from "../resource-types";
import { storeNames } from "../site-store";
import type { StackMember } from "../stack-member";
import { type StackPolicyDefinition, stackPolicy } from "../stack-policy";

/** Which keys may be used. */
export interface AllowedKeysConfig {
    /** A key must meet one of these. Empty: the policy checks nothing. */
    readonly allowed: readonly KeyCondition[];
    readonly knownKeys: readonly KnownKey[];
}

type Judged = JudgedResource<AllowedKeysConfig>;

const definition: StackPolicyDefinition<AllowedKeysConfig> = {
    about: {
        name: "allowed-keys",
        displayName: "Allowed keys",
        description: "Buckets are encrypted with an allowed key: by account, region, id, alias or tag.",
        severity: "high",
        tags: ["encryption", "kms", ...storeNames],
        remediationSteps: "Use one of the allowed keys, and name it by its ARN where its account or region matters.",
    },
    level: "mandatory",
    schema: {
        allowed: {
            type: "array",
            description: "Conditions of which a key must meet one. Without any, nothing is checked.",
            default: [],
            items: keyConditionSchema,
        },
        knownKeys: {
            type: "array",
            description: "Facts about keys that their names do not show: aliases, tags, account, region.",
            default: [],
            items: knownKeySchema,
        },
    },
    claim: "the key is allowed",
    judge: (judged) =>
        judged.sites.flatMap((site) => {
            const answer = judgeKey(site, judged, {});
            // The stack may know what the resource alone does not: it can have the key's own resource.
            return answer !== undefined && "violation" in answer && !answer.isMissingFacts ? [{ ...answer, site }] : [];
        }),
    *judgeStack(members) {
        for (const member of members)
            for (const site of member.judged.sites) {
                const finding = judgeKey(site, member.judged, factsOfStack(member, site));
                if (finding !== undefined) yield { judged: member.judged, finding: { ...finding, site } };
            }
    },
};

function judgeKey(
    site: EncryptionSite,
    judged: Judged,
    more: KeyFacts,
): (Finding & { isMissingFacts?: boolean }) | undefined {
    const { allowed, knownKeys } = judged.config;
    const { rule } = site;
    if (allowed.length === 0 || rule === undefined) return undefined;
    if (rule === notYetKnown) return { undecided: "the rule" };
    const name = ruleText(rule, "kmsMasterKeyId");
    const algorithm = ruleText(rule, "sseAlgorithm");
    if (name === undefined || (typeof algorithm === "string" && ruleStrength({ sseAlgorithm: algorithm }) === 1))
        return undefined;
    // The service's key cannot be allowed or forbidden. Requiring a customer key is another policy.
    if (name !== notYetKnown && keyIdentity(name) === undefined) return undefined;
    const facts = combined(more, name === notYetKnown ? {} : factsOfName(name, knownKeys), factsOfPlace(site, judged));
    const answer = isAllowed(facts, allowed);
    if (answer === true) return undefined;
    if (answer === false) return { violation: `the key${ending(name)} is none of the allowed keys` };
    if (name === notYetKnown) return { undecided: "kmsMasterKeyId" };
    return {
        violation: `the key${ending(name)} cannot be checked without its ${answer.join(", ")}; name the key by its ARN, or list it in knownKeys`,
        isMissingFacts: true,
    };
}

/** A bucket's key is in the bucket's region. A key that is named by an id alone is in the account that the resource names. */
function factsOfPlace({ region, store }: EncryptionSite, { resource, reader }: Judged): KeyFacts {
    const ids = new Set(declaredAccounts(resource, reader, {}).map(({ id }) => id));
    const [account] = ids;
    return {
        region: typeof region === "string" && store !== notYetKnown ? region : undefined,
        account: ids.size === 1 && typeof account === "string" ? account : undefined,
    };
}

/** Facts from the key's own resource, where the stack creates the key. */
function factsOfStack(
    { judged, dependencies }: StackMember<AllowedKeysConfig>,
    { inline, label }: EncryptionSite,
): KeyFacts {
    const property = Object.keys(judged.resource.props).filter((name) =>
        label !== ""
            ? name === "overrides"
            : name === "kmsMasterKeyId" || name === "rules" || (inline && name.startsWith("serverSideEncryption")),
    );
    const keys = new Map(
        property
            .flatMap((name) => dependencies(name))
            .filter(isKey)
            .map((resource) => [resource.urn, resource]),
    );
    const [key] = keys.values();
    if (key === undefined || keys.size > 1) return {};
    const reader = new PropertyReader();
    const tags = reader.read(key.props, "tags");
    const names = tags !== null && typeof tags === "object" ? Object.keys(tags) : [];
    const texts = names.map((name) => [name, reader.text(tags, name)] as const);
    return {
        ...(tags === notYetKnown || texts.some(([, value]) => value === notYetKnown)
            ? {}
            : { tags: Object.fromEntries(texts.map(([name, value]) => [name, String(value ?? "")])) }),
        ...(typeof key.provider?.props === "object" ? regionOf(key, reader) : {}),
    };
}

function regionOf(key: PolicyResource, reader: PropertyReader): KeyFacts {
    const region = reader.text(key.provider?.props, "region");
    return typeof region === "string" ? { region } : {};
}

function isKey({ type }: PolicyResource): boolean {
    return type === resourceTypes.kmsKey || type === resourceTypes.awsKmsKey;
}

/** Combines facts. The key's own name counts before its place. */
function combined(more: KeyFacts, named: KeyFacts, place: KeyFacts): KeyFacts {
    return {
        id: named.id,
        aliases: named.aliases,
        account: named.account ?? more.account ?? place.account,
        region: named.region ?? more.region ?? place.region,
        tags: more.tags ?? named.tags,
    };
}

/** The last four characters distinguish keys; the rest may be a secret of the stack. */
function ending(name: string | typeof notYetKnown): string {
    return typeof name === "string" && name.length >= 16 ? ` …${name.slice(-4)}` : "";
}

/** Keys are among those allowed. */
export function allowedKeys(options?: PolicyOptions<AllowedKeysConfig>) {
    return stackPolicy(definition, options);
}
