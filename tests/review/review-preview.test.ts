import { expect } from "chai";
import fc from "fast-check";
import { ruleChange } from "../../lib/rule";
import { declarableRule, observedRule } from "../rule/rule-arbitraries";
import { alicloudBucketType, alicloudType, entry, exported, type Properties, preview, step } from "./preview-builder";
import { reviewPreview, reviewStates } from "./reviewed-documents";

const key = "key-hzz65f0a1b2c3d4e5f6a7";
const otherKey = "key-hzz65f0a1b2c3d4e5f9999";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
const logs = (rule: Properties) => ({ bucket: "example-logs", ...rule });
const aes = { sseAlgorithm: "AES256" };
const kms = { sseAlgorithm: "KMS" };
const given = { sseAlgorithm: "KMS", kmsMasterKeyId: key };

const review = (...steps: ReturnType<typeof step>[]) => reviewPreview(preview(...steps));
/** The classes of a review's changes, by bucket. */
const classes = (...steps: ReturnType<typeof step>[]) =>
    review(...steps).changes.map(({ bucket, class: name }) => [bucket, name]);
const update = (from: Properties, to: Properties) => step("update", entry(logs(from)), entry(logs(to)));

const reached = (from: Properties | undefined, to: Properties | undefined) =>
    update({ ...aes, ...(from && { account: from }) }, { ...aes, ...(to && { account: to }) });

