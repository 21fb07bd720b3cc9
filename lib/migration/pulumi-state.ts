import { bucketEncryptionType } from "../declaration";
import { UserError } from "../errors";
import { type AdoptedRule, adoptedOptions, adoptedProperties, adoptionIssues } from "./adopted-rule";
import { asDeployment, type StateFile } from "./deployment";
import { bucketEncryptionEntry, dynamicProvider, urnPrefix } from "./state-entries";
import type { Deployment, StateEntry } from "./state-shapes";

const alicloudType = "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption";

const bucketType = "alicloud:oss/bucket:Bucket";

/** The properties of an entry that stay: how the stack treats the resource, and where it is declared. */
const keptNames = [
    ...["parent", "protect", "retainOnDelete", "dependencies", "deletedWith", "replaceWith", "customTimeouts"],
    ...["additionalSecretOutputs", "ignoreChanges", "replaceOnChanges", "hideDiff"],
    ...["created", "modified", "sourcePosition", "stackTrace"],
];

export interface Adoption {
    /** The state to import. */
    readonly state: Deployment;
    readonly rules: readonly AdoptedRule[];
    /** Notes for the user, a sentence each. */
    readonly warnings: readonly string[];
}

/**
 * Turns each `alicloud.oss.BucketServerSideEncryption` of a stack's state into a `BucketEncryption` with the same name, parent
 * and dependents. Only references to it and default providers that no resource uses any longer change besides.
 * @throws UserError of kind `invalid-state-file`
 */
export function adoptPulumiState(stateFile: StateFile, now = new Date()): Adoption {
    const { file } = stateFile;
    const state = asDeployment(stateFile);
    const entries = state.deployment.resources ?? [];
    const adopted = entries.filter(({ type, external }) => type === alicloudType && external !== true);
    const [first] = adopted;
    if (first === undefined) {
        const what = "The stack has no alicloud.oss.BucketServerSideEncryption";
        const cure = "Pass the state of the stack that has the rules.";
        throw new UserError("invalid-state-file", what, { file }, { cure });
    }
    const unfinished = adopted.filter((entry) => entry.delete === true || entry.pendingReplacement === true);
    if (unfinished.length > 0) {
        const what = `The stack is half replaced (${unfinished.map(({ urn }) => urn).join(", ")})`;
        const cure = "Deploy it once more with its present program, then export it again.";
        throw new UserError("invalid-state-file", what, { file }, { cure });
    }
    const provider = dynamicProvider(entries, urnPrefix(first.urn), now);
    const rules = new Map(adopted.map((entry) => [entry.urn, adoptedRule(entry)]));
    rejectIssues([...rules.values()], file);
    const converted = entries.flatMap((entry): StateEntry[] => {
        const rule = rules.get(entry.urn);
        if (rule === undefined) return entry === provider ? [] : [entry];
        const kept = Object.fromEntries(keptNames.flatMap((name) => (name in entry ? [[name, entry[name]]] : [])));
        return [
            bucketEncryptionEntry(rule, {
                urn: newUrn(entry.urn),
                provider,
                kept: { ...kept, ...dependencies(entry) },
            }),
        ];
    });
    const firstAt = converted.findIndex(({ type }) => type === bucketEncryptionType);
    const resources = withoutIdleProviders(
        renamed([...converted.slice(0, firstAt), provider, ...converted.slice(firstAt)], rules),
    );
    return {
        state: { ...state, deployment: { ...state.deployment, resources } },
        rules: [...rules.values()],
        warnings: [
            ...sharedBuckets([...rules.values()]),
            ...explicitProviders(adopted, entries),
            ...bucketOwners(entries, [...rules.values()]),
        ],
    };
}

export function rejectIssues(rules: readonly AdoptedRule[], file: string): void {
    const faults = rules.flatMap((rule) =>
        adoptionIssues(rule).map(({ path, message }) => `${rule.source}: ${path} ${message}`),
    );
    if (faults.length === 0) return;
    const cure = "Correct these rules with the tool that manages them, then make the state file again.";
    throw new UserError(
        "invalid-state-file",
        `Rules that cannot be declared: ${faults.join("; ")}`,
        { file },
        { cure },
    );
}

function adoptedRule(entry: StateEntry): AdoptedRule {
    const { urn, outputs, inputs } = entry;
    const values = { ...(outputs as object), ...(inputs as object) };
    const optionNames = adoptedOptions.filter((name) => entry[name] === true);
    return {
        source: urn,
        name: urn.split("::").slice(3).join("::"),
        properties: adoptedProperties(values),
        ...(optionNames.length > 0 && { options: Object.fromEntries(optionNames.map((name) => [name, true])) }),
    };
}

