import {
    type AccountPart,
    type ArgumentRow,
    type ArgumentRows,
    accountParts,
    argumentMeaning,
    bucketEncryptionSetType,
    bucketEncryptionType,
    declarationArguments,
    lookupNames,
    nativeTypes,
    oidcParts,
    outputs,
    roleParts,
    rowsOf,
    rulePropertyNames,
    setArguments,
    setOnDelete,
    setOutputs,
    sharedArgumentNames,
} from "../declaration";
import { settingNamespace, settingTable } from "../provider";

type Spec = Readonly<Record<string, unknown>>;
type Specs = Readonly<Record<string, Spec>>;

const typeToken = (name: string): string => `${settingNamespace}:index:${name}`;
const reference = (name: string): Spec => ({ $ref: `#/types/${typeToken(name)}` });
const texts: Spec = { type: "object", additionalProperties: { type: "string" } };
const anything: Spec = { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };

/** The types of properties that are objects, by the property's name. */
const objectTypes: Specs = {
    account: reference("Account"),
    previousRule: reference("Rule"),
    writtenRule: reference("Rule"),
    unrecognized: texts,
    selection: anything,
    overrides: { type: "object", additionalProperties: reference("RuleOverride") },
    buckets: {
        oneOf: [
            { type: "array", items: { type: "string" } },
            { type: "object", additionalProperties: reference("SetBucket") },
        ],
    },
    exceptions: texts,
    exceptionsNotListed: { type: "integer" },
};

/** What the generated SDKs of each language need. */
const languages: Specs = {
    // The classes of the npm package are written by hand; printed programs import them.
    nodejs: { packageName: "pulumi-bucket-encryption/native", respectSchemaVersion: true },
    python: {
        packageName: "pulumi_bucket_encryption",
        respectSchemaVersion: true,
        pyproject: { enabled: true },
        requires: { pulumi: ">=3.0.0,<4.0.0" },
    },
    // Never published: `pulumi package add` generates it next to the program.
    go: {
        importBasePath: "example.com/pulumi-bucket-encryption/sdk/go/bucketencryption",
        respectSchemaVersion: true,
        generateResourceContainerTypes: true,
    },
    csharp: { respectSchemaVersion: true },
    java: {},
};

/**
 * The plugin's package schema (https://www.pulumi.com/docs/iac/extending-pulumi/schema/), from the rows of arguments and settings.
 * Choices are plain strings: a later version may know more of them, and programs write the words of the documentation.
 */
export function packageSchema(version: string): Spec {
    return {
        name: settingNamespace,
        displayName: "Bucket Encryption",
        version,
        description:
            "Default server-side encryption of object-storage buckets: declared, deployed, read back and kept free of drift. Alibaba Cloud OSS and the S3 family.",
        keywords: ["pulumi", settingNamespace, "kind/native", "category/cloud"],
        license: "Apache-2.0",
        language: languages,
        config: { variables: settings() },
        provider: {
            description:
                "How and on whose behalf buckets are reached. The same names stand in the stack's configuration.",
            inputProperties: settings(),
        },
        types: types(),
        resources: resources(),
        functions: functions(),
    };
}

function resources(): Specs {
    return {
        [nativeTypes.bucketEncryption]: {
            description:
                "A bucket's default server-side encryption rule. The bucket itself is not managed by this resource.",
            ...resourceSpec(declarationArguments, outputs),
            stateInputs: { type: "object", properties: properties(pick(declarationArguments, lookupNames)) },
            listInputs: {
                type: "object",
                description: "Lists all buckets of the account, also those without a rule.",
                properties: properties(
                    pick(
                        declarationArguments,
                        lookupNames.filter((name) => name !== "bucket"),
                    ),
                ),
            },
            aliases: [{ type: bucketEncryptionType }],
        },
        [nativeTypes.bucketEncryptionSet]: {
            description: "The default encryption rules of up to 50,000 buckets in one resource.",
            ...setSpec(),
            aliases: [{ type: bucketEncryptionSetType }],
        },
    };
}

function functions(): Specs {
    return {
        [nativeTypes.getBucketEncryption]: {
            description: "The rule of a bucket that this stack need not manage. Fails when the bucket has none.",
            inputs: {
                type: "object",
                properties: properties(pick(declarationArguments, lookupNames)),
                required: ["bucket"],
            },
            outputs: {
                type: "object",
                properties: {
                    ...properties(pick(declarationArguments, [...lookupNames, ...rulePropertyNames])),
                    ...properties(pick(outputs, ["bucketRegion", "unrecognized"])),
                },
                required: ["bucket", "sseAlgorithm"],
            },
        },
    };
}

