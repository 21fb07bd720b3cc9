import {
    bucketEncryptionSetTypes,
    bucketEncryptionTypes,
    isBucketEncryption,
    isBucketEncryptionSet,
    type MembersSince,
    unpackMembers,
} from "../declaration";
import { type DeclaredRule, notYetKnown } from "../rule";
import { defaultStoreFamily, type StoreFamily, storeFamilies, storeFamilyOf } from "../stores";
import { ownEntry } from "../text";
import type { EncryptionSite, Foreseen, RuleChanges, SeenResource } from "./encryption-site";
import type { Properties, PropertyReader } from "./property-reader";
import { resourceTypes } from "./resource-types";
import { hasDataEncryption } from "./site-store";

/** Where a type of resource has its rule, and in which terms. */
interface RuleForm {
    /** The objects that lead to the one with the rule's properties; `0` is the only element of a list. */
    readonly path: readonly (string | 0)[];
    readonly inline: boolean;
    readonly terms: RuleTerms;
}

/** Translates a provider's names of algorithms to this package's, and back. */
interface RuleTerms {
    readonly family: StoreFamily;
    ours(algorithm: string): string;
    theirs(algorithm: string): string;
}

const oss: RuleTerms = { family: storeFamilies.oss, ours: (name) => name, theirs: (name) => name };

const awsNames: Readonly<Record<string, string>> = { "aws:kms": "KMS", "aws:kms:dsse": "KMS_DSSE" };
const aws: RuleTerms = {
    family: storeFamilies.s3,
    ours: (name) => ownEntry(awsNames, name) ?? name,
    theirs: (name) => Object.entries(awsNames).find(([, ours]) => ours === name)?.[0] ?? name,
};

const byDefault = "applyServerSideEncryptionByDefault";
const forms: Readonly<Record<string, RuleForm>> = {
    ...Object.fromEntries(
        [...bucketEncryptionTypes, ...bucketEncryptionSetTypes].map((type) => [
            type,
            { path: [], inline: false, terms: oss },
        ]),
    ),
    [resourceTypes.ossEncryption]: { path: [], inline: false, terms: oss },
    [resourceTypes.ossBucket]: { path: ["serverSideEncryptionRule"], inline: true, terms: oss },
    [resourceTypes.s3Encryption]: { path: ["rules", 0, byDefault], inline: false, terms: aws },
    [resourceTypes.s3EncryptionV2]: { path: ["rules", 0, byDefault], inline: false, terms: aws },
    [resourceTypes.s3Bucket]: {
        path: ["serverSideEncryptionConfiguration", "rule", byDefault],
        inline: true,
        terms: aws,
    },
    [resourceTypes.s3BucketV2]: {
        path: ["serverSideEncryptionConfigurations", 0, "rules", 0, `${byDefault}s`, 0],
        inline: true,
        terms: aws,
    },
};

/** The places where a resource declares a rule or creates a bucket that could have one. Empty for other resources. */
export function encryptionSites(resource: SeenResource, reader: PropertyReader): EncryptionSite[] {
    const form = ownEntry(forms, resource.type);
    if (form === undefined) return [];
    const site = siteOf(resource, form, reader);
    if (!isBucketEncryptionSet(resource.type)) return [site];
    const declared = { ...site, bucket: undefined, owned: once(() => membersOf(resource.props, reader)) };
    return [declared, ...overriddenSites(resource, declared, reader)];
}

function siteOf(resource: SeenResource, form: RuleForm, reader: PropertyReader): EncryptionSite {
    const { props, type } = resource;
    const { path, inline, terms } = form;
    const isOurs = isBucketEncryption(type) || isBucketEncryptionSet(type);
    const bucket = reader.text(props, "bucket");
    return {
        store: isOurs ? declaredStore(props, reader) : terms.family.name,
        bucket,
        owned: () => (bucket === notYetKnown ? notYetKnown : bucket === undefined ? [] : [bucket]),
        rule: isIgnored(resource, path) ? undefined : declaredRule(props, form, reader),
        endpoint: isOurs ? reader.text(props, "endpoint") : undefined,
        region: reader.text(props, "region"),
        inline,
        label: "",
        write: (changes) => writeRule(props as Properties, form, changes),
    };
}

