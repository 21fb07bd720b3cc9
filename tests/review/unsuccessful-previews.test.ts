import { expect } from "chai";
import { bucketEncryptionSetType, packMembers } from "../../lib/declaration";
import { type ErrorKind, errorCatalogue, warningOf } from "../../lib/errors";
import { unreadText } from "../../lib/lifecycle/unread-rule";
import {
    changeClasses,
    passes,
    passesGate,
    type ReviewReport,
    reviewHtml,
    reviewIsWorseThan,
    reviewJson,
    reviewMarkdown,
    reviewPreviewFile,
    reviewSarif,
    reviewText,
    type StackReview,
} from "../../lib/review";
import { entry, preview, step } from "./preview-builder";
import { reviewPreview } from "./reviewed-documents";

const aes = { bucket: "example-logs", sseAlgorithm: "AES256" };
const create = step("create", undefined, entry(aes));
const { urn } = entry(aes);
const events = (...list: object[]) => list.map((event, sequence) => ({ sequence, timestamp: 0, ...event }));
const created = { resourcePreEvent: { metadata: { op: "create", urn, old: null, new: entry(aes) } } };
const summary = (result?: string) => ({ summaryEvent: { maybeCorrupt: false, isPreview: true, result } });
const diagnostic = (severity: string, message: string) => ({ diagnosticEvent: { severity, message, color: "never" } });
const policyEvent = {
    resourceUrn: urn,
    message: "<{%reset%}>the key is none of the allowed keys\u001b[0m",
    color: "never",
    policyName: "allowed-keys",
    policyPackName: "company",
    policyPackVersion: "1.0.0",
    policyPackVersionTag: "1.0.0",
    enforcementLevel: "mandatory",
};

const review = (document: unknown): StackReview => reviewPreview(document);
const reportOf = (one: StackReview, failOn: ReviewReport["failOn"] = new Set()): ReviewReport => ({
    reviews: [one],
    failOn,
});
const formats: Record<string, (report: ReviewReport) => string> = {
    text: (report) => reviewText(report, 1_000),
    markdown: (report) => reviewMarkdown(report, { marker: "default", limit: 65_536 }),
    html: reviewHtml,
    json: reviewJson,
    sarif: reviewSarif,
};

describe("a review of a preview that a policy refused", () => {
    const refused = review(
        events(created, { policyEvent }, diagnostic("error", "error: preview failed\n"), summary("failed")),
    );

    it("has policy, resource and message, and no second failure with less information", () => {
        expect(refused.refusals).to.deep.equal([
            { pack: "company", policy: "allowed-keys", urn, message: "the key is none of the allowed keys" },
        ]);
        expect(refused.failures).to.deep.equal([]);
        expect(passesGate(refused, new Set())).to.equal(false);
        expect(reviewIsWorseThan(refused, "removed")).to.equal(true);
    });

    for (const [name, format] of Object.entries(formats)) {
        it(`names policy, resource, message and cure as ${name}`, () => {
            const text = format(reportOf(refused)).replaceAll("`", "");
            for (const part of ["company/allowed-keys", urn.replaceAll(">", "&gt;"), "none of the allowed keys"])
                expect(text.replaceAll('"policy": "allowed-keys"', "company/allowed-keys")).to.include(part);
            expect(text).to.include("Change the resource so that it complies");
            expect(passes(reportOf(refused))).to.equal(false);
        });
    }

    it("reads it from the document of pulumi-embedded, whose diagnostics have the reasons", () => {
        const message = `error: [mandatory] company@v1.0.0 allowed-keys (type: logs (old)): the key is none of the allowed keys\n`;
        const document = {
            ...preview(create),
            diagnostics: [
                { severity: "error", urn, message },
                { severity: "error", message: "error: preview failed\n" },
            ],
        };
        expect(review(document)).to.deep.include({ refusals: refused.refusals, failures: [] });
    });

    it("keeps a failure that has its own reason", () => {
        const failed = review(events({ policyEvent }, diagnostic("error", "no such bucket"), summary("failed")));
        expect(failed.failures).to.deep.equal(["no such bucket"]);
    });

    it("passes where the policy only advises", () => {
        const advised = review(
            events(created, { policyEvent: { ...policyEvent, enforcementLevel: "advisory" } }, summary("succeeded")),
        );
        expect([advised.refusals, advised.failures]).to.deep.equal([[], []]);
        expect(passesGate(advised, new Set())).to.equal(true);
    });

    it("names the form of preview that has the reason, if this one has none", () => {
        const bare = { ...preview(create), diagnostics: [{ severity: "error", message: "error: preview failed\n" }] };
        expect(review(bare).failures).to.have.length(1);
        expect(review(bare).failures[0]).to.include("PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1");
        expect(review(events(created, summary("failed"))).failures).to.deep.equal(["the engine gave no reason"]);
    });
});

