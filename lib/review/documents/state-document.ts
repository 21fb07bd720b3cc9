import { isRecord } from "../../declaration";
import type { ResourceEntry } from "../resources/resource-entry";
import type { DocumentIssue } from "./document-issue";
import { readEntry } from "./resource-entry-shape";

export type StateReading =
    | { readonly resources: readonly ResourceEntry[] }
    | { readonly issues: readonly DocumentIssue[] };

/** Reads what `pulumi stack export` prints. */
export function readState(document: unknown): StateReading {
    if (!isRecord(document) || !isRecord(document.deployment)) {
        const isPreview = isRecord(document) && Array.isArray(document.steps);
        const hint = isPreview ? ": it is a preview, to be given as FILE" : "";
        return { issues: [{ path: [], message: `The file is not the output of \`pulumi stack export\`${hint}` }] };
    }
    if (document.version !== 3 && document.version !== 4) {
        return { issues: [{ path: ["version"], message: "must be 3 or 4" }] };
    }
    const { resources = [] } = document.deployment;
    if (!Array.isArray(resources)) return { issues: [{ path: ["deployment", "resources"], message: "is not a list" }] };
    const issues: DocumentIssue[] = [];
    const read = resources.flatMap(
        (entry, index) => readEntry(entry, ["deployment", "resources", index], issues) ?? [],
    );
    return issues.length > 0 ? { issues } : { resources: read };
}
