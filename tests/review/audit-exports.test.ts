import { expect } from "chai";
import { type AuditReport, auditOcsf, auditPrometheus, type BucketAudit } from "../../lib/review";

const bucket = (name: string, rest: Partial<BucketAudit>): BucketAudit => ({
    account: "shop",
    bucket: name,
    region: "cn-hangzhou",
    owner: "1000000000000001",
    status: "encrypted",
    findings: [],
    notes: [],
    ...rest,
});

const report: AuditReport = {
    at: "2026-11-28T05:00:00.000Z",
    scope: { store: "oss", service: "Alibaba Cloud" },
    unlisted: ["table buckets (OSS Tables)"],
    accounts: [
        { account: "shop", id: "1000000000000001", buckets: 3 },
        { account: 'quo"te\\\n', buckets: 0, failure: "the list may not be read" },
    ],
    buckets: [
        bucket("none", {
            status: "not-encrypted",
            findings: ["not-encrypted"],
            cis: { "cis-alibaba-cloud-5.8": "not-met", "cis-alibaba-cloud-5.9": "not-met" },
        }),
        bucket("unknown", {
            status: "not-known",
            findings: ["not-known"],
            notes: ["The rule is unknown: reading it is not allowed (HTTP 403)."],
            cis: { "cis-alibaba-cloud-5.8": "not-known", "cis-alibaba-cloud-5.9": "not-known" },
        }),
        bucket("service-key", {
            rule: { text: "KMS with the service's key", sseAlgorithm: "KMS", key: "service" },
            cis: { "cis-alibaba-cloud-5.8": "met", "cis-alibaba-cloud-5.9": "not-met" },
        }),
    ],
    notes: [],
};

/**
 * The attributes of Compliance Finding 1.8.0 and of its objects: those that are required, and the values of enumerations.
 * Source: https://github.com/ocsf/ocsf-schema, events/findings/compliance_finding.json, finding.json, base_event.json and objects.
 */
const schema = {
    event: {
        required: [
            "activity_id",
            "category_uid",
            "class_uid",
            "compliance",
            "finding_info",
            "metadata",
            "severity_id",
            "time",
            "type_uid",
        ],
        optional: [
            "activity_name",
            "category_name",
            "class_name",
            "cloud",
            "message",
            "remediation",
            "resources",
            "severity",
            "status",
            "status_id",
            "type_name",
        ],
    },
    compliance: { required: [], optional: ["control", "standards", "status", "status_id", "status_details"] },
    finding_info: { required: ["uid"], optional: ["title"] },
    metadata: { required: ["product", "version"], optional: ["profiles"] },
    cloud: { required: ["provider"], optional: ["account", "region"] },
};

interface OcsfFinding extends Record<keyof typeof schema, Record<string, unknown>> {
    readonly compliance: { readonly control: string; readonly status_id: number; readonly status: string };
    readonly resources: readonly { readonly name: string }[];
}

describe("an audit in OCSF", () => {
    const findings = auditOcsf(report, "1.2.3")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as OcsfFinding & Record<string, unknown>);

    it("is a line for each control of each bucket and of each account that could not be listed, also for those that pass", () => {
        const shown = findings.map(({ resources, compliance }) => [
            resources[0]?.name,
            compliance.control,
            compliance.status,
        ]);
        expect(shown).to.deep.equal([
            ['quo"te\\\\n', "default-encryption", "Unknown"],
            ['quo"te\\\\n', "cis-alibaba-cloud-5.8", "Unknown"],
            ['quo"te\\\\n', "cis-alibaba-cloud-5.9", "Unknown"],
            ["none", "default-encryption", "Fail"],
            ["none", "cis-alibaba-cloud-5.8", "Fail"],
            ["none", "cis-alibaba-cloud-5.9", "Fail"],
            ["unknown", "default-encryption", "Unknown"],
            ["unknown", "cis-alibaba-cloud-5.8", "Unknown"],
            ["unknown", "cis-alibaba-cloud-5.9", "Unknown"],
            ["service-key", "default-encryption", "Pass"],
            ["service-key", "cis-alibaba-cloud-5.8", "Pass"],
            ["service-key", "cis-alibaba-cloud-5.9", "Fail"],
        ]);
    });

    it("has the attributes that the class requires, and only attributes of the class", () => {
        for (const finding of findings) {
            for (const [name, { required, optional }] of Object.entries(schema)) {
                const value = name === "event" ? finding : finding[name as keyof typeof schema];
                expect(value, name).to.include.all.keys(...required, ...(required.length === 0 ? ["status_id"] : []));
                expect([...required, ...optional], name).to.include.members(Object.keys(value));
            }
            expect(finding).to.deep.include({ class_uid: 2003, category_uid: 2, type_uid: 200301, activity_id: 1 });
            expect(finding.time).to.equal(Date.parse(report.at));
            expect([0, 1, 2, 3, 99]).to.include(finding.compliance.status_id);
        }
    });

    it("has an identity that is the same in every audit and differs between findings", () => {
        const uids = (of: typeof findings) => of.map(({ finding_info }) => finding_info.uid);
        expect(new Set(uids(findings)).size).to.equal(findings.length);
        const later = auditOcsf({ ...report, at: "2026-11-29T05:00:00.000Z" }, "2.0.0")
            .trimEnd()
            .split("\n");
        expect(uids(later.map((line) => JSON.parse(line)))).to.deep.equal(uids(findings));
    });
});

