import { stripVTControlCharacters } from "node:util";
import { isRecord } from "../../declaration";
import { readWarning } from "../../errors";
import { valueText } from "../../text";
import type { PolicyRefusal, PreviewFindings, PreviewStep, UnreadRule } from "../changes/preview-step";
import type { DocumentIssue } from "./document-issue";
import { readEntry } from "./resource-entry-shape";

export interface PreviewDocument extends PreviewFindings {
    readonly steps: readonly PreviewStep[];
}

export type PreviewReading = { readonly preview: PreviewDocument } | { readonly issues: readonly DocumentIssue[] };

/** The findings of a preview while its document is read. */
interface FoundParts {
    readonly failures: string[];
    readonly refusals: PolicyRefusal[];
    readonly unread: UnreadRule[];
}

/** The message of a failed preview that gives no reason. */
const bareFailure = /^(?:preview|update) failed$/;

/**
 * Reads what a preview printed: the document of `pulumi preview --json` (either engine's), or a list of engine events, as the
 * same command prints with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW`, and `--event-log` writes. A document that does not show
 * that the preview succeeded is one of a failed preview.
 * Sources: pkg/display/json.go and sdk/go/common/apitype/events.go of pulumi 3.274
 */
export function readPreview(document: unknown): PreviewReading {
    if (Array.isArray(document)) return readEvents(document);
    if (!isRecord(document)) return foreign("The file is not the output of `pulumi preview --json`");
    const { steps, diagnostics } = document;
    if (steps === undefined && !isPreviewWithoutSteps(document)) return foreign(foreignText(document));
    if (steps !== undefined && steps !== null && !Array.isArray(steps)) {
        return { issues: [{ path: ["steps"], message: "is not a list of steps" }] };
    }
    const issues: DocumentIssue[] = [];
    const read = (Array.isArray(steps) ? steps : []).flatMap((step, index) => stepOf(step, ["steps", index], issues));
    const found: FoundParts = { failures: [], refusals: [], unread: [] };
    if (Array.isArray(diagnostics)) for (const diagnostic of diagnostics) addDiagnostic(diagnostic, found);
    if (document.maybeCorrupt === true) found.failures.push("the engine reports that the state may be corrupt");
    if (!isRecord(document.changeSummary) && typeof document.duration !== "number") {
        const reason =
            found.failures.length === 0 ? "; the command printed the reason, if there is one, on standard error" : "";
        found.failures.push(`the document does not show that the preview ended: it has no \`changeSummary\`${reason}`);
    }
    found.failures.push(...missingSteps(document.changeSummary, read));
    const failures = withReasons(
        found,
        "this form of the preview does not hold the reason: set PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 for `pulumi preview --json`",
    );
    return issues.length > 0 ? { issues } : { preview: { steps: read, ...found, failures } };
}

/** The failures that say more than "preview failed". @param noReason stands for a failed preview without any other */
function withReasons({ failures, refusals }: FoundParts, noReason: string): string[] {
    const reasons = failures.filter((text) => !bareFailure.test(text));
    return reasons.length + refusals.length > 0 || failures.length === 0 ? reasons : [noReason];
}

function readEvents(events: readonly unknown[]): PreviewReading {
    const issues: DocumentIssue[] = [];
    const steps: PreviewStep[] = [];
    const found: FoundParts = { failures: [], refusals: [], unread: [] };
    let known = 0;
    let summary: Readonly<Record<string, unknown>> | undefined;
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
        addDiagnostic(event.diagnosticEvent, found);
        addRefusal(event.policyEvent, found);
        if (isRecord(event.summaryEvent)) summary = event.summaryEvent;
    }
    if (known === 0) return foreign("The file is a list of something else than engine events");
    if (summary === undefined) {
        found.failures.push("the events do not show that the preview ended: they have no summary");
    } else if (summary.maybeCorrupt === true) {
        found.failures.push("the engine reports that the state may be corrupt");
    } else if (summary.result !== undefined && summary.result !== "succeeded" && found.failures.length === 0) {
        found.failures.push("preview failed");
    }
    found.failures.push(...missingSteps(summary?.resourceChanges, steps));
    const failures = withReasons(found, "the engine gave no reason");
    return issues.length > 0 ? { issues } : { preview: { steps, ...found, failures } };
}

/** Steps that every engine lists. Unchanged resources are often left out, and a refresh counts as what it has found. */
const listedSteps = ["create", "delete", "import", "replace", "update"];

