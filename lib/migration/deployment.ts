import { UserError } from "../errors";

/** An entry of a stack's state, of which only what is changed here is described. */
export interface StateEntry {
    readonly urn: string;
    readonly type: string;
    readonly [name: string]: unknown;
}

/** What `pulumi stack export` prints, of which only what is changed here is described. */
export interface Deployment {
    readonly version: number;
    readonly deployment: { readonly resources?: readonly StateEntry[]; readonly [name: string]: unknown };
}

/**
 * @param file for messages
 * @throws UserError of kind `invalid-state-file`
 */
export function asDeployment(document: unknown, file: string): Deployment {
    const { version, deployment } = (document ?? {}) as Partial<Deployment>;
    const resources = deployment?.resources ?? [];
    const isOne =
        typeof deployment === "object" && deployment !== null && Array.isArray(resources) && resources.every(isEntry);
    if (!isOne) throw new UserError("invalid-state-file", "It isn't what `pulumi stack export` prints", { file });
    if (version !== 3 && version !== 4) {
        const what = `It has the version ${JSON.stringify(version)}; known are 3 and 4`;
        throw new UserError("invalid-state-file", what, { file });
    }
    return document as Deployment;
}

function isEntry(entry: unknown): boolean {
    const { urn, type } = (entry ?? {}) as Partial<StateEntry>;
    return typeof urn === "string" && urn.split("::").length >= 4 && typeof type === "string";
}
