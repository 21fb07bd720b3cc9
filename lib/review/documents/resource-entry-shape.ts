import type { ResourceEntry } from "../resources/resource-entry";
import { type DocumentIssue, isRecord } from "./document-issue";

/** The faults of a document's entry. */
export function entryIssues(entry: unknown, path: DocumentIssue["path"]): DocumentIssue[] {
    if (!isRecord(entry)) return [{ path, message: "is not a resource" }];
    const issues = ["urn", "type"]
        .filter((name) => typeof entry[name] !== "string")
        .map((name) => ({ path: [...path, name], message: "is missing, or not a text" }));
    const objects = ["inputs", "outputs"]
        .filter((name) => entry[name] !== undefined && entry[name] !== null && !isRecord(entry[name]))
        .map((name) => ({ path: [...path, name], message: "is not an object" }));
    return [...issues, ...objects];
}

/** @param entry without issues */
export function asEntry(entry: unknown): ResourceEntry {
    const { inputs, outputs, id, provider, ...rest } = entry as Record<string, unknown>;
    return {
        ...(rest as unknown as ResourceEntry),
        ...(isRecord(inputs) ? { inputs } : {}),
        ...(isRecord(outputs) ? { outputs } : {}),
        ...(typeof id === "string" ? { id } : {}),
        ...(typeof provider === "string" ? { provider } : {}),
    };
}