/** The steps that the summary counts and the list lacks, for instance if a part of the document is missing. */
function missingSteps(counts: unknown, steps: readonly PreviewStep[]): string[] {
    if (!isRecord(counts)) return [];
    const listed = (op: string): number => steps.filter((step) => step.op === op).length;
    return listedSteps.flatMap((op) => {
        const counted = counts[op];
        if (typeof counted !== "number" || counted <= listed(op) + listed("refresh")) return [];
        return [`the summary counts ${counted} of the step \`${op}\`, and the document lists ${listed(op)}`];
    });
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
    const [old, next] = Object.entries({ oldState, newState }).map(([name, state]) =>
        state == null ? undefined : readEntry(state, [...path, name], issues),
    );
    if (oldState == null && newState == null) {
        issues.push({
            path,
            message: "has neither `oldState` nor `newState`, so it does not show what it changes",
        });
    }
    if (issues.length > before || typeof op !== "string" || typeof urn !== "string") return [];
    const reasons = [
        ...(Array.isArray(diffReasons) ? diffReasons.map(String) : []),
        ...(isRecord(detailedDiff) ? Object.keys(detailedDiff) : []),
    ];
    return [
        {
            op,
            urn,
            ...(old === undefined ? {} : { oldState: old }),
            ...(next === undefined ? {} : { newState: next }),
            ...(reasons.length === 0 ? {} : { changed: reasons }),
        },
    ];
}

/** Of a warning of any kind, as `unreadText` in `lib/lifecycle/unread-rule.ts` writes it. A bucket that does not exist has no rule. */
const unreadRule = /^the rules? of [\s\S]+? (?:is|are) not known\b/;

function addDiagnostic(diagnostic: unknown, { failures, refusals, unread }: FoundParts): void {
    if (!isRecord(diagnostic) || diagnostic.ephemeral === true) return;
    const message = valueText(diagnostic.message ?? "").trim();
    const urn = typeof diagnostic.urn === "string" ? { urn: diagnostic.urn } : {};
    if (diagnostic.severity === "error") {
        const failure = message.replace(/^error: /, "");
        // As pulumi-embedded writes a refusal (lib/engine/display/violation-text.ts); the CLI's document has none.
        const [, pack, policy, said] = /^\[mandatory\] (\S+?)(?:@v\S+)? (\S+) \(.*?\): ([\s\S]+)$/.exec(failure) ?? [];
        if (pack !== undefined && policy !== undefined && said !== undefined) {
            refusals.push({ pack, policy, ...urn, message: said });
        } else failures.push(failure === "" ? "an error without a message" : failure);
        return;
    }
    // What a provider prints at one time comes as one message.
    for (const part of message.split(/\n(?=bucket-encryption: warning: )/)) {
        const warning = readWarning(part.replace(/^warning: (?=bucket-encryption: )/, ""), diagnostic.severity);
        if (warning !== undefined && unreadRule.test(warning.what)) unread.push({ reason: warning.what, ...urn });
    }
}

/** @param event `policyEvent` of an engine's events */
function addRefusal(event: unknown, { refusals }: FoundParts): void {
    if (!isRecord(event) || event.enforcementLevel !== "mandatory") return;
    const { policyName, policyPackName, resourceUrn, message } = event;
    refusals.push({
        pack: valueText(policyPackName ?? "a policy pack without a name"),
        policy: valueText(policyName ?? "a policy without a name"),
        ...(typeof resourceUrn === "string" && resourceUrn !== "" ? { urn: resourceUrn } : {}),
        message: withoutColors(valueText(message ?? "")),
    });
}

/** Without the marks for colors that the CLI leaves in texts of events, and without the codes of terminals. */
function withoutColors(text: string): string {
    return stripVTControlCharacters(text.replaceAll(/<\{%[^%]*%\}>/g, "")).trim();
}

/**
 * A stack without resources has no steps. A preview that failed before its first step, for instance because a policy pack could not be
 * started, has only some of these properties, or is `{}`: its reason is in the standard error output.
 */
function isPreviewWithoutSteps(document: Readonly<Record<string, unknown>>): boolean {
    return (
        isRecord(document.changeSummary) ||
        (typeof document.duration === "number" && document.result === undefined) ||
        Object.keys(document).every((name) => propertiesWithoutSteps.has(name))
    );
}

const propertiesWithoutSteps = new Set(["config", "diagnostics", "maybeCorrupt"]);

function foreign(message: string): PreviewReading {
    return { issues: [{ path: [], message }] };
}

function foreignText(document: Readonly<Record<string, unknown>>): string {
    if (isRecord(document.deployment)) {
        return "The file is an exported state, not a preview; compare two of them with --from and --to";
    }
    if (document.resource_changes !== undefined || document.terraform_version !== undefined) {
        return "The file is a plan or state of Terraform, not the output of `pulumi preview --json`";
    }
    if (document.result !== undefined && document.resources !== undefined) {
        return "The file is the summary of `--output json`, which holds no properties; pass the output of `pulumi preview --json`";
    }
    if (document.resourcePlans !== undefined)
        return "The file is an update plan, not the output of `pulumi preview --json`";
    return "The file is not the output of `pulumi preview --json`: it has no `steps`";
}
