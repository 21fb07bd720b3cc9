import { checkedValue, parseJson } from "../../documents";
import { UserError } from "../../errors";
import { urnProject, urnStack } from "../urn";
import { type DeploymentJson, unsupportedFeatures } from "./checkpoint-format";
import { exportShape, versionShape, withoutNulls } from "./checkpoint-shape";
import { snapshotFault } from "./snapshot-integrity";
import type { StackReference } from "./stack-reference";

/** What `stack import` takes from a file. */
export interface ImportedState {
    readonly deployment: DeploymentJson;
    /** What was left out, in words. */
    readonly dropped: string[];
}

/**
 * Reads what `stack export` wrote (pkg/cmd/pulumi/stack/stack_import.go).
 * @param force accepts a state of another stack; a state that contradicts itself is always refused, since no command can use it
 * @throws UserError `invalid-import`, `not-supported-by-embedded-engine`
 */
export function readExport(text: string, stack: StackReference, force: boolean): ImportedState {
    const header = parseJson(text, versionShape, source);
    if (header.version !== 3 && header.version !== 4)
        throw new UserError("invalid-import", `${source.title} has version ${header.version}; 3 and 4 can be read`);
    const deployment = withoutNulls(checkedValue(header, exportShape, source, text).deployment);
    const unsupported = unsupportedFeatures(deployment);
    if (unsupported.length > 0) {
        throw new UserError(
            "not-supported-by-embedded-engine",
            `${source.title} uses ${unsupported.join(", ")}, which pulumi-embedded does not support`,
        );
    }
    const foreign = (deployment.resources ?? []).filter(
        ({ urn }) => urnStack(urn) !== stack.name || urnProject(urn) !== stack.project,
    );
    const fault = snapshotFault(deployment);
    if (fault !== undefined) throw new UserError("invalid-import", `${source.title} contradicts itself: ${fault}`);
    const faults = foreign.map(({ urn }) => `resource ${urn} belongs to another stack or project`);
    if (faults.length > 0 && !force) {
        throw new UserError(
            "invalid-import",
            `${source.title} is another stack's: ${faults.join("; ")}; --force imports it anyway`,
        );
    }
    const { pending_operations: pending = [], ...rest } = deployment;
    const dropped = pending.map(({ resource, type }) => `removing pending operation '${type}' on '${resource.urn}'`);
    return { deployment: rest, dropped: [...faults, ...dropped] };
}

const source = { kind: "invalid-import", title: "The state to import" } as const;
