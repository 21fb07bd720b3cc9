import { oneLine } from "../../text";
import type { ChangeClass } from "../changes/change-class";
import {
    afterText,
    beforeText,
    bucketName,
    listedChanges,
    policyCure,
    type ReviewReport,
    refusalText,
} from "./review-report";
import { type SarifFinding, type SarifLevel, sarifLog } from "./sarif-log";

const levels: Readonly<Record<Exclude<ChangeClass, "unchanged">, SarifLevel>> = {
    "protection-ignored": "error",
    removed: "error",
    weakened: "error",
    unknown: "warning",
    "account-changed": "warning",
    "key-changed": "warning",
    "algorithm-changed": "note",
    added: "note",
    strengthened: "note",
};

const descriptions: Readonly<Record<keyof typeof levels, string>> = {
    "protection-ignored": "A protected rule is deleted or replaced.",
    removed: "A bucket loses its default encryption rule.",
    weakened: "A bucket's default encryption becomes weaker, or no longer blocks an encryption type.",
    unknown: "The change of a bucket's default encryption is unknown before the deployment.",
    "account-changed": "A bucket is accessed with another account, or is another service's bucket.",
    "key-changed": "New objects of a bucket are encrypted with another key.",
    "algorithm-changed": "New objects of a bucket are encrypted with another algorithm of the same strength.",
    added: "A bucket gets a default encryption rule.",
    strengthened: "A bucket's default encryption becomes stronger.",
};

const failedPreview = { id: "preview-failed", text: "A preview failed.", level: "error" } as const;
const refusedPreview = { id: "policy-refused", text: "A mandatory policy refused a preview.", level: "error" } as const;
const unreadRule = { id: "rule-not-read", text: "A bucket's rule could not be read.", level: "warning" } as const;

/** Where a viewer shows a finding that belongs to no line. */
const placeless = { kind: "resource", file: "Pulumi.yaml", line: 1 } as const;

/** A review for code-scanning services. Each finding points to the line that declares the resource, if the engine reports it. */
export function reviewSarif(report: ReviewReport): string {
    const rules = Object.entries(levels).map(([name, level]) => ({
        id: name,
        text: descriptions[name as keyof typeof levels],
        level,
    }));
    const changes = listedChanges(report).flatMap((change): SarifFinding[] => {
        if (change.class === "unchanged") return [];
        const { source, stack, urn, store } = change;
        const what = `${bucketName(change)}: ${beforeText(change)} becomes ${afterText(change)}.`;
        return [
            {
                ruleId: change.class,
                message: [`Stack ${stack}, bucket ${what}`, ...change.meaning].join(" "),
                subject: urn,
                ...placeless,
                ...source,
                identity: [stack, store, change.bucket ?? urn],
            },
        ];
    });
    const failures = report.reviews.flatMap(({ stack, failures }) =>
        failures.map(
            (failure): SarifFinding => ({
                ruleId: failedPreview.id,
                message: `The preview of ${stack} failed: ${oneLine(failure, "whole")}`,
                subject: stack,
                ...placeless,
                identity: [stack, failure],
            }),
        ),
    );
    const refusals = report.reviews.flatMap(({ stack, refusals }) =>
        refusals.map(
            (refusal): SarifFinding => ({
                ruleId: refusedPreview.id,
                message: `A policy refused the preview of ${stack}: ${oneLine(refusalText(refusal), "whole")} ${policyCure}`,
                subject: refusal.urn ?? stack,
                ...placeless,
                identity: [stack, refusal.pack, refusal.policy, refusal.urn ?? "", refusal.message],
            }),
        ),
    );
    const unread = report.reviews.flatMap(({ stack, unread }) =>
        unread.map(
            ({ urn, reason }): SarifFinding => ({
                ruleId: unreadRule.id,
                message: `Stack ${stack}: ${oneLine(reason, "whole")}`,
                subject: urn ?? stack,
                ...placeless,
                identity: [stack, urn ?? "", reason],
            }),
        ),
    );
    const findings = [...failures, ...refusals, ...unread, ...changes];
    return sarifLog([...rules, failedPreview, refusedPreview, unreadRule], findings);
}