function resourceSpec(declared: ArgumentRows, found: ArgumentRows): Spec {
    const required = rowsOf(declared).flatMap(([name, row]) => (row.required === undefined ? [] : [name]));
    const inputProperties = properties(declared);
    return {
        inputProperties,
        requiredInputs: required,
        properties: { ...inputProperties, ...properties(found) },
        required,
    };
}

function setSpec(): Spec {
    const shared: ArgumentRows = { ...pick(declarationArguments, sharedArgumentNames) };
    const onDelete = { ...(shared.onDelete as ArgumentRow), default: setOnDelete };
    const spec = resourceSpec({ ...shared, onDelete, ...setArguments }, setOutputs);
    const buckets = { type: "integer", description: "The number of buckets." };
    return { ...spec, properties: { ...(spec.properties as Specs), buckets } };
}

function types(): Specs {
    const rule = properties(pick(declarationArguments, rulePropertyNames));
    const override = {
        ...rule,
        reason: { type: "string", description: "The reason, for people; no request contains it." },
    };
    const region = { type: "string", description: "The bucket's region." };
    return {
        [typeToken("Account")]: accountSpec(
            "The account on whose behalf buckets are reached. Never holds a credential.",
            accountParts,
        ),
        [typeToken("Role")]: accountSpec("A role to assume.", roleParts),
        [typeToken("IdentityProvider")]: accountSpec("An identity provider whose token assumes a role.", oidcParts),
        [typeToken("Rule")]: {
            type: "object",
            description: "A rule as a service reported it.",
            properties: { ...rule, ...properties(pick(outputs, ["unrecognized"])) },
            required: ["sseAlgorithm"],
        },
        [typeToken("RuleOverride")]: {
            type: "object",
            description: "The rule of one bucket that differs from the set's.",
            properties: override,
            required: ["sseAlgorithm"],
        },
        [typeToken("SetBucket")]: {
            type: "object",
            description: "A bucket of a set.",
            properties: { region },
        },
    };
}

function accountSpec(description: string, parts: Readonly<Record<string, AccountPart>>): Spec {
    const partTypes: Record<AccountPart["type"], Spec> = {
        string: { type: "string" },
        integer: { type: "integer" },
        roles: { type: "array", items: reference("Role") },
        oidc: reference("IdentityProvider"),
    };
    return {
        type: "object",
        description,
        properties: Object.fromEntries(
            Object.entries(parts).map(([name, part]) => [
                name,
                { ...partTypes[part.type], description: part.description },
            ]),
        ),
        required: Object.entries(parts).flatMap(([name, { required }]) => (required ? [name] : [])),
    };
}

function settings(): Specs {
    return Object.fromEntries(
        settingTable().map(({ name, type, meaning, variables = [], isSecret }) => {
            const types: Record<typeof type, Spec> = {
                text: { type: "string" },
                boolean: { type: "boolean" },
                account: reference("Account"),
                "account ids": { type: "array", items: { type: "string" } },
            };
            const environment =
                variables.length === 0 ? "" : ` Environment: ${variables.map((text) => `\`${text}\``).join(", ")}.`;
            return [
                name,
                {
                    ...types[type],
                    description: withoutLinks(`${meaning}${environment}`),
                    ...(isSecret && { secret: true }),
                },
            ];
        }),
    );
}

function properties(rows: ArgumentRows): Specs {
    return Object.fromEntries(rowsOf(rows).map(([name, row]) => [name, propertySpec(name, row)]));
}

function propertySpec(name: string, row: ArgumentRow): Spec {
    const words = (row.values ?? []).map((value) => `\`${value}\``).join(", ");
    const meaning = withoutLinks(argumentMeaning(row));
    const replaces = row.replaces === true && { willReplaceOnChanges: true };
    switch (row.type) {
        case "choice":
            return { type: "string", description: `${meaning} One of ${words}.`, ...replaces };
        case "choices":
            return {
                type: "array",
                items: { type: "string" },
                description: `${meaning} Any of ${words}.`,
                ...replaces,
            };
        case "object": {
            const type = objectTypes[name];
            if (type === undefined) throw new TypeError(`The schema has no type for the object ${name}`);
            return { ...type, description: meaning };
        }
        default:
            return { type: row.type, description: meaning, ...replaces };
    }
}

/** Links to this package's pages, which lead nowhere from another language's documentation. */
function withoutLinks(markdown: string): string {
    return markdown.replace(/\[([^\]]+)\]\([^)]+\)/g, "`docs/$1` of the npm package");
}

function pick(rows: ArgumentRows, names: readonly string[]): ArgumentRows {
    return Object.fromEntries(Object.entries(rows).filter(([name]) => names.includes(name)));
}
