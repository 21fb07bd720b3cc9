import type { ResourceState } from "../state/resource-state";
import { buildUrn, stackType, urnName, urnQualifiedType, urnType } from "../urn";
import type { Alias } from "./goal";

/** The state of a resource under its present or a former name, and any conflict of names. */
export interface OldResource {
    readonly old: ResourceState | undefined;
    /** The former URN, if the state has the resource under another one. */
    readonly alias: string | undefined;
    readonly problem: string | undefined;
}

/**
 * Finds the state of a resource under its URN or one of its aliases, including those that it inherits from renamed
 * parents (step_generator.go, getOldResource).
 */
export class AliasResolver {
    /** Old name → new name, of every renamed resource. */
    readonly #renamed = new Map<string, string>();
    /** New name → old name. */
    readonly #former = new Map<string, string>();

    readonly #stack: string;
    readonly #project: string;
    readonly #olds: ReadonlyMap<string, ResourceState>;

    constructor(stack: string, project: string, olds: ReadonlyMap<string, ResourceState>) {
        this.#stack = stack;
        this.#project = project;
        this.#olds = olds;
    }

    /** @param registered whether a URN has been registered in this operation */
    find(
        urn: string,
        goal: {
            readonly name: string;
            readonly type: string;
            readonly parent: string;
            readonly aliases: readonly Alias[];
        },
        registered: (urn: string) => boolean,
    ): OldResource {
        const taken = this.#renamed.get(urn);
        let problem =
            taken === undefined
                ? undefined
                : `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${taken}'`;
        for (const candidate of new Set([urn, ...this.#aliasUrns(goal)])) {
            const old = this.#olds.get(candidate);
            if (old === undefined) continue;
            if (candidate === urn) return { old, alias: undefined, problem };
            const rival = registered(candidate) ? urn : this.#renamed.get(candidate);
            if (rival !== undefined)
                problem = `Duplicate resource alias '${candidate}' applied to resource with URN '${urn}' conflicting with resource with URN '${rival}'`;
            this.#renamed.set(candidate, urn);
            this.#former.set(urn, candidate);
            return { old, alias: candidate, problem };
        }
        return { old: undefined, alias: undefined, problem };
    }

    /** The name that a resource has now, given one that the state has. */
    currentName(urn: string): string {
        return this.#renamed.get(urn) ?? urn;
    }

    isRenamed(urn: string): boolean {
        return this.#renamed.has(urn);
    }

    #aliasUrns(goal: {
        readonly name: string;
        readonly type: string;
        readonly parent: string;
        readonly aliases: readonly Alias[];
    }): string[] {
        const own = goal.aliases.map((alias) => this.#urnOf(alias, goal));
        const formerParent = this.#former.get(goal.parent);
        if (formerParent === undefined) return own;
        return [
            ...own,
            this.#inherited(goal.type, goal.name, goal.parent, formerParent),
            ...own.map((alias) => this.#inherited(urnType(alias), urnName(alias), goal.parent, formerParent)),
        ];
    }

    #urnOf(alias: Alias, goal: { readonly name: string; readonly type: string; readonly parent: string }): string {
        if ("urn" in alias) return alias.urn;
        const named = alias.parent === "" ? goal.parent : (this.#former.get(alias.parent) ?? alias.parent);
        const parent = alias.noParent || urnQualifiedType(named) === stackType ? "" : named;
        return buildUrn(
            alias.stack || this.#stack,
            alias.project || this.#project,
            parent,
            alias.type || goal.type,
            alias.name || goal.name,
        );
    }

    /** A child whose name begins with its parent's name was renamed along with the parent. */
    #inherited(type: string, name: string, parent: string, formerParent: string): string {
        const parentName = urnName(parent);
        const former = name.startsWith(parentName) ? urnName(formerParent) + name.slice(parentName.length) : name;
        return buildUrn(this.#stack, this.#project, formerParent, type, former);
    }
}
