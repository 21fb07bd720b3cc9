import { visible } from "../../text";
import { type AuditFinding, type AuditReport, auditFindings } from "../audit/audit-report";
import { failedAccounts, findingDescriptions, findingWords, ruleWords, unlistedWords } from "./audit-words";
import { type SarifFinding, type SarifLevel, sarifLog } from "./sarif-log";

const levels: Readonly<Record<AuditFinding, SarifLevel>> = {
    "not-encrypted": "error",
    "key-unusable": "error",
    "differs-from-state": "warning",
    "not-known": "warning",
    "key-not-known": "note",
    "not-managed": "note",
    "cis-alibaba-cloud-5.8": "warning",
    "cis-alibaba-cloud-5.9": "warning",
};

const failedAccount = {
    id: "account-not-known",
    text: "The buckets of an account could not all be listed.",
    level: "error",
} as const;

/**
 * An audit for code-scanning services. Buckets have no line of code, so they point to the project's file and
 * differ by their names.
 */
export function auditSarif(report: AuditReport): string {
    const rules = auditFindings.map((id) => ({ id, text: findingDescriptions[id], level: levels[id] }));
    const place = { kind: "resource", file: "Pulumi.yaml", line: 1 } as const;
    const findings = report.buckets.flatMap((bucket) =>
        bucket.findings.map((finding): SarifFinding => {
            const what = `Bucket ${bucket.bucket} in ${bucket.region}, account ${bucket.account}`;
            return {
                ...place,
                ruleId: finding,
                message: [`${what}: ${findingWords[finding]} (${ruleWords(bucket)}).`, ...bucket.notes].join(" "),
                subject: `${bucket.account}/${bucket.bucket}`,
                identity: [bucket.account, bucket.bucket],
            };
        }),
    );
    const failures = failedAccounts(report).map(
        ({ account, failure }): SarifFinding => ({
            ...place,
            ruleId: failedAccount.id,
            message: `Account ${visible(account, "whole")}: ${unlistedWords}. ${failure}`,
            subject: account,
            identity: [account],
        }),
    );
    return sarifLog([...rules, failedAccount], [...failures, ...findings]);
}