describe("a review of a preview", () => {
    it("classifies each pair of rules by the order of strength", () => {
        fc.assert(
            fc.property(observedRule, declarableRule, (from, to) => {
                const expected = ruleChange(from, to);
                const [[, found] = []] = classes(update(from as unknown as Properties, to));
                const words: Partial<Record<typeof expected, string>> = {
                    "not-comparable": "unknown",
                    "setting-changed": "unchanged",
                };
                expect(found).to.equal(words[expected] ?? expected);
            }),
        );
    });

    it("has one change for each way in which a rule can change", () => {
        expect(classes(step("create", undefined, entry(logs(aes))))).to.deep.equal([["example-logs", "added"]]);
        expect(classes(step("delete", entry(logs(aes)), undefined))).to.deep.equal([["example-logs", "removed"]]);
        expect(classes(update(given, kms))).to.deep.equal([["example-logs", "weakened"]]);
        expect(classes(update(aes, kms))).to.deep.equal([["example-logs", "strengthened"]]);
        expect(classes(update(given, { ...kms, kmsMasterKeyId: otherKey }))).to.deep.equal([
            ["example-logs", "key-changed"],
        ]);
        expect(classes(update(aes, { sseAlgorithm: "SM4" }))).to.deep.equal([["example-logs", "algorithm-changed"]]);
        expect(classes(reached({ profile: "one" }, { profile: "two" }))).to.deep.equal([
            ["example-logs", "account-changed"],
        ]);
        expect(classes(update(aes, { ...aes, onDelete: "retain" }))).to.deep.equal([["example-logs", "unchanged"]]);
    });

    it("distinguishes another account from another way to the same account", () => {
        const role = (account: string, name: string) => ({ roleArn: `acs:ram::${account}:role/${name}` });
        const [one, other] = ["1000000000000001", "1000000000000002"];
        const found = (from: Properties | undefined, to: Properties | undefined) => classes(reached(from, to))[0]?.[1];
        expect(found(role(one, "a"), role(other, "a"))).to.equal("account-changed");
        expect(found(role(one, "a"), role(one, "b"))).to.equal("unchanged");
        expect(found({ id: one, profile: "a" }, { id: one, profile: "b" })).to.equal("unchanged");
        expect(found({ id: one }, { id: other })).to.equal("account-changed");
        expect(found({ profile: "a" }, { profile: "a", id: one }), "only a check is added").to.equal("unchanged");
        expect(found(undefined, role(one, "a"))).to.equal("account-changed");
        expect(found({ profile: "[secret]" }, { profile: "[secret]" })).to.equal("unknown");
    });

    it("distinguishes another service's bucket of the name from another way to the same service", () => {
        const moved = (from: Properties, to: Properties, declared: Properties = aes) =>
            review(
                step(
                    "update",
                    entry(logs({ ...declared, store: "s3", ...from })),
                    entry(logs({ ...declared, store: "s3", ...to })),
                    { diffReasons: ["endpoint"] },
                ),
            ).changes[0];
        const own = { endpoint: "https://minio.example.com" };
        const ofAws = { endpoint: "https://s3.eu-central-1.amazonaws.com" };
        expect(moved({}, ofAws)?.class).to.equal("unchanged");
        expect(moved(own, { endpoint: "minio.example.com/" })?.class).to.equal("unchanged");
        for (const [from, to] of [
            [{}, own],
            [own, ofAws],
        ] as const)
            expect(moved(from, to)?.class).to.equal("account-changed");
        expect(moved({}, own)?.meaning[0]).to.equal(
            "The rule is written to the bucket of this name at another service, and the former bucket keeps its rule (service: AWS becomes https://minio.example.com).",
        );
        const overwriting = moved({}, own, { ...aes, existingRule: "overwrite" });
        expect(overwriting?.class).to.equal("unknown");
        expect(overwriting?.meaning[0]).to.include("replace any rule that the bucket may already have");
    });

    it("has a change for each of two buckets of one name at two services", () => {
        const at = (name: string, place: Properties, sseAlgorithm: string) =>
            step("create", undefined, entry(logs({ store: "s3", sseAlgorithm, ...place }), { name }));
        const found = review(at("aws", {}, "KMS"), at("own", { endpoint: "https://minio.example.com" }, "AES256"));
        expect(found.changes.map(({ class: name, after }) => [name, after?.sseAlgorithm])).to.deep.equal([
            ["added", "KMS"],
            ["added", "AES256"],
        ]);
        expect(found.changes.flatMap(({ meaning }) => meaning).join(" ")).not.to.include("Two resources");
    });

    it("compares with the observed rule, not with the one declared earlier", () => {
        const drifted = entry(logs(given), { outputs: logs(aes) });
        expect(classes(step("update", drifted, entry(logs(given))))).to.deep.equal([["example-logs", "strengthened"]]);
    });

    it("is unknown where a new resource may overwrite a stronger rule that the preview does not show", () => {
        const found = (declared: Properties) => classes(step("create", undefined, entry(logs(declared))))[0]?.[1];
        const overwrite = { existingRule: "overwrite" };
        expect(found({ ...aes, ...overwrite })).to.equal("unknown");
        expect(found({ ...kms, ...overwrite })).to.equal("unknown");
        for (const hidden of [unknown, sealed]) expect(found({ ...aes, existingRule: hidden })).to.equal("unknown");
        // Nothing is stronger than a given key, a minimum leaves what is stronger, and other choices refuse to weaken.
        for (const declared of [{ ...given, ...overwrite }, { ...aes, ...overwrite, atLeast: true }, aes])
            expect(found(declared)).to.equal("added");
        const [change] = review(step("create", undefined, entry(logs({ ...aes, ...overwrite })))).changes;
        expect(change?.meaning[0]).to.equal(
            "`existingRule` lets this resource replace any rule that the bucket may already have, which this preview does not show, so the encryption may become weaker.",
        );
    });

    it("keeps a stronger rule of a single resource that is a minimum", () => {
        expect(classes(update(kms, { ...aes, atLeast: true }))).to.deep.equal([["example-logs", "unchanged"]]);
        expect(classes(update(kms, aes))).to.deep.equal([["example-logs", "weakened"]]);
    });

    it("keeps two buckets apart when a resource is replaced", () => {
        const steps = step("replace", entry(logs(aes)), entry({ bucket: "example-other", ...aes }));
        expect(classes(steps)).to.deep.equal([
            ["example-logs", "removed"],
            ["example-other", "added"],
        ]);
    });

    it("counts the steps of a replacement as one", () => {
        const [old, next] = [entry(logs(given)), entry(logs(aes))];
        const steps = [
            step("create-replacement", { ...old, delete: true }, next),
            step("replace", old, next),
            step("delete-replaced", { ...old, delete: true }, undefined),
        ];
        expect(classes(...steps)).to.deep.equal([["example-logs", "weakened"]]);
    });

    describe("when a rule changes its owner", () => {
        it("sees one change of the bucket, not a removal and an addition", () => {
            const moved = step("delete", entry(logs(given), { type: alicloudType }), undefined);
            expect(classes(moved, step("create", undefined, entry(logs(given))))).to.deep.equal([
                ["example-logs", "unchanged"],
            ]);
            expect(classes(moved, step("create", undefined, entry(logs(aes))))).to.deep.equal([
                ["example-logs", "weakened"],
            ]);
        });

        it("sees it for the block inside a bucket too, and warns that taking it out deletes the rule", () => {
            const bucket = (rule?: Properties) =>
                entry(
                    { bucket: "example-logs", ...(rule ? { serverSideEncryptionRule: rule } : {}) },
                    { type: alicloudBucketType, name: "bucket" },
                );
            const { changes } = review(
                step("update", bucket(given), bucket()),
                step("create", undefined, entry(logs(given))),
            );
            expect(changes.map(({ class: name }) => name)).to.deep.equal(["unchanged"]);
            expect(changes[0]?.meaning.join(" ")).to.include("ignoreChanges");
            expect(classes(step("update", bucket(given), bucket()))).to.deep.equal([["example-logs", "removed"]]);
            const gone = review(step("delete", bucket(given), undefined));
            expect(gone.changes[0]).to.include({ class: "removed" });
            expect(gone.changes[0]?.meaning.join(" ")).to.include("deletes the bucket and its rule");
        });

        it("reports two resources for one bucket, with the worse outcome", () => {
            const { changes } = review(
                step("same", entry(logs(given)), entry(logs(given))),
                step("create", undefined, entry(logs(aes), { name: "second" })),
            );
            expect(changes.map(({ class: name }) => name)).to.deep.equal(["weakened"]);
            expect(changes[0]?.meaning.join(" ")).to.include("Two resources");
        });
    });

    describe("of a deletion", () => {
        const deletion = (inputs: Properties, outputs: Properties = {}, fields: Properties = {}) =>
            classes(
                step("delete", entry(logs(inputs), { outputs: { ...logs(inputs), ...outputs }, ...fields }), undefined),
            ).map(([, name]) => name);

        it("follows what the deletion does to the rule", () => {
            expect(deletion({ ...given, onDelete: "retain" })).to.deep.equal(["unchanged"]);
            expect(deletion({ ...given, onDelete: "restore" })).to.deep.equal(["removed"]);
            expect(deletion({ ...given, onDelete: "restore" }, { previousRule: aes })).to.deep.equal(["weakened"]);
            expect(deletion({ ...given, onDelete: "restore" }, { previousRule: given })).to.deep.equal(["unchanged"]);
            expect(deletion(given, {}, { retainOnDelete: true })).to.deep.equal(["unchanged"]);
            expect(deletion({ ...given, onDelete: "restore" }, { previousRule: "[secret]" })).to.deep.equal([
                "unknown",
            ]);
        });
    });

    describe("of hidden values", () => {
        it("is never a pass", () => {
            for (const hidden of ["[secret]", unknown, sealed]) {
                const hiddenKey = { ...kms, kmsMasterKeyId: hidden };
                for (const [from, to] of [
                    [given, hiddenKey],
                    [aes, hiddenKey],
                    [hiddenKey, hiddenKey],
                    [aes, { sseAlgorithm: hidden }],
                    [given, { ...given, kmsDataEncryption: hidden }],
                ] as const) {
                    expect(classes(update(from, to)), JSON.stringify([from, to])).to.deep.equal([
                        ["example-logs", "unknown"],
                    ]);
                }
                expect(classes(step("create", undefined, entry(logs(hiddenKey))))).to.deep.equal([
                    ["example-logs", "unknown"],
                ]);
                const somewhere = step("create", undefined, entry({ ...aes, bucket: hidden }));
                expect(classes(somewhere)).to.deep.equal([[undefined, "unknown"]]);
            }
        });

        it("is weakened where every value would weaken", () => {
            const hiddenKey = { ...kms, kmsMasterKeyId: "[secret]" };
            expect(classes(update(hiddenKey, aes))).to.deep.equal([["example-logs", "weakened"]]);
            expect(classes(step("delete", entry(logs(hiddenKey)), undefined))).to.deep.equal([
                ["example-logs", "removed"],
            ]);
        });

        it("is unchanged where the engine reports no change of the rule", () => {
            const hiddenKey = { ...kms, kmsMasterKeyId: "[secret]" };
            const same = entry(logs(hiddenKey));
            expect(classes(step("same", same, same))).to.deep.equal([["example-logs", "unchanged"]]);
            const listed = (...names: string[]) =>
                classes(
                    step("update", same, entry(logs({ ...hiddenKey, onDelete: "retain" })), { diffReasons: names }),
                );
            expect(listed("onDelete")).to.deep.equal([["example-logs", "unchanged"]]);
            expect(listed("onDelete", "kmsMasterKeyId")).to.deep.equal([["example-logs", "unknown"]]);
        });

        it("is unknown for a bucket whose resource moves to an unknown bucket", () => {
            const moved = step("replace", entry(logs(aes)), entry({ ...aes, bucket: unknown }));
            expect(classes(moved)).to.deep.equal([
                [undefined, "unknown"],
                ["example-logs", "unknown"],
            ]);
        });

        it("is not read from clear text in the document", () => {
            const { ciphertext: _, ...signature } = sealed;
            const open = { ...signature, plaintext: JSON.stringify(key) };
            const text = JSON.stringify(review(update(aes, { ...kms, kmsMasterKeyId: open })));
            expect(text)
                .to.include('"bucket":"example-logs"')
                .and.not.to.include(key)
                .and.not.to.include(key.slice(-4));
        });
    });

    it("knows the resources of @pulumi/aws", () => {
        const configuration = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
        const rule = (sseAlgorithm: string, kmsMasterKeyId?: string) => ({
            bucket: "example-logs",
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId } }],
        });
        const change = (from: Properties, to: Properties, type: string) =>
            review(step("update", entry(from, { type }), entry(to, { type }))).changes.map(
                ({ store, bucket, class: name }) => [store, bucket, name],
            );
        expect(change(rule("aws:kms", key), rule("AES256"), configuration)).to.deep.equal([
            ["s3", "example-logs", "weakened"],
        ]);
        expect(
            change(
                rule("AES256"),
                rule("aws:kms", "alias/aws/s3"),
                `${configuration}V2`.replace("Configuration:", "ConfigurationV2:"),
            ),
        ).to.deep.equal([["s3", "example-logs", "strengthened"]]);
        const withSettings = (settings: Properties) => ({
            bucket: "example-logs",
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, ...settings }],
        });
        const blocked = { blockedEncryptionTypes: ["SSE-C"] };
        const open = { blockedEncryptionTypes: ["NONE"] };
        const stay = "Existing objects keep the encryption that they were written with.";
        const needed =
            "Existing objects need the KMS key that encrypted them: if it is disabled or deleted, they can no longer be read.";
        const service = "KMS with the service's key";
        for (const [from, to, name, ...meaning] of [
            [
                { bucketKeyEnabled: true },
                { bucketKeyEnabled: false },
                "unchanged",
                `The rule stays equally strong, with another setting: ${service}.`,
            ],
            [
                blocked,
                open,
                "weakened",
                `New objects get weaker encryption: ${service}, SSE-C blocked becomes ${service}.`,
                "The bucket no longer blocks SSE-C, so requests can use it.",
                stay,
                needed,
            ],
            [
                open,
                blocked,
                "strengthened",
                `New objects get stronger encryption: ${service}, SSE-C blocked.`,
                stay,
                needed,
            ],
            [
                {},
                blocked,
                "unchanged",
                `The rule stays equally strong, with another setting: ${service}, SSE-C blocked.`,
            ],
            [blocked, {}, "unchanged", `The rule stays equally strong, with another setting: ${service}.`],
            [
                {},
                open,
                "unknown",
                "The stack did not set which encryption types the bucket blocks. If the bucket blocks SSE-C, requests can use it afterwards.",
                stay,
                needed,
            ],
        ] as const) {
            expect(change(withSettings(from), withSettings(from), configuration)).to.deep.equal([
                ["s3", "example-logs", "unchanged"],
            ]);
            const side = (settings: Properties) => entry(withSettings(settings), { type: configuration });
            const [changed] = review(step("update", side(from), side(to))).changes;
            expect(changed?.class).to.equal(name);
            expect(changed?.meaning).to.deep.equal(meaning);
        }
        const inline = (sseAlgorithm: string) => ({
            bucket: "example-logs",
            serverSideEncryptionConfiguration: {
                rule: { applyServerSideEncryptionByDefault: { sseAlgorithm } },
            },
        });
        expect(change(inline("aws:kms"), inline("AES256"), "aws:s3/bucket:Bucket")).to.deep.equal([
            ["s3", "example-logs", "weakened"],
        ]);
    });

    it("leaves out resources that are only read, and those of other kinds", () => {
        const read = entry(logs(aes), { external: true });
        expect(review(step("read", undefined, read)).changes).to.deep.equal([]);
        expect(review(step("create", undefined, entry({}, { type: "random:index:Id" }))).changes).to.deep.equal([]);
        expect(review(step("create", undefined, entry(logs(aes)))).changes).to.have.length(1);
    });

    it("keeps the errors of a preview that failed", () => {
        const failed = { ...preview(), diagnostics: [{ severity: "error", message: "error: no such bucket\n" }] };
        expect(reviewPreview(failed).failures).to.deep.equal(["no such bucket"]);
    });

    it("never shows more of a key than its last four characters", () => {
        const text = JSON.stringify(review(update(given, { ...kms, kmsMasterKeyId: otherKey })));
        expect(text).not.to.include(key).and.not.to.include(otherKey);
        expect(text).to.include("…f6a7").and.to.include("…9999");
    });

    it("rejects other documents, and names what they are", () => {
        const rejected = (document: unknown, what: RegExp) => expect(() => reviewPreview(document)).to.throw(what);
        rejected(exported(), /exported state.*--from and --to.*p\.json/);
        rejected({ terraform_version: "1" }, /Terraform/);
        rejected({ result: "succeeded", resources: [] }, /--output json/);
        rejected("text", /is not the output of/);
        rejected([1], /engine events/);
        rejected({ steps: [{ op: "create", urn: "urn:pulumi:a::b::c::d" }] }, /steps\[0\] has neither/);
        rejected(
            { steps: [step("update", entry(aes), undefined), { op: 7 }] },
            /^steps\[1\]\.op is missing, or not a text \(and 2 more faults\) \(file p\.json:1:\d+\)\. Pass/,
        );
    });
});

