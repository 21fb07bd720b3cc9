import { bucketEncryptionType } from "../declaration";
import { UserError } from "../errors";
import { type AdoptedRule, adoptedProperties } from "./adopted-rule";
import { asDeployment } from "./deployment";
import { type Adoption, rejectIssues } from "./pulumi-state";
import { bucketEncryptionEntry, dynamicProvider, urnPrefix } from "./state-entries";

interface TerraformInstance {
    readonly index_key?: string | number;
    /** The key of what was replaced and not yet deleted. */
    readonly deposed?: string;
    readonly status?: "tainted";
    readonly attributes?: Readonly<Record<string, unknown>>;
}

interface TerraformResource {
    readonly module?: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    /** `provider["registry.terraform.io/aliyun/alicloud"]`, and then `.<alias>` where it has one. */
    readonly provider?: string;
    readonly instances: readonly TerraformInstance[];
}

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
 * (format 4, of Terraform 0.12 and later and of OpenTofu). The Terraform state itself isn't changed.
 * @param stack what `pulumi stack export` printed for the stack that takes the rules over
 * @throws UserError of kind `invalid-state-file`
 */
export function adoptTerraformState(
    document: unknown,
    file: string,
    stack: { readonly document: unknown; readonly file: string },
    now = new Date(),
): Adoption {
    const resources = terraformResources(document, file);
    const ruleResources = resources.filter(({ type }) => type === ruleType);
    const rules = ruleResources.flatMap(adoptedRules);
    if (rules.length === 0) throw new UserError("invalid-state-file", `The state has no ${ruleType}`, { file });
    rejectIssues(rules, file);
    const state = asDeployment(stack.document, stack.file);
    const entries = state.deployment.resources ?? [];
    const parent = entries.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;
    if (parent === undefined) {
        const what =
            "The stack was never deployed; run `pulumi up` once, for which a program that declares nothing will do";
        throw new UserError("invalid-state-file", what, { file: stack.file });
    }
    const prefix = urnPrefix(parent);
    const provider = dynamicProvider(entries, prefix, now);
    const time = now.toISOString();
    const kept = { parent, propertyDependencies: { __provider: [] }, created: time, modified: time };
    const added = rules.map((rule) =>
        bucketEncryptionEntry(rule, { urn: `${prefix}::${bucketEncryptionType}::${rule.name}`, provider, kept }),
    );
    const urns = [...entries, ...added].map(({ urn }) => urn);
    const twice = urns.find((urn, index) => urns.indexOf(urn) < index);
    if (twice !== undefined) {
        throw new UserError("invalid-state-file", `The stack has ${twice} already`, { file: stack.file });
    }
    const present = entries.filter((entry) => entry !== provider);
    const [before, after] = [
        present.slice(0, present.findIndex(({ urn }) => urn === parent) + 1),
        present.slice(present.findIndex(({ urn }) => urn === parent) + 1),
    ];
    return {
        state: { ...state, deployment: { ...state.deployment, resources: [...before, provider, ...after, ...added] } },
        rules,
        warnings: [
            ...ruleResources.flatMap(ruleWarnings),
            ...resources.filter((resource) => ownsRule(resource, rules)).map(ownerWarning),
        ],
    };
}

function terraformResources(document: unknown, file: string): readonly TerraformResource[] {
    const { version, resources, values } = document as { version?: unknown; resources?: unknown; values?: unknown };
    if (values !== undefined) {
        const what = "It's what `terraform show -json` printed; give what `terraform state pull` prints";
        throw new UserError("invalid-state-file", what, { file });
    }
    if (version !== 4 || !Array.isArray(resources)) {
        const what = `It has the format ${JSON.stringify(version)}; known is 4, which any command of a current Terraform writes`;
        throw new UserError("invalid-state-file", what, { file });
    }
    return resources.filter((resource: TerraformResource) => resource.mode === "managed");
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
                properties: adoptedProperties(instance.attributes ?? {}, (word) => terraformWords[word] ?? word),
            };
        });
}

function address({ module, type, name }: TerraformResource, { index_key: index }: TerraformInstance = {}): string {
    return `${module === undefined ? "" : `${module}.`}${type}.${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}`;
}

/** What is left over of a rule's resource, or can't be seen in its state. */
function ruleWarnings(resource: TerraformResource): string[] {
    const alias = /\]\.(.+)$/.exec(resource.provider ?? "")?.[1];
    const unseen = `${address(resource)} belongs to the provider "${alias}", whose region and account no state tells: set \`region\` or \`account\` where they aren't those of the stack.`;
    return [
        ...(alias === undefined ? [] : [unseen]),
        ...resource.instances.flatMap((instance) => {
            const name = address(resource, instance);
            if (instance.deposed !== undefined) {
                return `${name} has a deposed object, the rule of ${instance.attributes?.bucket}, which Terraform was to delete and hasn't. It isn't adopted: let \`terraform apply\` finish before, or declare a BucketEncryption for it.`;
            }
            if (instance.status !== "tainted") return [];
            return `${name} is tainted: Terraform was to replace it. It is adopted as its state has it; \`pulumi preview --refresh\` shows whether the bucket has that rule.`;
        }),
    ];
}

/** Whether it is a bucket that has a rule in its state, or will after the next refresh. */
function ownsRule({ type, instances }: TerraformResource, rules: readonly AdoptedRule[]): boolean {
    const adopted = new Set(rules.map(({ properties }) => properties.bucket));
    return (
        type === "alicloud_oss_bucket" &&
        instances.some(({ attributes: { bucket, server_side_encryption_rule: inline } = {} }) => {
            return adopted.has(bucket) || (inline as unknown[] | undefined)?.length;
        })
    );
}

function ownerWarning(resource: TerraformResource): string {
    return `${address(resource)} owns the rule too: with each refresh Terraform sees it, and then sets or removes it as the bucket's configuration says, also where that never had a \`server_side_encryption_rule\`. Set \`lifecycle { ignore_changes = [server_side_encryption_rule] }\` on it.`;
}
