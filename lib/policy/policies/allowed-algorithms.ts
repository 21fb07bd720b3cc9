import { notYetKnown, type ObservedRule, ruleChange, type SseAlgorithm } from "../../rule";
import type { EncryptionSite, RuleChanges } from "../encryption-site";
import { ruleText } from "../observed-site";
import type { PolicyOptions } from "../policy-options";
import {
    eachSite,
    type Finding,
    type JudgedResource,
    type ResourcePolicyDefinition,
    remediateEachSite,
    resourcePolicy,
} from "../resource-policy";
import { capabilitiesOf, hasDataEncryption, storeNames } from "../site-store";

/** Which algorithms a rule may have. */
export interface AllowedAlgorithmsConfig {
    /** In the terms of `BucketEncryption`, for every provider: `AES256`, `SM4`, `KMS`, `KMS_DSSE`. */
    readonly algorithms: readonly string[];
    /** The algorithms with which KMS may encrypt the data: `AES256`, `SM4`. OSS only. */
    readonly dataEncryption: readonly string[];
    /** The algorithm that a remediation sets. Default: the strongest allowed. */
    readonly replacement?: string;
}

const knownAlgorithms = ["AES256", "SM4", "KMS", "KMS_DSSE"];
type Judged = JudgedResource<AllowedAlgorithmsConfig>;

const definition: ResourcePolicyDefinition<AllowedAlgorithmsConfig> = {
    about: {
        name: "allowed-algorithms",
        displayName: "Allowed algorithms",
        description: "Buckets are encrypted with an allowed algorithm.",
        severity: "high",
        tags: ["encryption", ...storeNames],
        remediationSteps: "Set sseAlgorithm to one of the allowed algorithms.",
    },
    level: "mandatory",
    schema: {
        algorithms: {
            type: "array",
            description: "The allowed algorithms, in the terms of BucketEncryption. SM4 and AES256 are equally strong.",
            default: knownAlgorithms,
            minItems: 1,
            uniqueItems: true,
            items: { type: "string", enum: knownAlgorithms },
        },
        dataEncryption: {
            type: "array",
            description: "The algorithms with which KMS of Alibaba Cloud may encrypt the data.",
            default: ["AES256", "SM4"],
            minItems: 1,
            uniqueItems: true,
            items: { type: "string", enum: ["AES256", "SM4"] },
        },
        replacement: {
            type: "string",
            enum: knownAlgorithms,
            description: "The algorithm that a remediation sets; by default the strongest allowed.",
        },
    },
    claim: "the algorithm is allowed",
    judge: eachSite(judge),
    remediate: remediateEachSite(allowedRule),
};

function judge({ rule, store }: EncryptionSite, { config }: Judged): Finding | undefined {
    if (rule === undefined) return undefined;
    if (rule === notYetKnown) return { undecided: "the rule" };
    const algorithm = ruleText(rule, "sseAlgorithm");
    if (algorithm === notYetKnown) return { undecided: "sseAlgorithm" };
    if (algorithm === undefined || !config.algorithms.includes(algorithm))
        return {
            violation: `${algorithm ?? "no algorithm"} is not among the allowed algorithms: ${list(config.algorithms)}`,
        };
    if (algorithm !== "KMS" || !hasDataEncryption(store)) return undefined;
    const data = ruleText(rule, "kmsDataEncryption");
    if (data === notYetKnown) {
        const isFree = ["AES256", "SM4"].every((name) => config.dataEncryption.includes(name));
        return isFree ? undefined : { undecided: "kmsDataEncryption" };
    }
    if (config.dataEncryption.includes(data ?? "AES256")) return undefined;
    return {
        violation: `data encryption ${data ?? "AES256"} is not among the allowed data encryptions: ${list(config.dataEncryption)}`,
    };
}

function allowedRule(site: EncryptionSite, judged: Judged): RuleChanges | undefined {
    const finding = judge(site, judged);
    if (finding === undefined || !("violation" in finding) || typeof site.rule !== "object") return undefined;
    const { algorithms, dataEncryption } = judged.config;
    const before = ruleText(site.rule, "sseAlgorithm") as string | undefined;
    const isAllowed = before !== undefined && algorithms.includes(before);
    const after = isAllowed ? before : replacement(judged.config, capabilitiesOf(site.store).sseAlgorithms);
    if (after === undefined || isWeaker(before, after, site)) return undefined;
    if (!after.startsWith("KMS"))
        return { sseAlgorithm: after, kmsMasterKeyId: undefined, kmsDataEncryption: undefined };
    // Data in SM4 stays in SM4.
    const keepsSm4 = before === "SM4" ? dataEncryption.includes("SM4") : !dataEncryption.includes("AES256");
    const data = !hasDataEncryption(site.store)
        ? {}
        : isAllowed || before === "SM4" || keepsSm4
          ? { kmsDataEncryption: keepsSm4 ? "SM4" : undefined }
          : {};
    return { sseAlgorithm: after, ...data };
}

const strongestFirst: readonly SseAlgorithm[] = ["KMS_DSSE", "KMS", "AES256", "SM4"];

function replacement(
    { algorithms, replacement: wanted }: AllowedAlgorithmsConfig,
    ofStore: readonly SseAlgorithm[],
): string | undefined {
    if (wanted !== undefined) return wanted;
    const usable = strongestFirst.filter((name) => ofStore.includes(name));
    // KMS_DSSE encrypts twice, at a price: it is chosen only where KMS is not allowed.
    const ranked = algorithms.includes("KMS") ? usable.filter((name) => name !== "KMS_DSSE") : usable;
    return ranked.find((name) => algorithms.includes(name));
}

/** A policy may forbid a rule that is stronger than all it allows. A person decides whether to replace such a rule. */
function isWeaker(before: string | undefined, after: string, site: EncryptionSite): boolean {
    if (before === undefined || typeof site.rule !== "object") return false;
    const key = ruleText(site.rule, "kmsMasterKeyId");
    const keyPart = key === undefined ? {} : { kmsMasterKeyId: typeof key === "string" ? key : "given" };
    const from: ObservedRule = { sseAlgorithm: before, ...keyPart };
    const to: ObservedRule = { sseAlgorithm: after, ...(after.startsWith("KMS") ? keyPart : {}) };
    return ruleChange(from, to) === "weakened";
}

function list(names: readonly string[]): string {
    return names.join(", ");
}

/** Every rule has an allowed algorithm. */
export function allowedAlgorithms(options?: PolicyOptions<AllowedAlgorithmsConfig>) {
    return resourcePolicy(definition, options);
}
