import type { ResourceJson } from "../state/checkpoint-format";
import { referencedUrns } from "../state/resource-state";
import { parseProviderReference } from "../urn";

/** The URNs of all protected resources and of what they need (pkg/cmd/pulumi/operations/destroy.go, getProtectedExcludes). */
export function protectedUrns(resources: readonly ResourceJson[]): string[] {
    const kept = new Set<string>();
    // The state lists what a resource needs before it.
    for (const resource of [...resources].reverse()) {
        if (!resource.protect && !kept.has(resource.urn)) continue;
        kept.add(resource.urn);
        for (const urn of referencedUrns(resource)) kept.add(urn);
        const provider = parseProviderReference(resource.provider ?? "");
        if (provider !== undefined) kept.add(provider.urn);
    }
    return resources.map(({ urn }) => urn).filter((urn) => kept.has(urn));
}