describe("a document that does not show that its preview succeeded", () => {
    const { changeSummary: _summary, duration: _duration, ...unfinished } = preview(create);
    const documents: Record<string, unknown> = {
        "has no summary": unfinished,
        "is empty, as the CLI writes it when a policy pack cannot be started": {},
        "has diagnostics alone": { diagnostics: [] },
        "may have a corrupt state": { ...preview(create), maybeCorrupt: true },
        "is a list of events without a summary": events(created),
        "is a list of events that end in a failure": events(created, summary("failed")),
        "is a list of events that end in a result of no known name": events(created, summary("cancelled")),
        "lists fewer steps than its summary counts": { ...preview(create), changeSummary: { create: 1, delete: 1 } },
        "is a list of events with fewer steps than their summary counts": events(created, {
            summaryEvent: { maybeCorrupt: false, resourceChanges: { create: 2 }, result: "succeeded" },
        }),
    };
    for (const [name, document] of Object.entries(documents)) {
        it(`passes no gate when it ${name}`, () => {
            const found = review(document);
            expect(found.failures).to.have.length(1);
            expect(passesGate(found, new Set())).to.equal(false);
            expect(reviewIsWorseThan(found, "removed")).to.equal(true);
        });
    }

    it("passes when its summary counts unchanged resources, or what a refresh has found", () => {
        const counted = {
            ...preview(create, step("refresh", entry(aes), entry(aes))),
            changeSummary: { create: 1, same: 9, update: 1 },
        };
        expect(review(counted).failures).to.deep.equal([]);
    });

    it("passes when it comes from an engine that names no result", () => {
        expect(review(events(created, summary())).failures).to.deep.equal([]);
    });
});

describe("a review of a preview that may lack changes", () => {
    const failed = review(events(diagnostic("error", "no such bucket"), summary("failed")));
    const refused = review(events(created, { policyEvent }, summary("failed")));

    for (const [name, format] of Object.entries(formats).filter(([name]) =>
        ["text", "markdown", "html"].includes(name),
    )) {
        it(`does not claim that there is no change, or no further one, as ${name}`, () => {
            expect(format(reportOf(failed)))
                .to.include("changes not known")
                .and.not.to.include("no change");
            expect(format(reportOf(refused))).to.include("1 added; further changes not known");
            expect(format(reportOf(review(preview()))))
                .to.include("no change")
                .and.not.to.include("not known");
        });
    }
});

describe("a review of rules that could not be read", () => {
    const unread = (kind: Parameters<typeof warningOf>[0], what: string, place: object = { urn }) => ({
        ...preview(create),
        diagnostics: [{ severity: "info#err", message: `bucket-encryption: ${warningOf(kind, what)}\n`, ...place }],
    });

    it("makes their changes unknown, with the reason", () => {
        const found = review(unread("access-denied", unreadText(["example-logs"], "It is forbidden.")));
        const [change] = found.changes;
        expect(change?.class).to.equal("unknown");
        expect(change?.meaning[0]).to.equal("The rule of bucket example-logs is not known: It is forbidden.");
        expect(passesGate(found, new Set(["unknown"]))).to.equal(false);
        expect(passes(reportOf(found, new Set(["unknown"])))).to.equal(false);
        expect(passes(reportOf(found))).to.equal(true);
    });

    it("are so for each kind of failed reading, and after no other warning", () => {
        const classAfter = (kind: ErrorKind, what: string) => review(unread(kind, what)).changes[0]?.class;
        for (const kind of Object.keys(errorCatalogue) as ErrorKind[])
            expect(classAfter(kind, unreadText(["example-logs"], "It failed.")), kind).to.equal("unknown");
        expect(classAfter("weaker-rule", "the declared rule is weaker")).to.equal("added");
    });

    it("stops a gate also where the preview lists no change of the bucket", () => {
        const found = review(unread("throttled", unreadText(["example-other"], "It is throttled."), {}));
        expect(found.changes.map((change) => change.class)).to.deep.equal(["added"]);
        expect(passesGate(found, new Set(["unknown"]))).to.equal(false);
        expect(reviewIsWorseThan(found, "weakened")).to.equal(false);
        expect(reviewIsWorseThan(found, "added")).to.equal(true);
    });

    describe("of a set", () => {
        const classesAfter = (names: readonly string[], unreadNames: readonly string[]) => {
            const members = entry(
                { members: packMembers(new Map(names.map((name) => [name, {}]))), sseAlgorithm: "AES256" },
                { type: bucketEncryptionSetType, name: "fleet" },
            );
            const warning = warningOf(
                "access-denied",
                unreadText(unreadNames, "Cannot read the default encryption rule."),
            );
            const document = {
                ...preview(step("create", undefined, members)),
                diagnostics: [
                    { severity: "warning", urn: members.urn, message: `warning: bucket-encryption: ${warning}` },
                ],
            };
            const { changes } = review(document);
            expect(changes[0]?.meaning[0]).to.match(
                /^The rules? of .+ (is|are) not known\b.*: Cannot read the default encryption rule\.$/,
            );
            return Object.fromEntries(changes.map(({ bucket, class: name }) => [bucket, name]));
        };

        it("does not change the other buckets", () => {
            expect(classesAfter(["b-one", "b-two"], ["b-one"])).to.deep.equal({ "b-one": "unknown", "b-two": "added" });
        });

        it("makes all of its buckets unknown if the warning does not name all that were not read", () => {
            const names = Array.from({ length: 12 }, (_, index) => `b-${index}`);
            expect(new Set(Object.values(classesAfter(names, names)))).to.deep.equal(new Set(["unknown"]));
        });
    });

    it("treats a bucket that does not exist like one without a rule", () => {
        const found = review(unread("bucket-not-found", "there is no bucket example-logs"));
        expect(found.changes.map((change) => change.class)).to.deep.equal(["added"]);
    });

    for (const [name, format] of Object.entries(formats)) {
        it(`shows the reason as ${name}`, () => {
            const found = review(unread("throttled", unreadText(["example-other"], "It is throttled."), {}));
            expect(format(reportOf(found)).replaceAll("`", "")).to.include(
                "the rule of bucket example-other is not known: It is throttled",
            );
        });
    }
});

