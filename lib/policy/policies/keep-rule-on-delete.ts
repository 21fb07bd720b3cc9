import { isBucketEncryption, isBucketEncryptionSet } from "../../declaration";
import { notYetKnown } from "../../rule";
import type { PolicyOptions } from "../policy-options";
import type { Properties } from "../property-reader";
import { type Finding, type JudgedResource, type ResourcePolicyDefinition, resourcePolicy } from "../resource-policy";
import { storeNames } from "../site-store";

/** What deleting a resource may do with the rule. */
export interface KeepRuleConfig {
    readonly allowed: readonly ("retain" | "restore" | "remove")[];
}

type Judged = JudgedResource<KeepRuleConfig>;

const definition: ResourcePolicyDefinition<KeepRuleConfig> = {
    about: {
        name: "keep-rule-on-delete",
        displayName: "Deleting a resource keeps the rule",
        description: "In protected stacks, deleting a BucketEncryption keeps the bucket's rule.",
        severity: "high",
        tags: ["encryption", ...storeNames],
        remediationSteps: 'Set onDelete to "retain" or "restore", or protect a BucketEncryption.',
    },
    level: "mandatory",
    stacks: ["prod", "prod-*", "*-prod", "production", "production-*", "*-production"],
    schema: {
        allowed: {
            type: "array",
            description: "The allowed values of onDelete.",
            default: ["retain", "restore"],
            minItems: 1,
            uniqueItems: true,
            items: { type: "string", enum: ["retain", "restore"] },
        },
    },
    claim: "deleting the resource keeps the rule",
    judge: (judged) => {
        const finding = judge(judged);
        return finding === undefined ? [] : [finding];
    },
    remediate: (judged) => {
        const finding = judge(judged);
        if (finding === undefined || !("violation" in finding)) return false;
        const [first = "retain"] = judged.config.allowed;
        (judged.resource.props as Properties).onDelete = judged.config.allowed.includes("retain") ? "retain" : first;
        return true;
    },
};

/** `onDelete` of resources that do not set it; `undefined` for other resources. */
function defaultOnDelete(type: string): string | undefined {
    if (isBucketEncryption(type)) return "remove";
    return isBucketEncryptionSet(type) ? "retain" : undefined;
}

function judge({ resource, reader, config }: Judged): Finding | undefined {
    const byDefault = defaultOnDelete(resource.type);
    if (byDefault === undefined) return undefined;
    const isProtected = resource.opts?.protect === true;
    // The engine refuses to delete a protected resource. A bucket that leaves a set is an update of it.
    if (isProtected && !isBucketEncryptionSet(resource.type)) return undefined;
    const onDelete = reader.text(resource.props, "onDelete");
    if (onDelete === notYetKnown) return { undecided: "onDelete" };
    const effective = onDelete ?? byDefault;
    if ((config.allowed as readonly string[]).includes(effective)) return undefined;
    const what = isBucketEncryptionSet(resource.type) ? "the rules of its buckets" : "the bucket's rule";
    const removal = isProtected
        ? "a bucket that leaves this set loses its rule"
        : `deleting this resource deletes ${what}`;
    const effect = effective === "remove" ? removal : `onDelete is "${effective}"`;
    return {
        violation: `${effect}, in a protected stack; set onDelete to ${config.allowed.map((name) => `"${name}"`).join(" or ")}`,
    };
}

/** In protected stacks, no deletion of a resource deletes a rule. */
export function keepRuleOnDelete(options?: PolicyOptions<KeepRuleConfig>) {
    return resourcePolicy(definition, options);
}