/** The buckets of a set, which its inputs hold as one packed text. */
function membersOf(props: SeenResource["props"], reader: PropertyReader): Foreseen<readonly string[]> {
    const members = reader.text(props, "members");
    const since = reader.read(props, "membersSince");
    if (members === notYetKnown || since === notYetKnown) return notYetKnown;
    if (members === undefined) {
        // Programs in other languages pass a list, or regions by names, which the plugin's check packs.
        const buckets = reader.read(props, "buckets");
        if (buckets === notYetKnown) return notYetKnown;
        if (typeof buckets === "object" && buckets !== null)
            return Array.isArray(buckets) ? buckets.map(String) : Object.keys(buckets);
    }
    const unpacked = unpackMembers({
        members: members ?? "",
        ...(typeof since === "object" && since !== null && { membersSince: since as MembersSince }),
    });
    return [...(unpacked?.keys() ?? [])];
}

/** The rules of a set's buckets that differ from the set's own. */
function overriddenSites(resource: SeenResource, declared: EncryptionSite, reader: PropertyReader): EncryptionSite[] {
    const overrides = reader.read(resource.props, "overrides");
    if (overrides === undefined) return [];
    const none = { ...declared, owned: () => [] };
    if (overrides === notYetKnown || typeof overrides !== "object" || overrides === null)
        return [{ ...none, rule: notYetKnown, label: "the overrides", write: () => {} }];
    return Object.keys(overrides).map((bucket) => {
        const form: RuleForm = { path: ["overrides", bucket], inline: false, terms: oss };
        return { ...siteOf(resource, form, reader), bucket, owned: none.owned, label: `the override of ${bucket}` };
    });
}

function once<Value>(make: () => Value): () => Value {
    let made: { readonly value: Value } | undefined;
    return () => {
        made ??= { value: make() };
        return made.value;
    };
}

function declaredStore(props: SeenResource["props"], reader: PropertyReader): EncryptionSite["store"] {
    const store = reader.text(props, "store");
    return store === notYetKnown ? store : (storeFamilyOf(store) ?? defaultStoreFamily).name;
}

/** A property in `ignoreChanges` is not written after the bucket was created, so another resource may own the rule. */
function isIgnored({ opts }: SeenResource, [first]: RuleForm["path"]): boolean {
    return (
        first !== undefined &&
        (opts?.ignoreChanges ?? []).some((path) => path === "*" || path.split(/[.[]/)[0] === first)
    );
}

function declaredRule(
    props: SeenResource["props"],
    { path, inline, terms }: RuleForm,
    reader: PropertyReader,
): Foreseen<DeclaredRule | undefined> {
    const holder = reader.read(props, ...path);
    if (holder === notYetKnown) return notYetKnown;
    if (holder === undefined && (inline || path.length > 0)) return undefined;
    const algorithm = reader.read(holder, "sseAlgorithm");
    return {
        sseAlgorithm: typeof algorithm === "string" ? terms.ours(algorithm) : algorithm,
        kmsMasterKeyId: reader.read(holder, "kmsMasterKeyId"),
        ...(hasDataEncryption(terms.family.name)
            ? { kmsDataEncryption: reader.read(holder, "kmsDataEncryption") }
            : {}),
    };
}

// The objects are changed in place: a copy would have to read every property, also unknown ones, and would lose which are
// secrets.
function writeRule(props: Properties, { path, terms }: RuleForm, changes: RuleChanges): void {
    let holder = props;
    for (const name of path) holder = holder[name] as Properties;
    for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) delete holder[name];
        else holder[name] = name === "sseAlgorithm" ? terms.theirs(value) : value;
    }
}
