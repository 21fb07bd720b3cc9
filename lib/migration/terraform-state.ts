import { bucketEncryptionType, nativeTypes } from "../declaration";
import { checkedValue } from "../documents";
import { UserError } from "../errors";
import { ownEntry } from "../text";
import { type AdoptedRule, adoptedProperties } from "./adopted-rule";
import { asDeployment, type StateFile } from "./deployment";
import { type Adoption, rejectIssues, sharedBuckets } from "./pulumi-state";
import { bucketEncryptionEntry, dynamicProvider, urnPrefix } from "./state-entries";
import { type StateEntry, type TerraformInstance, type TerraformResource, terraformShape } from "./state-shapes";

const ruleType = "alicloud_oss_bucket_server_side_encryption";

const terraformWords: Readonly<Record<string, string>> = {
    sseAlgorithm: "sse_algorithm",
    kmsMasterKeyId: "kms_master_key_id",
    kmsDataEncryption: "kms_data_encryption",
};

export function isTerraformState(document: unknown): boolean {
    return typeof (document as { terraform_version?: unknown } | null)?.terraform_version === "string";
}

/**
 * Adds a `BucketEncryption` to a stack's state for each `alicloud_oss_bucket_server_side_encryption` of a Terraform state
 * (format 4, of Terraform 0.12 and later and of OpenTofu). The Terraform state is not changed.
 * @param stack the output of `pulumi stack export` of the stack that gets the rules
 * @throws UserError of kind `invalid-state-file`
 */
export function adoptTerraformState(stateFile: StateFile, stack: StateFile, now = new Date()): Adoption {
    const { file } = stateFile;
    const resources = terraformResources(stateFile);
    const ruleResources = resources.filter(({ type }) => type === ruleType);
    const rules = ruleResources.flatMap(adoptedRules);
    if (rules.length === 0) {
        const cure = "Pass the state of the Terraform configuration that has the rules.";
        throw new UserError("invalid-state-file", `The state has no ${ruleType}`, { file }, { cure });
    }
    rejectIssues(rules, file);
    rejectSameNames(rules, file);
    const state = asDeployment(stack);
    const entries = state.deployment.resources ?? [];
    const parent = entries.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;
    if (parent === undefined) {
        const cure = "Run `pulumi up` once, with a program that declares nothing, then export the stack again.";
        throw new UserError("invalid-state-file", "The stack was never deployed", { file: stack.file }, { cure });
    }
    const prefix = urnPrefix(parent);
    const provider = dynamicProvider(entries, prefix, now);
    const time = now.toISOString();
    const kept = { parent, propertyDependencies: { __provider: [] }, created: time, modified: time };
    const added = rules.map((rule) =>
        bucketEncryptionEntry(rule, { urn: `${prefix}::${bucketEncryptionType}::${rule.name}`, provider, kept }),
    );
    rejectPresent(added, entries, stack.file);
    const present = entries.filter((entry) => entry !== provider);
    const [before, after] = [
        present.slice(0, present.findIndex(({ urn }) => urn === parent) + 1),
        present.slice(present.findIndex(({ urn }) => urn === parent) + 1),
    ];
    return {
        state: { ...state, deployment: { ...state.deployment, resources: [...before, provider, ...after, ...added] } },
        rules,
        warnings: [
            ...sharedBuckets(rules),
            ...ruleResources.flatMap(ruleWarnings),
            ...resources.filter((resource) => ownsRule(resource, rules)).map(ownerWarning),
        ],
    };
}

/** Characters that a resource's name cannot have become `-`, so two addresses may become one name. */
function rejectSameNames(rules: readonly AdoptedRule[], file: string): void {
    const sources = new Map<string, string[]>();
    for (const { name, source } of rules) sources.set(name, [...(sources.get(name) ?? []), source]);
    const faults = [...sources].flatMap(([name, [first, ...others]]) =>
        others.length === 0 ? [] : [`${[first, ...others].join(" and ")} would both be named ${JSON.stringify(name)}`],
    );
    if (faults.length === 0) return;
    const cure = "Rename all but one of them with `terraform state mv`, then pull the state again.";
    throw new UserError(
        "invalid-state-file",
        `Terraform addresses become the same name: ${faults.join("; ")}`,
        { file },
        { cure },
    );
}

