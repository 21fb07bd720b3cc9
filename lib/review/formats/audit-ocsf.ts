import { type CisRecommendation, cisRecommendationNames, cisRecommendations } from "../../rule";
import { defaultStoreFamily, storeFamilyOf } from "../../stores";
import { visible } from "../../text";
import type { AuditReport, BucketAudit, CisStatus } from "../audit/audit-report";
import { cisTitle, ruleWords } from "./audit-words";

/** One control that an audit judges for each bucket. */
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

/**
 * An audit as Compliance Findings (class 2003) of the Open Cybersecurity Schema Framework, one JSON document in a line: for each
 * bucket one finding for default encryption and one for each recommendation of a benchmark. Buckets that pass are findings too.
 * Source: https://schema.ocsf.io/1.8.0/classes/compliance_finding
 * @param version of this package
 */
export function auditOcsf(report: AuditReport, version: string): string {
    return report.buckets
        .flatMap((bucket) => controlsOf(bucket).map((control) => findingOf(report, bucket, control, version)))
        .map((finding) => `${JSON.stringify(finding)}\n`)
        .join("");
}

function controlsOf(bucket: BucketAudit): Control[] {
    const status = { encrypted: "met", "not-encrypted": "not-met", "not-known": "not-known" } as const;
    const own: Control = {
        uid: "default-encryption",
        title: "Buckets encrypt new objects by default",
        standard: "pulumi-bucket-encryption",
        status: status[bucket.status],
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
    const { cis } = bucket;
    return [own, ...(cis === undefined ? [] : cisRecommendationNames.map((name) => ofCis(name, cis[name])))];
}

function ruleSentence(bucket: BucketAudit): string {
    return bucket.status === "not-known" ? "Its rule is not known." : `It has ${visible(ruleWords(bucket))}.`;
}

function findingOf({ at, scope }: AuditReport, bucket: BucketAudit, control: Control, version: string): object {
    const time = Date.parse(at);
    const name = visible(bucket.bucket);
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
        time,
        severity_id: isFailed ? 3 : 1,
        severity: isFailed ? "Medium" : "Informational",
        status_id: 1,
        status: "New",
        message: `Bucket ${name}: ${control.title}: ${statusNames[control.status]}. ${ruleSentence(bucket)}`,
        metadata: {
            version: schemaVersion,
            profiles: ["cloud"],
            product: { name: "bucket-encryption", vendor_name: "pulumi-bucket-encryption", version },
        },
        cloud: {
            provider: (storeFamilyOf(scope.store) ?? defaultStoreFamily).words.provider,
            region: visible(bucket.region),
            account: {
                name: visible(bucket.account),
                ...(bucket.owner === undefined ? {} : { uid: visible(bucket.owner) }),
            },
        },
        finding_info: {
            uid: [scope.store, bucket.account, bucket.bucket, control.uid]
                .map((part) => encodeURIComponent(visible(part)))
                .join("/"),
            title: control.title,
        },
        compliance: {
            control: control.uid,
            standards: [control.standard],
            status_id: statusIds[control.status],
            status: statusNames[control.status],
            ...(bucket.notes.length === 0 ? {} : { status_details: bucket.notes.map((note) => visible(note)) }),
        },
        resources: [
            {
                uid: name,
                name,
                type: "bucket",
                region: visible(bucket.region),
                data: {
                    rule: visible(ruleWords(bucket)),
                    ...(bucket.keyState && { keyState: visible(bucket.keyState) }),
                },
            },
        ],
        ...(isFailed ? { remediation: { desc: control.remediation } } : {}),
    };
}
