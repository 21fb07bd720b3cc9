import { UserError } from "../../errors";
import { urnProject, urnStack } from "../urn";
import type { StackReference } from "./backend-folder";
import type { DeploymentJson } from "./checkpoint-format";
import { snapshotFault } from "./snapshot-integrity";

/** What `stack import` takes from a file. */
export interface ImportedState {
    readonly deployment: DeploymentJson;
    /** What was left out, in words. */
    readonly dropped: string[];
}

/**
 * Reads what `stack export` wrote (pkg/cmd/pulumi/stack/stack_import.go).
 * @param force takes a state of another stack; one that contradicts itself is never taken, since no command could go on from it
 * @throws UserError `invalid-checkpoint`
 */
export function readExport(text: string, stack: StackReference, force: boolean): ImportedState {
    const { version, deployment } = parseExport(text);
    if (version !== 3 && version !== 4)
        throw new UserError(
            "invalid-checkpoint",
            `The exported state has version ${version}; versions 3 and 4 can be read`,
        );
    const foreign = (deployment.resources ?? []).filter(
        ({ urn }) => urnStack(urn) !== stack.name || urnProject(urn) !== stack.project,
    );
    const fault = snapshotFault(deployment);
    if (fault !== undefined)
        throw new UserError("invalid-checkpoint", `The exported state contradicts itself: ${fault}`);
    const faults = foreign.map(({ urn }) => `resource ${urn} belongs to another stack or project`);
    if (faults.length > 0 && !force) {
        throw new UserError(
            "invalid-checkpoint",
            `The exported state can't be this stack's: ${faults.join("; ")}; --force takes it`,
        );
    }
    const { pending_operations: pending = [], ...rest } = deployment;
    const dropped = pending.map(({ resource, type }) => `removing pending operation '${type}' on '${resource.urn}'`);
    return { deployment: rest, dropped: [...faults, ...dropped] };
}

function parseExport(text: string): { version: unknown; deployment: DeploymentJson } {
    let parsed: { version?: unknown; deployment?: DeploymentJson } | null;
    try {
        parsed = JSON.parse(text) as typeof parsed;
    } catch (cause) {
        throw new UserError(
            "invalid-checkpoint",
            `The exported state is not JSON: ${(cause as Error).message}`,
            {},
            { cause },
        );
    }
    const manifest = parsed?.deployment?.manifest;
    if (parsed === null || manifest === undefined || typeof manifest !== "object")
        throw new UserError("invalid-checkpoint", "The exported state has no deployment with a manifest");
    return { version: parsed.version, deployment: parsed.deployment as DeploymentJson };
}
