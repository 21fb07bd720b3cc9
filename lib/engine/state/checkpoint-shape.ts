import { DocumentShape } from "../../documents";
import type { CheckpointFileJson, DeploymentJson } from "./checkpoint-format";

const text = { type: "string" };
const flag = { type: "boolean" };
const texts = { type: ["array", "null"], items: text };
const seconds = { type: "number" };
const values = { type: ["object", "null"], properties: {} };

/** A resource. Other keys mean nothing to this engine. */
export const resourceSchema = {
    type: "object",
    required: ["urn", "type"],
    properties: {
        urn: { type: "string", minLength: 1 },
        type: { type: "string", minLength: 1 },
        custom: flag,
        delete: flag,
        id: text,
        inputs: values,
        outputs: values,
        parent: text,
        protect: flag,
        taint: flag,
        external: flag,
        dependencies: texts,
        initErrors: texts,
        provider: text,
        propertyDependencies: { type: ["object", "null"], additionalProperties: texts },
        pendingReplacement: flag,
        additionalSecretOutputs: texts,
        aliases: texts,
        customTimeouts: {
            type: ["object", "null"],
            properties: { create: seconds, update: seconds, delete: seconds },
        },
        importID: text,
        retainOnDelete: flag,
        deletedWith: text,
        replaceWith: texts,
        created: text,
        modified: text,
        sourcePosition: text,
        ignoreChanges: texts,
        hideDiff: texts,
        replaceOnChanges: texts,
        refreshBeforeUpdate: flag,
        viewOf: text,
        resourceHooks: { type: ["object", "null"], additionalProperties: texts },
    },
};

export const operationTypes = ["creating", "updating", "deleting", "reading", "importing"] as const;

const deploymentSchema = {
    type: "object",
    required: ["manifest"],
    properties: {
        manifest: {
            type: "object",
            required: ["time", "magic", "version"],
            properties: { time: text, magic: text, version: text },
        },
        secrets_providers: {
            type: ["object", "null"],
            required: ["type"],
            properties: { type: text, state: {} },
        },
        resources: { type: ["array", "null"], items: resourceSchema },
        pending_operations: {
            type: ["array", "null"],
            items: {
                type: "object",
                required: ["resource", "type"],
                properties: { resource: resourceSchema, type: { enum: operationTypes } },
            },
        },
        metadata: { type: ["object", "null"] },
    },
};

/** The field that tells which shape the others have. */
export const versionShape = new DocumentShape<{ readonly version: number }>({
    type: "object",
    required: ["version"],
    properties: { version: { type: "integer" } },
});

/** A state file. The CLI writes an empty `latest`, or none, for a stack that was never deployed. */
export const checkpointShape = new DocumentShape<CheckpointFileJson>({
    type: "object",
    required: ["version", "checkpoint"],
    properties: {
        version: { type: "integer" },
        features: { type: ["array", "null"], items: text },
        checkpoint: {
            type: "object",
            required: ["stack"],
            properties: {
                stack: text,
                latest: {
                    if: { type: "object", minProperties: 1 },
                    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
                    then: deploymentSchema,
                    else: { type: ["object", "null"] },
                },
            },
        },
    },
});

/** What `stack export` writes. */
export const exportShape = new DocumentShape<{ readonly version: number; readonly deployment: DeploymentJson }>({
    type: "object",
    required: ["version", "deployment"],
    properties: { version: { type: "integer" }, deployment: deploymentSchema },
});

/** Fields that are null count as missing. */
export function withoutNulls(deployment: DeploymentJson): DeploymentJson {
    const { resources, pending_operations: pending, ...rest } = deployment;
    return {
        ...filled(rest),
        ...(resources ? { resources: resources.map(filled) } : {}),
        ...(pending ? { pending_operations: pending.map((one) => ({ ...one, resource: filled(one.resource) })) } : {}),
    };
}

const filled = <Fields extends object>(fields: Fields): Fields =>
    Object.values(fields).includes(null)
        ? (Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Fields)
        : fields;
