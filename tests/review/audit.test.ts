import { expect } from "chai";
import fc from "fast-check";
import { UserError } from "../../lib/errors";
import {
    type AuditedAccount,
    type AuditOptions,
    adoptingProgram,
    auditAccounts,
    auditHtml,
    StateIndex,
} from "../../lib/review";
import type { ObservedRule } from "../../lib/rule";
import { hostileText } from "../text/hostile-texts";
import { entry } from "./preview-builder";

interface Told {
    readonly rule?: ObservedRule | "none" | "not-reported" | Error;
    readonly ownRule?: ObservedRule | Error;
}

/** An account whose service gives scripted answers. */
function accountWith(
    buckets: Readonly<Record<string, Told>>,
    { name = "shop", failAfter, key = { missing: true } }: { name?: string; failAfter?: number; key?: object } = {},
): AuditedAccount & { readonly most: () => number } {
    let underWay = 0;
    let most = 0;
    const summary = (bucket: string) => ({
        name: bucket,
        region: "cn-hangzhou",
        owner: "1000000000000001",
        createdAt: undefined,
        storageClass: undefined,
    });
    return {
        name,
        most: () => most,
        directory: {
            async *listBuckets() {
                for (const [index, bucket] of Object.keys(buckets).entries()) {
                    if (index === failAfter) throw new UserError("access-denied", "the list may not be read");
                    yield summary(bucket);
                }
            },
            async describeBucket(bucket) {
                underWay += 1;
                most = Math.max(most, underWay);
                await new Promise(setImmediate);
                underWay -= 1;
                const { rule = "none" } = buckets[bucket] ?? {};
                if (rule instanceof Error) throw rule;
                return { ...summary(bucket), rule };
            },
            tagsOf: async () => ({}),
            async getRule(bucket) {
                const { ownRule = new UserError("rule-not-found", "no rule") } = buckets[bucket] ?? {};
                if (ownRule instanceof Error) throw ownRule;
                return ownRule;
            },
        },
        lookUpKey: async () => key as never,
    };
}

const denied = new UserError("access-denied", "may not be read");
const audit = async (account: AuditedAccount, options?: AuditOptions) =>
    (await auditAccounts([account], options)).report;
const statusesOf = async (buckets: Readonly<Record<string, Told>>) =>
    Object.fromEntries((await audit(accountWith(buckets))).buckets.map(({ bucket, status }) => [bucket, status]));

