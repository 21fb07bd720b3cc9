import { parseProviderReference } from "../urn";
import { type DeploymentJson, manifestMagic } from "./checkpoint-format";
import { referencedUrns } from "./resource-state";

/**
 * The fault that makes a snapshot unusable, or undefined: every resource must stand behind those that it refers to, and a URN may name
 * one resource that is not to be deleted (pkg/resource/deploy/snapshot.go, VerifyIntegrity).
 */
export function snapshotFault(deployment: DeploymentJson): string | undefined {
    const { manifest, resources = [] } = deployment;
    if (manifest.version !== "" && manifest.magic !== manifestMagic(manifest.version))
        return "the manifest's magic number does not match its version";
    const seen = new Set<string>();
    const living = new Set<string>();
    const providers = new Set<string>();
    const urns = new Set(resources.map(({ urn }) => urn));
    for (const resource of resources) {
        const { urn } = resource;
        if (!urn) return "a resource has no URN";
        if (!resource.type) return `resource ${urn} has no type`;
        if (!resource.custom && resource.id) return `resource ${urn} is a component and yet has the id ${resource.id}`;
        if (resource.provider) {
            if (parseProviderReference(resource.provider) === undefined)
                return `resource ${urn} has the malformed provider reference ${resource.provider}`;
            if (!resource.pendingReplacement && !providers.has(resource.provider))
                return `resource ${urn} refers to unknown provider ${resource.provider}`;
        }
        for (const named of referencedUrns(resource)) {
            if (!seen.has(named))
                return `resource ${urn} refers to ${named}, which ${urns.has(named) ? "comes after it" : "is missing"}`;
        }
        if (!resource.delete) {
            if (living.has(urn)) return `duplicate resource ${urn}`;
            living.add(urn);
        }
        seen.add(urn);
        if (resource.custom && resource.id !== undefined) providers.add(`${urn}::${resource.id}`);
    }
    return undefined;
}
