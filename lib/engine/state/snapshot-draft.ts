import type { DeploymentJson, OperationType, PendingOperationJson, ResourceJson } from "./checkpoint-format";
import { newManifest } from "./checkpoint-format";

/**
 * One change of a snapshot while an operation runs. Slots number the resources: those of the base state have 0, 1, …, those that
 * the operation adds get the next ones.
 */
export type SnapshotChange =
    | { readonly put: number; readonly resource: ResourceJson }
    | { readonly drop: number }
    | { readonly begin: number; readonly type: OperationType; readonly resource: ResourceJson }
    | { readonly end: number }
    | { readonly secretsProvider: NonNullable<DeploymentJson["secrets_providers"]> }
    | { readonly forgetPendingCreates: true };

/**
 * A state file in progress: the base with changes applied. An operation and the recovery after a crash apply the same changes, so their
 * results are equal.
 */
export class SnapshotDraft {
    readonly #base: (ResourceJson | undefined)[];
    readonly #added = new Map<number, ResourceJson>();
    readonly #pending = new Map<number, PendingOperationJson>();
    /** Pending creations of earlier operations stay until the user has checked them. */
    #unresolved: readonly PendingOperationJson[];
    #secretsProvider: DeploymentJson["secrets_providers"];

    readonly #deployment: DeploymentJson | undefined;

    constructor(deployment: DeploymentJson | undefined) {
        this.#deployment = deployment;

        this.#base = [...(deployment?.resources ?? [])];
        this.#unresolved = (deployment?.pending_operations ?? []).filter((operation) => operation.type === "creating");
        this.#secretsProvider = deployment?.secrets_providers;
    }

    /** The number of the first slot that a new resource may take. */
    get firstFreeSlot(): number {
        return this.#base.length;
    }

    apply(change: SnapshotChange): void {
        if ("put" in change) {
            if (change.put < this.#base.length) this.#base[change.put] = change.resource;
            else this.#added.set(change.put, change.resource);
        } else if ("drop" in change) {
            if (change.drop < this.#base.length) this.#base[change.drop] = undefined;
            else this.#added.delete(change.drop);
        } else if ("begin" in change) {
            this.#pending.set(change.begin, { resource: change.resource, type: change.type });
        } else if ("end" in change) {
            this.#pending.delete(change.end);
        } else if ("secretsProvider" in change) {
            this.#secretsProvider = change.secretsProvider;
        } else {
            this.#unresolved = [];
        }
    }

    /** The snapshot: the new states of this operation in their order, then the rest of the base. */
    toDeployment(now: Date): DeploymentJson {
        const resources = withoutAliases([
            ...this.#added.values(),
            ...this.#base.filter((resource) => resource !== undefined),
        ]);
        // A creation that was interrupted twice is one pending operation.
        const pending = [
            ...new Map(
                [...this.#unresolved, ...this.#pending.values()].map((operation) => [
                    `${operation.type} ${operation.resource.urn}`,
                    operation,
                ]),
            ).values(),
        ];
        return {
            manifest: newManifest(now),
            ...(this.#secretsProvider === undefined ? {} : { secrets_providers: this.#secretsProvider }),
            ...(resources.length === 0 ? {} : { resources }),
            ...(pending.length === 0 ? {} : { pending_operations: pending }),
            metadata: this.#deployment?.metadata ?? {},
        };
    }
}

/** Replaces references to the former names in `aliases`, and drops the aliases. */
function withoutAliases(resources: readonly ResourceJson[]): ResourceJson[] {
    const renamed = new Map(
        resources.flatMap((resource) => (resource.aliases ?? []).map((alias) => [alias, resource.urn] as const)),
    );
    if (renamed.size === 0) return [...resources];
    const current = (urn: string): string => renamed.get(urn) ?? urn;
    return resources.map(({ aliases: _aliases, ...resource }) => {
        const follow: ResourceJson = { ...resource };
        if (follow.parent) follow.parent = current(follow.parent);
        if (follow.dependencies) follow.dependencies = follow.dependencies.map(current);
        if (follow.propertyDependencies) {
            follow.propertyDependencies = Object.fromEntries(
                Object.entries(follow.propertyDependencies).map(([key, urns]) => [key, urns?.map(current) ?? []]),
            );
        }
        if (follow.deletedWith) follow.deletedWith = current(follow.deletedWith);
        if (follow.replaceWith) follow.replaceWith = follow.replaceWith.map(current);
        if (follow.provider) {
            const end = follow.provider.lastIndexOf("::");
            follow.provider = `${current(follow.provider.slice(0, end))}${follow.provider.slice(end)}`;
        }
        return follow;
    });
}
