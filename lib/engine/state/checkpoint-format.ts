import { createHash } from "node:crypto";
import type { CheckpointJson } from "../values/checkpoint-values";

/** The engine version in the states that this engine writes. */
export const engineVersion = "v3.247.0";

export type JsonMap = { [key: string]: CheckpointJson };

/** A resource as a checkpoint holds it (apitype.ResourceV3); the fields stand in the order in which they are written. */
export interface ResourceJson {
    urn: string;
    custom: boolean;
    delete?: boolean;
    id?: string;
    type: string;
    inputs?: JsonMap;
    outputs?: JsonMap;
    parent?: string;
    protect?: boolean;
    taint?: boolean;
    external?: boolean;
    dependencies?: string[];
    initErrors?: string[];
    provider?: string;
    propertyDependencies?: { [property: string]: string[] | null };
    pendingReplacement?: boolean;
    additionalSecretOutputs?: string[];
    aliases?: string[];
    customTimeouts?: CustomTimeouts;
    importID?: string;
    retainOnDelete?: boolean;
    deletedWith?: string;
    replaceWith?: string[];
    created?: string;
    modified?: string;
    sourcePosition?: string;
    stackTrace?: CheckpointJson;
    ignoreChanges?: string[];
    hideDiff?: CheckpointJson;
    replaceOnChanges?: string[];
    replacementTrigger?: CheckpointJson;
    refreshBeforeUpdate?: boolean;
    viewOf?: string;
    resourceHooks?: CheckpointJson;
}

/** In seconds. */
export interface CustomTimeouts {
    create?: number;
    update?: number;
    delete?: number;
}

export type OperationType = "creating" | "updating" | "deleting" | "reading" | "importing";

/** A provider call that began, and whose end is not known. */
export interface PendingOperationJson {
    resource: ResourceJson;
    type: OperationType;
}

export interface DeploymentJson {
    manifest: { time: string; magic: string; version: string };
    secrets_providers?: { type: string; state?: CheckpointJson };
    resources?: ResourceJson[];
    pending_operations?: PendingOperationJson[];
    metadata?: CheckpointJson;
}

export interface CheckpointFileJson {
    version: number;
    features?: string[];
    checkpoint: { stack: string; latest?: DeploymentJson };
}

/** Features that make a checkpoint version 4, each with the test whether a resource uses it. */
const featureSigns: Record<string, (resource: ResourceJson) => boolean> = {
    refreshBeforeUpdate: (resource) => resource.refreshBeforeUpdate === true,
    views: (resource) => (resource.viewOf ?? "") !== "",
    hooks: (resource) => resource.resourceHooks !== undefined,
    taint: (resource) => resource.taint === true,
    replaceWith: (resource) => (resource.replaceWith?.length ?? 0) > 0,
};

export const manifestMagic = (version: string): string => createHash("sha256").update(version).digest("hex");

export function newManifest(now: Date): DeploymentJson["manifest"] {
    return { time: now.toISOString(), magic: manifestMagic(engineVersion), version: engineVersion };
}

/** The features that a deployment's resources use, sorted. */
export function usedFeatures(deployment: DeploymentJson | undefined): string[] {
    const resources = deployment?.resources ?? [];
    return Object.keys(featureSigns)
        .filter((feature) => resources.some((resource) => featureSigns[feature]?.(resource)))
        .sort();
}

const supportedFeatures = new Set(["refreshBeforeUpdate", "taint", "replaceWith", "hooks"]);

/** The features that a deployment uses, or that its file declares, and that this engine does not have. */
export const unsupportedFeatures = (
    deployment: DeploymentJson | undefined,
    declared: readonly string[] = [],
): string[] =>
    [...new Set([...declared, ...usedFeatures(deployment)])].filter((feature) => !supportedFeatures.has(feature));

/** The text of a state file: compact JSON in the CLI's order of fields. */
export function checkpointText(stack: string, latest: DeploymentJson | undefined): string {
    const features = usedFeatures(latest);
    const file: CheckpointFileJson = {
        version: features.length > 0 ? 4 : 3,
        ...(features.length > 0 ? { features } : {}),
        checkpoint: { stack, ...(latest === undefined ? {} : { latest }) },
    };
    return JSON.stringify(file);
}