describe("a review of two states", () => {
    const between = (from: unknown, to: unknown) =>
        reviewStates(from, to).changes.map(({ bucket, class: name }) => [bucket, name]);

    it("classifies the changes between them", () => {
        expect(between(exported(entry(logs(given))), exported(entry(logs(aes))))).to.deep.equal([
            ["example-logs", "weakened"],
        ]);
        expect(between(exported(), exported(entry(logs(aes))))).to.deep.equal([["example-logs", "added"]]);
        expect(between(exported(entry(logs(aes))), exported())).to.deep.equal([["example-logs", "removed"]]);
        expect(
            between(exported(entry(logs(given), { type: alicloudType })), exported(entry(logs(given)))),
        ).to.deep.equal([["example-logs", "unchanged"]]);
    });

    it("counts a secret as unchanged only if nothing was encrypted again", () => {
        const secret = entry(logs({ ...kms, kmsMasterKeyId: sealed }));
        const anew = entry(logs({ ...kms, kmsMasterKeyId: { ...sealed, ciphertext: "v1:xyz" } }));
        expect(between(exported(secret), exported(secret))).to.deep.equal([["example-logs", "unchanged"]]);
        expect(between(exported(secret), exported(anew))).to.deep.equal([["example-logs", "unknown"]]);
    });

    it("follows what the deletion did to a rule", () => {
        expect(between(exported(entry(logs({ ...aes, onDelete: "retain" }))), exported())).to.deep.equal([
            ["example-logs", "unchanged"],
        ]);
    });

    it("rejects other documents", () => {
        expect(() => reviewStates(preview(), exported())).to.throw(/it is a preview/);
        expect(() => reviewStates({ version: 9, deployment: {} }, exported())).to.throw(/version must be 3 or 4/);
    });
});
