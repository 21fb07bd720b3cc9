import type { ResourceEntry } from "../resources/resource-entry";
import { type DocumentIssue, isRecord } from "./document-issue";
import { asEntry, entryIssues } from "./resource-entry-shape";

/** One step of a preview, from either of the forms that engines print. */
export interface PreviewStep {
    readonly op: string;
    readonly urn: string;
    readonly oldState?: ResourceEntry;
    readonly newState?: ResourceEntry;
    /** Properties that the engine found changed; absent where it doesn't say. */
    readonly changed?: readonly string[];
}

export interface PreviewDocument {
    readonly steps: readonly PreviewStep[];
    /** The engine's errors: the preview ended early. */
    readonly failures: readonly string[];
}

export type PreviewReading = { readonly preview: PreviewDocument } | { readonly issues: readonly DocumentIssue[] };

/**
 * Reads what a preview printed: the document of `pulumi preview --json` (either engine's), or a list of engine events, as the
 * same command prints with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW`, and `--event-log` writes.
 */
export function readPreview(document: unknown): PreviewReading {
    if (Array.isArray(document)) return readEvents(document);
    if (!isRecord(document)) return foreign("It isn't what `pulumi preview --json` prints");
    const { steps, diagnostics } = document;
    if (steps === undefined && !isPreviewWithoutSteps(document)) return foreign(foreignText(document));
    if (steps !== undefined && steps !== null && !Array.isArray(steps)) {
        return { issues: [{ path: ["steps"], message: "is not a list of steps" }] };
    }
    const issues: DocumentIssue[] = [];
    const read = (Array.isArray(steps) ? steps : []).flatMap((step, index) => stepOf(step, ["steps", index], issues));
    const failures = Array.isArray(diagnostics) ? diagnostics.flatMap((diagnostic) => failureOf(diagnostic)) : [];
    return issues.length > 0 ? { issues } : { preview: { steps: read, failures } };
}

function readEvents(events: readonly unknown[]): PreviewReading {
    const issues: DocumentIssue[] = [];
    const steps: PreviewStep[] = [];
    const failures: string[] = [];
    let known = 0;
    for (const [index, event] of events.entries()) {
        if (!isRecord(event)) {
            issues.push({ path: [index], message: "is not an engine event" });
            continue;
        }
        if (typeof event.sequence === "number" || Object.keys(event).some((name) => /Event$/.test(name))) known += 1;
        const { metadata } = isRecord(event.resourcePreEvent) ? event.resourcePreEvent : {};
        if (isRecord(metadata)) {
            const { op, urn, old, new: next, detailedDiff, diffs } = metadata;
            const step = { op, urn, oldState: old, newState: next, detailedDiff, diffReasons: diffs };
            steps.push(...stepOf(step, [index, "resourcePreEvent", "metadata"], issues));
        }
        failures.push(...failureOf(event.diagnosticEvent));
    }
    if (known === 0) return foreign("It is a list of something else than engine events");
    return issues.length > 0 ? { issues } : { preview: { steps, failures } };
}

function stepOf(step: unknown, path: DocumentIssue["path"], issues: DocumentIssue[]): PreviewStep[] {
    if (!isRecord(step)) {
        issues.push({ path, message: "is not a step" });
        return [];
    }
    const { op, urn, oldState, newState, detailedDiff, diffReasons } = step;
    const before = issues.length;
    if (typeof op !== "string") issues.push({ path: [...path, "op"], message: "is missing, or not a text" });
    if (typeof urn !== "string" || !urn.startsWith("urn:pulumi:")) {
        issues.push({ path: [...path, "urn"], message: "is missing, or not a URN" });
    }
    for (const [name, state] of Object.entries({ oldState, newState })) {
        if (state !== undefined && state !== null) issues.push(...entryIssues(state, [...path, name]));
    }
    if (oldState == null && newState == null) {
        issues.push({
            path,
            message: "has neither `oldState` nor `newState`, so that nobody can tell what it changes",
        });
    }
    if (issues.length > before) return [];
    const reasons = [
        ...(Array.isArray(diffReasons) ? diffReasons.map(String) : []),
        ...(isRecord(detailedDiff) ? Object.keys(detailedDiff) : []),
    ];
    return [
        {
            op: op as string,
            urn: urn as string,
            ...(oldState == null ? {} : { oldState: asEntry(oldState) }),
            ...(newState == null ? {} : { newState: asEntry(newState) }),
            ...(reasons.length === 0 ? {} : { changed: reasons }),
        },
    ];
}

function failureOf(diagnostic: unknown): string[] {
    if (!isRecord(diagnostic) || diagnostic.severity !== "error") return [];
    const message = String(diagnostic.message ?? "")
        .replace(/^error: /, "")
        .trim();
    return [message === "" ? "an error without a message" : message];
}

/** Without resources there are no steps, and the document has nothing but these. */
function isPreviewWithoutSteps(document: Readonly<Record<string, unknown>>): boolean {
    return isRecord(document.changeSummary) || (typeof document.duration === "number" && document.result === undefined);
}

function foreign(message: string): PreviewReading {
    return { issues: [{ path: [], message }] };
}

function foreignText(document: Readonly<Record<string, unknown>>): string {
    if (isRecord(document.deployment)) {
        return "It is an exported state, not a preview; compare two of them with --from and --to";
    }
    if (document.resource_changes !== undefined || document.terraform_version !== undefined) {
        return "It is a plan or state of Terraform, not what `pulumi preview --json` prints";
    }
    if (document.result !== undefined && document.resources !== undefined) {
        return "It is the summary of `--output json`, which holds no properties; give it what `pulumi preview --json` prints";
    }
    if (document.resourcePlans !== undefined) return "It is an update plan, not what `pulumi preview --json` prints";
    return "It isn't what `pulumi preview --json` prints: it has no `steps`";
}