/**
 * Parses the format, and expects what it requires.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
function parsed(text: string): Map<string, { labels: Record<string, string>; value: number }[]> {
    const metrics = new Map<string, { labels: Record<string, string>; value: number }[]>();
    expect(text.endsWith("\n")).to.equal(true);
    let current = "";
    for (const line of text.slice(0, -1).split("\n")) {
        const [, keyword, name] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) \S/.exec(line) ?? [];
        if (keyword === "HELP") {
            expect(metrics.has(name ?? ""), `${name} is in one group`).to.equal(false);
            current = name ?? "";
            metrics.set(current, []);
        } else if (keyword === "TYPE") expect(line).to.equal(`# TYPE ${current} gauge`);
        else if (!line.startsWith("#")) {
            const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{(.*)\} (NaN|-?\d+(?:\.\d+)?)$/.exec(line);
            expect(sample?.[1], line).to.equal(current);
            const labels = [
                ...(sample?.[2] ?? "").matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/g),
            ];
            expect(labels.map(([all]) => all).join(""), line).to.equal(sample?.[2]);
            const values = labels.map(([, label, value = ""]) => [
                label,
                value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped)),
            ]);
            metrics.get(current)?.push({ labels: Object.fromEntries(values), value: Number(sample?.[3]) });
        }
    }
    return metrics;
}

describe("an audit for Prometheus", () => {
    const metrics = parsed(auditPrometheus(report));
    const valuesOf = (name: string, labels: Record<string, string>) =>
        metrics
            .get(`bucket_encryption_${name}`)
            ?.filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
            .map(({ value }) => value);

    it("counts buckets by status, finding and recommendation, for each account", () => {
        const account = "shop";
        expect(valuesOf("buckets", { account, status: "encrypted" })).to.deep.equal([1]);
        expect(valuesOf("buckets", { account, status: "not-encrypted" })).to.deep.equal([1]);
        expect(valuesOf("buckets", { account, status: "not-known" })).to.deep.equal([1]);
        expect(valuesOf("findings", { account, finding: "key-unusable" })).to.deep.equal([0]);
        expect(valuesOf("cis_met", { account, recommendation: "cis-alibaba-cloud-5.8" })).to.deep.equal([1]);
    });

    it("shows an account that could not be listed, and a rule that is not known, as no number that looks fine", () => {
        expect(valuesOf("account_complete", {})).to.deep.equal([1, 0]);
        expect(valuesOf("bucket_encrypted", { bucket: "none" })).to.deep.equal([0]);
        expect(valuesOf("bucket_encrypted", { bucket: "unknown" })).to.deep.equal([Number.NaN]);
        expect(valuesOf("bucket_encrypted", { bucket: "service-key", algorithm: "KMS", key: "service" })).to.deep.equal(
            [1],
        );
    });

    it("escapes names", () => {
        const accounts = metrics.get("bucket_encryption_account_complete")?.map(({ labels }) => labels.account);
        expect(accounts).to.deep.equal(["shop", 'quo"te\\\\n']);
    });

    it("names the kinds of buckets that are not in the numbers", () => {
        expect(auditPrometheus(report)).to.match(/^# Not in these numbers: table buckets \(OSS Tables\)\.$/m);
    });
});