/** Buckets with more than one adopted rule, of which each deployment would write another. */
export function sharedBuckets(rules: readonly AdoptedRule[]): string[] {
    const owners = new Map<unknown, string[]>();
    for (const { source, properties } of rules)
        owners.set(properties.bucket, [...(owners.get(properties.bucket) ?? []), source]);
    return [...owners].flatMap(([bucket, [first, ...others]]) =>
        others.length === 0
            ? []
            : [
                  `${[first, ...others].join(" and ")} are all for bucket ${bucket}, which has one rule: keep the one that it shall have, and remove the others from the program and with \`pulumi state delete\`.`,
              ],
    );
}

function newUrn(urn: string): string {
    const [urnStack, project, type = "", ...name] = urn.split("::");
    return [urnStack, project, `${type.slice(0, -alicloudType.length)}${bucketEncryptionType}`, ...name].join("::");
}

function dependencies({ propertyDependencies }: StateEntry): object {
    const kept = Object.entries((propertyDependencies ?? {}) as object).filter(([name]) => name !== "id");
    return { propertyDependencies: { __provider: [], ...Object.fromEntries(kept) } };
}

/** The entries with every reference to an adopted one by its new URN. A URN is never part of another value. */
function renamed(entries: readonly StateEntry[], rules: ReadonlyMap<string, AdoptedRule>): StateEntry[] {
    const names = new Map([...rules.keys()].map((urn) => [urn, newUrn(urn)]));
    const visit = (value: unknown): unknown => {
        if (typeof value === "string") return names.get(value) ?? value;
        if (Array.isArray(value)) return value.map(visit);
        if (typeof value !== "object" || value === null) return value;
        return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, visit(part)]));
    };
    const references = ["parent", "dependencies", "propertyDependencies", "deletedWith", "replaceWith"];
    return entries.map((entry) => ({
        ...entry,
        ...Object.fromEntries(references.flatMap((name) => (name in entry ? [[name, visit(entry[name])]] : []))),
    }));
}

function withoutIdleProviders(entries: readonly StateEntry[]): StateEntry[] {
    const used = new Set(entries.map(({ provider }) => provider));
    return entries.filter((entry) => !isDefaultProvider(entry) || used.has(`${entry.urn}::${entry.id}`));
}

function isDefaultProvider({ type, urn }: StateEntry): boolean {
    return type === "pulumi:providers:alicloud" && /::default(_[\d_]+)?$/.test(urn);
}

/** A dynamic resource has no provider of `@pulumi/alicloud`, and so none of its settings. */
function explicitProviders(adopted: readonly StateEntry[], entries: readonly StateEntry[]): string[] {
    return adopted.flatMap(({ urn, provider = "" }) => {
        const from = entries.find((entry) => `${entry.urn}::${entry.id}` === provider);
        if (from === undefined || isDefaultProvider(from)) return [];
        const { region } = (from.inputs ?? {}) as { region?: unknown };
        const where = typeof region === "string" ? ` (region ${region})` : "";
        return `${urn} belongs to the provider ${from.urn}${where}: remove the option \`provider\`, and set \`region\` or \`account\` if they differ from the stack's.`;
    });
}

/** The buckets of the stack that own a rule, or will after the next refresh. */
function bucketOwners(entries: readonly StateEntry[], rules: readonly AdoptedRule[]): string[] {
    const adopted = new Set(rules.map(({ properties }) => properties.bucket));
    return entries
        .filter(({ type }) => type === bucketType)
        .flatMap(({ urn, id, inputs, outputs }) => {
            if (hasInlineRule(inputs)) {
                return `${urn} declares \`serverSideEncryptionRule\` itself: two owners of one rule. Add it to \`ignoreChanges\` of the bucket, or declare no BucketEncryption for it.`;
            }
            if (!adopted.has(id) && !hasInlineRule(outputs)) return [];
            return `${urn} does not declare \`serverSideEncryptionRule\`, but a refresh adds it to the state, and the next deployment then removes the rule. Add it to \`ignoreChanges\` of the bucket.`;
        });
}

function hasInlineRule(values: unknown): boolean {
    const { serverSideEncryptionRule: rule } = (values ?? {}) as { serverSideEncryptionRule?: unknown };
    return rule !== undefined && rule !== null;
}