describe("an audit", () => {
    it("reports no rule only if the service says so", async () => {
        const statuses = await statusesOf({
            none: { rule: "none" },
            "not-reported-none": { rule: "not-reported" },
            "not-reported": { rule: "not-reported", ownRule: { sseAlgorithm: "SM4" } },
            "denied-none": { rule: denied },
            denied: { rule: denied, ownRule: denied },
            throttled: { rule: new UserError("throttled", "too much") },
            unreachable: { rule: new UserError("unreachable", "no answer") },
            gone: { rule: new UserError("bucket-not-found", "no bucket") },
            garbled: { rule: "not-reported", ownRule: new UserError("invalid-answer", "a login page") },
        });
        expect(statuses).to.deep.equal({
            none: "not-encrypted",
            "not-reported-none": "not-encrypted",
            "denied-none": "not-encrypted",
            "not-reported": "encrypted",
            denied: "not-known",
            throttled: "not-known",
            unreachable: "not-known",
            gone: "not-known",
            garbled: "not-known",
        });
    });

    it("passes on a defect as a defect", async () => {
        const failure = await audit(accountWith({ one: { rule: new TypeError("a defect") } })).catch((error) => error);
        expect(failure).to.be.instanceOf(TypeError);
    });

    it("reports a key's state from KMS, and as unknown where KMS cannot be asked", async () => {
        const rule = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" };
        const keyOf = async (key: object) => {
            const [found] = (await audit(accountWith({ one: { rule } }, { key }))).buckets;
            return [found?.keyState, found?.findings.join()];
        };
        expect(await keyOf({ found: { keyId: "k", state: "Enabled" } })).to.deep.equal(["Enabled", ""]);
        expect(await keyOf({ found: { keyId: "k", state: "Disabled" } })).to.deep.equal(["Disabled", "key-unusable"]);
        expect(await keyOf({ found: { keyId: "k" } })).to.deep.equal(["not known", "key-not-known"]);
        expect(await keyOf({ missing: true })).to.deep.equal(["missing", "key-unusable"]);
        expect(await keyOf({ unknown: "Forbidden.NoPermission" })).to.deep.equal(["not known", "key-not-known"]);
    });

    it("keeps the listed buckets when the list breaks off, and continues with the next account", async () => {
        const broken = accountWith({ a: {}, b: {}, c: {} }, { failAfter: 2 });
        const { report, errors } = await auditAccounts([broken, accountWith({ d: {} }, { name: "other" })]);
        expect(report.buckets.map(({ bucket }) => bucket)).to.deep.equal(["d", "a", "b"]);
        expect(report.accounts[0]?.failure).to.include("may not be read");
        expect(report.accounts[1]).not.to.have.property("failure");
        expect(errors).to.have.length(1);
    });

    it("reads at most the allowed number of buckets at once", async () => {
        const account = accountWith(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`b-${index}`, {}])));
        await audit(account, { parallel: 7 });
        expect(account.most()).to.equal(7);
    });

    it("reports progress as a count of the total", async () => {
        const counts: string[] = [];
        await audit(accountWith({ a: {}, b: {} }), { progress: (...args) => counts.push(args.join(" ")) });
        expect(counts).to.deep.equal(["shop 0 2", "shop 1 2", "shop 2 2"]);
    });

    it("counts a state's hidden values neither as equal nor as different", async () => {
        const states = new StateIndex([[entry({ bucket: "one", sseAlgorithm: "KMS", kmsMasterKeyId: "[secret]" })]]);
        const report = await audit(accountWith({ one: { rule: { sseAlgorithm: "KMS" } } }), { states });
        expect(report.buckets[0]?.findings).to.deep.equal([]);
    });

    it("looks for the stack of a bucket only among resources of the store that has it", async () => {
        const declared = [entry({ bucket: "one", sseAlgorithm: "AES256", store: "s3" })];
        const bucket = { one: { rule: { sseAlgorithm: "KMS_DSSE" } } };
        const findingsIn = async (store: "oss" | "s3") => {
            const { report } = await auditAccounts([accountWith(bucket)], {
                store,
                states: new StateIndex([declared], store),
            });
            return report.buckets[0]?.findings;
        };
        expect(await findingsIn("s3")).to.deep.equal(["differs-from-state"]);
        expect(await findingsIn("oss")).to.deep.equal(["not-managed"]);
    });

    it("looks for the stack of a bucket only among resources of the service that has it", async () => {
        const endpoint = "https://minio.example.com";
        const findingsAt = async (service: string, declared: object) => {
            const state = entry({ bucket: "one", sseAlgorithm: "AES256", store: "s3", ...declared });
            const states = new StateIndex([[state]], "s3", service);
            const { report } = await auditAccounts([accountWith({ one: { rule: { sseAlgorithm: "AES256" } } })], {
                store: "s3",
                service,
                states,
            });
            return report.buckets[0]?.findings;
        };
        expect(await findingsAt("AWS", { endpoint })).to.deep.equal(["not-managed"]);
        expect(await findingsAt(endpoint, { endpoint: `${endpoint}/` })).to.deep.equal([]);
        expect(await findingsAt(endpoint, {}), "the stack's settings may name the endpoint").to.deep.equal([]);
    });

    describe("of a bucket with settings", () => {
        const settings = { bucketKeyEnabled: false, blockedEncryptionTypes: ["SSE-C"] };
        const bucketWith = async (declared: Readonly<Record<string, unknown>>) => {
            const state = entry({ bucket: "one", sseAlgorithm: "KMS", store: "s3", ...declared });
            const { report } = await auditAccounts(
                [accountWith({ one: { rule: { sseAlgorithm: "KMS", ...settings } } })],
                {
                    store: "s3",
                    states: new StateIndex([[state]], "s3"),
                },
            );
            return report.buckets[0];
        };

        it("compares those that the state declares", async () => {
            for (const same of [{}, settings, { bucketKeyEnabled: false }, { blockedEncryptionTypes: ["SSE-C"] }])
                expect((await bucketWith(same))?.findings, JSON.stringify(same)).to.deep.equal([]);
            for (const other of [{ bucketKeyEnabled: true }, { blockedEncryptionTypes: ["NONE"] }])
                expect((await bucketWith(other))?.findings, JSON.stringify(other)).to.deep.equal([
                    "differs-from-state",
                ]);
        });

        it("takes a setting that the state hides for neither the same nor another one", async () => {
            for (const blockedEncryptionTypes of ["[secret]", ["[secret]"]])
                expect((await bucketWith({ blockedEncryptionTypes }))?.findings).to.deep.equal([]);
        });

        it("shows what is blocked", async () => {
            expect((await bucketWith({}))?.rule?.text).to.equal("KMS with the service's key, SSE-C blocked");
        });
    });

    describe("as a program", () => {
        it("declares rules that the store supports, and names a store other than OSS", async () => {
            const buckets = {
                both: { rule: { sseAlgorithm: "AES256" } },
                "only-oss": { rule: { sseAlgorithm: "SM4" } },
                "only-s3": { rule: { sseAlgorithm: "KMS_DSSE", bucketKeyEnabled: false } },
            };
            const programOf = async (store: "oss" | "s3") =>
                adoptingProgram(await auditAccounts([accountWith(buckets)], { store }));
            const [inOss, inS3] = [await programOf("oss"), await programOf("s3")];
            expect(inOss.declared).to.deep.equal(["both", "only-oss"]);
            expect(inOss.text).not.to.include("store:");
            expect(inS3.declared).to.deep.equal(["both", "only-s3"]);
            expect(inS3.text).to.include('{ bucket, ...rule, store: "s3", existingRule: "adopt"');
        });

        it("names the endpoint of another service", async () => {
            const textFor = async (service?: string) => {
                const options = { store: "s3", ...(service !== undefined && { service }) };
                return adoptingProgram(
                    await auditAccounts(
                        [accountWith({ a: { rule: "none" }, "a-one": { rule: { sseAlgorithm: "AES256" } } })],
                        options,
                    ),
                ).text;
            };
            expect(await textFor("https://minio.example.com")).to.include(
                '...rule, store: "s3", endpoint: "https://minio.example.com", existingRule: "adopt"',
            );
            for (const cloud of [undefined, "AWS cn"]) expect(await textFor(cloud)).not.to.include("endpoint");
        });

        it("leaves out buckets without a rule, with an unsupported rule, or with a manager", async () => {
            const states = new StateIndex([[entry({ bucket: "managed", sseAlgorithm: "AES256" })]]);
            const outcome = await auditAccounts(
                [
                    accountWith({
                        managed: { rule: { sseAlgorithm: "AES256" } },
                        newer: { rule: { sseAlgorithm: "SM9" } },
                        fields: { rule: { sseAlgorithm: "AES256", unrecognized: { Scope: "x" } } },
                        plain: {},
                        good: { rule: { sseAlgorithm: "SM4" } },
                    }),
                ],
                { states },
            );
            const { declared, notes } = adoptingProgram(outcome);
            expect(declared).to.deep.equal(["good"]);
            expect(notes).to.have.length(4);
        });

        it("is valid code for every answer of a service", async () => {
            await fc.assert(
                fc.asyncProperty(hostileText, async (name) => {
                    const key = `key-${name}`;
                    const outcome = await auditAccounts([
                        accountWith({
                            [name]: { rule: { sseAlgorithm: "AES256" } },
                            [`${name}2`]: {},
                            "example-logs": { rule: { sseAlgorithm: "KMS", kmsMasterKeyId: key } },
                        }),
                    ]);
                    const { text, declared } = adoptingProgram(outcome);
                    const lines = text.split("\n").filter((line) => !line.startsWith("//"));
                    for (const line of lines) expect(line).to.match(/^[\x20-\x7e]*$/);
                    expect(lines.filter((line) => line.startsWith('        "'))).to.have.length(declared.length);
                    const [, written] = /kmsMasterKeyId: ("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
                    if (declared.includes("example-logs")) expect(JSON.parse(written ?? "")).to.equal(key);
                }),
            );
        });
    });

    it("has a page that loads nothing from elsewhere", async () => {
        const page = auditHtml(await audit(accountWith({ a: {} })));
        expect(page).to.match(
            /content="default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'"/,
        );
        expect(page).not.to.match(/\b(?:src|href)=|url\(|@import|\bstyle="|\bon\w+=/);
    });
});