function rejectPresent(added: readonly StateEntry[], entries: readonly StateEntry[], file: string): void {
    // A resource of the plugin replaces the dynamic one of its name, so the two cannot be in one stack.
    const dynamicUrn = (urn: string) =>
        urn.replace(`::${nativeTypes.bucketEncryption}::`, `::${bucketEncryptionType}::`);
    const present = new Set(entries.map(({ urn }) => dynamicUrn(urn)));
    const twice = added.filter(({ urn }) => present.has(urn)).map(({ urn }) => urn);
    if (twice.length === 0) return;
    const cure = "If the rules were adopted before, nothing is left to do; otherwise rename the stack's own resources.";
    throw new UserError("invalid-state-file", `The stack already has ${twice.join(", ")}`, { file }, { cure });
}

function terraformResources({ document, file, text }: StateFile): readonly TerraformResource[] {
    const { version, values } = document as { version?: unknown; values?: unknown };
    if (values !== undefined) {
        const what = "It is the output of `terraform show -json`";
        throw new UserError("invalid-state-file", what, { file }, { cure: "Pass that of `terraform state pull`." });
    }
    if (version !== 4) {
        const what = `It has the format ${JSON.stringify(version)}; supported is 4, which Terraform has written since 0.12`;
        const cure = "Pass the unchanged output of `terraform state pull` of a version from 0.12 on.";
        throw new UserError("invalid-state-file", what, { file }, { cure });
    }
    const source = { kind: "invalid-state-file", title: "The Terraform state", file } as const;
    const { resources } = checkedValue(document, terraformShape, source, text);
    return resources.filter(({ mode }) => mode === "managed");
}

function adoptedRules(resource: TerraformResource): AdoptedRule[] {
    const { module, name, instances } = resource;
    return instances
        .filter(({ deposed }) => deposed === undefined)
        .map((instance) => {
            const index = instance.index_key;
            const parts = [module?.replace(/(^|\.)module\./g, "$1"), name, index].filter((part) => part !== undefined);
            const resourceName = parts
                .join("-")
                .replace(/[^A-Za-z0-9_]+/g, "-")
                .replace(/-$/, "");
            return {
                source: address(resource, instance),
                name: resourceName,
                properties: adoptedProperties(
                    instance.attributes ?? {},
                    (word) => ownEntry(terraformWords, word) ?? word,
                ),
            };
        });
}

function address({ module, type, name }: TerraformResource, { index_key: index }: TerraformInstance = {}): string {
    return `${module === undefined ? "" : `${module}.`}${type}.${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}`;
}

/** Warnings about a rule's resource: leftovers, and what its state does not show. */
function ruleWarnings(resource: TerraformResource): string[] {
    const alias = /\]\.(.+)$/.exec(resource.provider ?? "")?.[1];
    const unseen = `${address(resource)} belongs to the provider "${alias}", and the state does not hold its region and account: set \`region\` or \`account\` if they differ from the stack's.`;
    return [
        ...(alias === undefined ? [] : [unseen]),
        ...resource.instances.flatMap((instance) => {
            const name = address(resource, instance);
            if (instance.deposed !== undefined) {
                return `${name} has a deposed object, the rule of ${instance.attributes?.bucket}, which Terraform has still to delete. It is not adopted: run \`terraform apply\` to the end first, or declare a BucketEncryption for it.`;
            }
            if (instance.status !== "tainted") return [];
            return `${name} is tainted: Terraform has still to replace it. It is adopted as in the state; \`pulumi preview --refresh\` shows whether the bucket has that rule.`;
        }),
    ];
}

/** Whether it is a bucket that has a rule in its state, or will after the next refresh. */
function ownsRule({ type, instances }: TerraformResource, rules: readonly AdoptedRule[]): boolean {
    const adopted = new Set(rules.map(({ properties }) => properties.bucket));
    return (
        type === "alicloud_oss_bucket" &&
        instances.some(({ attributes }) => {
            const { bucket, server_side_encryption_rule: inline } = attributes ?? {};
            return adopted.has(bucket) || (Array.isArray(inline) && inline.length > 0);
        })
    );
}

function ownerWarning(resource: TerraformResource): string {
    return `${address(resource)} also owns the rule: each refresh adds it to the state, and Terraform then sets or removes it by the bucket's configuration, also without a \`server_side_encryption_rule\`. Set \`lifecycle { ignore_changes = [server_side_encryption_rule] }\` on it.`;
}
