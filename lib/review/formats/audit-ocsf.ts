import { type CisRecommendation, cisRecommendationNames, cisRecommendations } from "../../rule";
import { visible } from "../../text";
import type { AuditReport, BucketAudit, BucketStatus, CisStatus } from "../audit/audit-report";
import { cisOf } from "../audit/cis-status";
import { cisTitle, type FailedAccount, failedAccounts, ruleWords } from "./audit-words";

/** One control that an audit judges for each subject. */
interface Control {
    readonly uid: string;
    readonly title: string;
    readonly standard: string;
    readonly status: CisStatus;
    readonly remediation: string;
}

const schemaVersion = "1.8.0";
const statusIds = { met: 1, "not-met": 3, "not-known": 0 } as const;
const statusNames = { met: "Pass", "not-met": "Fail", "not-known": "Unknown" } as const;

/** What a finding is about: a bucket, or an account whose buckets could not all be listed. */
interface Subject {
    /** For instance `Bucket example-logs`. */
    readonly title: string;
    readonly facts: string;
    readonly notes: readonly string[];
    readonly account: { readonly name: string; readonly id: string | undefined };
    readonly region?: string;
    /** Distinguishes it from the account's other subjects. */
    readonly key: string;
    readonly resource: object;
    readonly controls: readonly Control[];
}

/**
 * An audit as Compliance Findings (class 2003) of the Open Cybersecurity Schema Framework, one JSON document in a line: for each
 * bucket one finding for default encryption and one for each recommendation of a benchmark. Buckets that pass are findings too.
 * An account whose buckets could not all be listed has the same findings, each with the status unknown.
 * Source: https://schema.ocsf.io/1.8.0/classes/compliance_finding
 * @param version of this package
 */
export function auditOcsf(report: AuditReport, version: string): string {
    const subjects = [
        ...failedAccounts(report).map((account) => failedAccount(account, report)),
        ...report.buckets.map(bucketSubject),
    ];
    return subjects
        .flatMap((subject) => subject.controls.map((control) => findingOf(report, subject, control, version)))
        .map((finding) => `${JSON.stringify(finding)}\n`)
        .join("");
}

function bucketSubject(bucket: BucketAudit): Subject {
    const name = visible(bucket.bucket);
    const region = visible(bucket.region);
    const rule = visible(ruleWords(bucket));
    return {
        title: `Bucket ${name}`,
        facts: bucket.status === "not-known" ? "Its rule is not known." : `It has ${rule}.`,
        notes: bucket.notes,
        account: { name: bucket.account, id: bucket.owner },
        region,
        key: bucket.bucket,
        resource: {
            uid: name,
            name,
            type: "bucket",
            region,
            data: { rule, ...(bucket.keyState && { keyState: visible(bucket.keyState) }) },
        },
        controls: controlsOf(bucket.status, bucket.cis),
    };
}

function failedAccount({ account, id, failure }: FailedAccount, { scope }: AuditReport): Subject {
    const name = visible(account);
    return {
        title: `Account ${name}`,
        facts: "Its buckets could not all be listed.",
        notes: [failure],
        account: { name: account, id },
        // No bucket has this name.
        key: "",
        resource: { uid: visible(id ?? account), name, type: "account" },
        controls: controlsOf("not-known", cisOf(scope.store, "not-known")),
    };
}

function controlsOf(encryption: BucketStatus, cis: BucketAudit["cis"]): Control[] {
    const status = { encrypted: "met", "not-encrypted": "not-met", "not-known": "not-known" } as const;
    const own: Control = {
        uid: "default-encryption",
        title: "Buckets encrypt new objects by default",
        standard: "pulumi-bucket-encryption",
        status: status[encryption],
        remediation: "Declare a default encryption rule for the bucket.",
    };
    const ofCis = (name: CisRecommendation, met: CisStatus): Control => ({
        uid: name,
        title: `${cisTitle(name)}: buckets are ${cisRecommendations[name]}`,
        standard: "CIS Alibaba Cloud Foundation Benchmark 1.0.0",
        status: met,
        remediation:
            name === "cis-alibaba-cloud-5.8"
                ? 'Declare sseAlgorithm "KMS" without kmsMasterKeyId.'
                : 'Declare sseAlgorithm "KMS" with kmsMasterKeyId.',
    });
    return [own, ...(cis === undefined ? [] : cisRecommendationNames.map((name) => ofCis(name, cis[name])))];
}

function findingOf({ at, scope }: AuditReport, subject: Subject, control: Control, version: string): object {
    const { account, region, notes } = subject;
    const isFailed = control.status === "not-met";
    return {
        class_uid: 2003,
        class_name: "Compliance Finding",
        category_uid: 2,
        category_name: "Findings",
        activity_id: 1,
        activity_name: "Create",
        type_uid: 200301,
        type_name: "Compliance Finding: Create",
        time: Date.parse(at),
        severity_id: isFailed ? 3 : 1,
        severity: isFailed ? "Medium" : "Informational",
        status_id: 1,
        status: "New",
        message: `${subject.title}: ${control.title}: ${statusNames[control.status]}. ${subject.facts}`,
        metadata: {
            version: schemaVersion,
            profiles: ["cloud"],
            product: { name: "bucket-encryption", vendor_name: "pulumi-bucket-encryption", version },
        },
        cloud: {
            provider: visible(scope.service),
            ...(region === undefined ? {} : { region }),
            account: {
                name: visible(account.name),
                ...(account.id === undefined ? {} : { uid: visible(account.id) }),
            },
        },
        finding_info: {
            uid: [scope.store, account.name, subject.key, control.uid]
                .map((part) => encodeURIComponent(visible(part)))
                .join("/"),
            title: control.title,
        },
        compliance: {
            control: control.uid,
            standards: [control.standard],
            status_id: statusIds[control.status],
            status: statusNames[control.status],
            ...(notes.length === 0 ? {} : { status_details: notes.map((note) => visible(note)) }),
        },
        resources: [subject.resource],
        ...(isFailed ? { remediation: { desc: control.remediation } } : {}),
    };
}
