import type { ChangeClass } from "../changes/change-class";
import { afterText, beforeText, bucketName, listedChanges, type ReviewReport } from "./review-report";
import { type SarifFinding, type SarifLevel, sarifLog } from "./sarif-log";

const levels: Readonly<Record<Exclude<ChangeClass, "unchanged">, SarifLevel>> = {
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
    removed: "A bucket loses its default encryption rule.",
    weakened: "A bucket's default encryption becomes weaker.",
    unknown: "What becomes of a bucket's default encryption is decided at deployment.",
    "account-changed": "A bucket is reached on another account's behalf.",
    "key-changed": "New objects of a bucket are encrypted with another key.",
    "algorithm-changed": "New objects of a bucket are encrypted with another algorithm of the same strength.",
    added: "A bucket gets a default encryption rule.",
    strengthened: "A bucket's default encryption becomes stronger.",
};

const failedPreview = { id: "preview-failed", text: "A preview failed and can't be judged.", level: "error" } as const;

/** A review for code-scanning services. Each finding points to the line that declares the resource, where the engine tells it. */
export function reviewSarif(report: ReviewReport): string {
    const rules = Object.entries(levels).map(([name, level]) => ({
        id: name,
        text: descriptions[name as keyof typeof levels],
        level,
    }));
    const changes = listedChanges(report).flatMap((change): SarifFinding[] => {
        if (change.class === "unchanged") return [];
        const { source = { file: "Pulumi.yaml", line: 1 }, stack, urn, store } = change;
        const what = `${bucketName(change)}: ${beforeText(change)} becomes ${afterText(change)}.`;
        return [
            {
                ruleId: change.class,
                message: [`Stack ${stack}, bucket ${what}`, ...change.meaning].join(" "),
                subject: urn,
                kind: "resource",
                ...source,
                identity: [stack, store, change.bucket ?? urn],
            },
        ];
    });
    const failures = report.reviews.flatMap(({ stack, failures }) =>
        failures.map(
            (failure): SarifFinding => ({
                ruleId: failedPreview.id,
                message: `The preview of ${stack} failed: ${failure}`,
                subject: stack,
                kind: "resource",
                file: "Pulumi.yaml",
                line: 1,
                identity: [stack, failure],
            }),
        ),
    );
    return sarifLog([...rules, failedPreview], [...failures, ...changes]);
}
