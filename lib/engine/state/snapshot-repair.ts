import { parseProviderReference } from "../urn";
import type { DeploymentJson, ResourceJson } from "./checkpoint-format";
import { referencedUrns } from "./resource-state";

/**
 * Repairs a snapshot without losing a resource: puts every resource behind those that it refers to, and drops references to missing
 * resources (the real engine repairs a snapshot that it is about to write likewise; pkg/resource/deploy/snapshot.go, Repair).
 */
export function repairedSnapshot(deployment: DeploymentJson): DeploymentJson {
    const sorted = sortedResources(deployment.resources ?? []);
    const seen = new Set<string>();
    const resources = sorted.map((resource) => {
        const repaired = withoutDangling(resource, (urn) => seen.has(urn));
        seen.add(resource.urn);
        return repaired;
    });
    return { ...deployment, ...(resources.length === 0 ? {} : { resources }) };
}

/** In the given order as far as possible. */
function sortedResources(resources: readonly ResourceJson[]): ResourceJson[] {
    const byUrn = new Map<string, ResourceJson[]>();
    for (const resource of resources) byUrn.set(resource.urn, [...(byUrn.get(resource.urn) ?? []), resource]);
    const sorted = new Set<ResourceJson>();
    const open = new Set<ResourceJson>();
    const visit = (resource: ResourceJson): void => {
        if (sorted.has(resource) || open.has(resource)) return;
        open.add(resource);
        const provider = parseProviderReference(resource.provider ?? "");
        for (const urn of [...referencedUrns(resource), ...(provider === undefined ? [] : [provider.urn])])
            byUrn.get(urn)?.forEach(visit);
        open.delete(resource);
        sorted.add(resource);
    };
    resources.forEach(visit);
    return [...sorted];
}

function withoutDangling(resource: ResourceJson, isThere: (urn: string) => boolean): ResourceJson {
    const { parent, deletedWith, dependencies, propertyDependencies, replaceWith, ...rest } = resource;
    if (referencedUrns(resource).every(isThere)) return resource;
    const properties = Object.entries(propertyDependencies ?? {}).map(
        ([key, urns]) => [key, (urns ?? []).filter(isThere)] as const,
    );
    return {
        ...rest,
        ...(parent && isThere(parent) ? { parent } : {}),
        ...(deletedWith && isThere(deletedWith) ? { deletedWith } : {}),
        ...(dependencies ? { dependencies: dependencies.filter(isThere) } : {}),
        ...(replaceWith ? { replaceWith: replaceWith.filter(isThere) } : {}),
        ...(propertyDependencies ? { propertyDependencies: Object.fromEntries(properties) } : {}),
    };
}