describe("a review of a deletion that ignores protection", () => {
    const protectedEntry = entry(aes, { protect: true });
    const classOf = (...steps: ReturnType<typeof step>[]) => review(preview(...steps)).changes.map((one) => one.class);

    it("has a class of its own, the worst", () => {
        expect(classOf(step("delete", protectedEntry, undefined))).to.deep.equal(["protection-ignored"]);
        expect(changeClasses[0]).to.equal("protection-ignored");
    });

    it("has it for a replacement too, and where the rule stays", () => {
        const next = entry({ ...aes, bucket: "example-other" }, { protect: true });
        expect(classOf(step("replace", protectedEntry, next))).to.include("protection-ignored");
        const retained = entry({ ...aes, onDelete: "retain" }, { protect: true });
        expect(classOf(step("delete", retained, undefined))).to.deep.equal(["protection-ignored"]);
    });

    it("is stopped by a gate for removed rules", () => {
        const found = review(preview(step("delete", protectedEntry, undefined)));
        expect(passesGate(found, new Set(["removed"]))).to.equal(false);
        expect(passesGate(found, new Set(["protection-ignored"]))).to.equal(false);
        expect(passesGate(found, new Set(["weakened"]))).to.equal(true);
    });

    it("is none where the protection was given up or is not touched", () => {
        expect(classOf(step("delete", entry(aes, { protect: false }), undefined))).to.deep.equal(["removed"]);
        expect(classOf(step("update", protectedEntry, entry({ ...aes, sseAlgorithm: "KMS" })))).to.deep.equal([
            "strengthened",
        ]);
    });
});

describe("a preview with lines that a command printed beside it", () => {
    const read = (text: string) => reviewPreviewFile({ name: "p.json", bytes: Buffer.from(text) });
    const pretty = JSON.stringify(preview(create), null, 4);
    const lines = events(created, summary("succeeded")).map((event) => JSON.stringify(event));
    const installing = "Installing policy pack company 1.0.0...";
    const texts: Record<string, [string, number]> = {
        "before a document": [`${installing}\n\n[resource plugin alicloud-3.1.0] installing\n${pretty}\n`, 2],
        "before and after a document": [`${installing}\n${pretty}\nwarning: a new version of Pulumi is available\n`, 2],
        "before a document on one line": [`${installing}\r\n${JSON.stringify(preview(create))}\r\n`, 1],
        "before and between events": [`${installing}\n${lines[0]}\nplain\n${lines[1]}\n`, 2],
    };
    for (const [name, [text, count]] of Object.entries(texts)) {
        it(`is read, and the skipped lines are reported, ${name}`, () => {
            const outcome = read(text);
            if ("error" in outcome) throw outcome.error;
            expect(outcome.value.changes.map(({ class: one }) => one)).to.deep.equal(["added"]);
            expect(outcome.value.failures).to.deep.equal([]);
            expect(outcome.value.notes).to.have.length(1);
            expect(outcome.value.notes[0]).to.include(count === 1 ? "1 line" : `${count} lines`);
            expect(reviewText(reportOf(outcome.value), 1_000)).to.include(installing);
        });
    }

    it("rejects invalid JSON with its place in the whole file", () => {
        const outcome = read(`${installing}\n{\n  "steps": [,]\n}\n`);
        expect("error" in outcome && outcome.error.message).to.include("p.json:3:13");
        const cut = read(`${installing}\n${lines[0]}\n${lines[1]?.slice(0, 20)}`);
        expect("error" in cut && cut.error.message).to.include("p.json:3:");
    });
});
