import { isRecord } from "../../declaration";
import { valueText } from "../../text";
import type { ResourceEntry } from "../resources/resource-entry";
import type { DocumentIssue } from "./document-issue";

/** @returns undefined after an issue was added */
export function readEntry(
    entry: unknown,
    path: DocumentIssue["path"],
    issues: DocumentIssue[],
): ResourceEntry | undefined {
    if (!isRecord(entry)) {
        issues.push({ path, message: "is not a resource" });
        return undefined;
    }
    const before = issues.length;
    const text = (name: string): string => {
        const value = entry[name];
        if (typeof value !== "string") issues.push({ path: [...path, name], message: "is missing, or not a text" });
        return valueText(value);
    };
    const object = (name: "inputs" | "outputs"): Pick<ResourceEntry, "inputs" | "outputs"> => {
        const value = entry[name];
        if (isRecord(value)) return { [name]: value };
        if (value !== undefined && value !== null) issues.push({ path: [...path, name], message: "is not an object" });
        return {};
    };
    const read: ResourceEntry = {
        urn: text("urn"),
        type: text("type"),
        ...object("inputs"),
        ...object("outputs"),
        ...(typeof entry.id === "string" && { id: entry.id }),
        ...(typeof entry.provider === "string" && { provider: entry.provider }),
        ...(entry.external === true && { external: true }),
        ...(entry.sourcePosition !== undefined && { sourcePosition: entry.sourcePosition }),
        ...(entry.protect === true && { protect: true }),
        ...(entry.delete === true && { delete: true }),
        ...(entry.retainOnDelete === true && { retainOnDelete: true }),
    };
    return issues.length > before ? undefined : read;
}
