import { expect } from "chai";
import { packMembers, setHandlerText } from "../../lib/declaration";
import { LocalCloud } from "../../lib/local-cloud";
import { bucketEncryptionProvider, bucketEncryptionSetProvider } from "../../lib/pulumi/provider";
import { OneResourceStack, type Properties, refusalOf } from "./one-resource-stack";

const members = (names: Iterable<string>) => packMembers(new Map([...names].map((name) => [name, {}])));
const kms = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" };

describe("the handler text of a set", () => {
    it("is the one in every state that was ever written", () => {
        expect(setHandlerText).to.equal(
            'exports.handler = () => require("pulumi-bucket-encryption/provider").bucketEncryptionSetProvider();',
        );
        expect(bucketEncryptionSetProvider()).to.have.property("update");
    });
});

describe("a set of buckets", () => {
    let cloud: LocalCloud;
    let stack: OneResourceStack;
    const names = Array.from({ length: 40 }, (_, n) => `bucket-${String(n).padStart(2, "0")}`);
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        for (const name of names) cloud.createBucket({ name });
        stack = new OneResourceStack("set", {
            endpoint: cloud.url,
            region: "cn-hangzhou",
            accessKeyId: "local-key-id",
            accessKeySecret: "local-key-secret",
        });
    });
    afterEach(() => cloud.stop());

    const declared = (others: Properties = {}, buckets: readonly string[] = names): Properties => ({
        members: members(buckets),
        sseAlgorithm: "AES256",
        verifyKey: false,
        ...others,
    });
    const count = (operation: string) => cloud.journal.count({ operation });
    const rules = () => names.map((name) => cloud.bucketRule(name)?.sseAlgorithm);
    const all = (sseAlgorithm: string | undefined) => names.map(() => sseAlgorithm);
    const heldNames = async () => {
        // A deletion removes the rules of the buckets that the state holds.
        await stack.destroy();
        return names.filter((name) => cloud.bucketRule(name) === undefined);
    };

    it("gets its rule written to each bucket, with the requests of single resources", async () => {
        expect(await stack.up(declared())).to.equal("create");
        expect(rules()).to.deep.equal(all("AES256"));
        expect([count("GetBucketEncryption"), count("PutBucketEncryption")]).to.deep.equal([80, 40]);
        expect(stack.kept?.outputs).to.include({ buckets: 40, sseAlgorithm: "AES256" });
    });

    it("costs no request when nothing changed, and a reading for each bucket in a refresh", async () => {
        await stack.up(declared());
        cloud.journal.clear();
        const before = structuredClone(stack.kept);
        expect(await stack.up(declared())).to.equal("same");
        expect(cloud.journal.count()).to.equal(0);
        await stack.refresh();
        expect(stack.kept).to.deep.equal(before);
        expect([count("GetBucketEncryption"), cloud.journal.count()]).to.deep.equal([40, 40]);
    });

    it("shows a field that the service starts to set on every bucket, and writes nothing for it", async () => {
        await stack.up(declared());
        const rule = "<SSEAlgorithm>AES256</SSEAlgorithm><BlockedTypes>SSE-C</BlockedTypes>";
        const byDefault = `<ApplyServerSideEncryptionByDefault>${rule}</ApplyServerSideEncryptionByDefault>`;
        const body = `<ServerSideEncryptionRule>${byDefault}</ServerSideEncryptionRule>`;
        cloud.faults.add({ kind: "raw", body, operation: "GetBucketEncryption" });
        await stack.refresh();
        expect(stack.printed.join("\n")).to.include("AES256 → AES256, BlockedTypes SSE-C");
        expect(stack.kept?.outputs.exceptions).to.equal(undefined);
        cloud.journal.clear();
        expect(await stack.up(declared())).to.equal("same");
        expect(cloud.journal.count()).to.equal(0);
    });

    it("reports the change of each bucket in a preview", async () => {
        cloud.setBucketRule("bucket-07", { sseAlgorithm: "AES256" });
        cloud.setBucketRule("bucket-08", { sseAlgorithm: "SM4" });
        expect(await stack.preview(declared())).to.equal("create");
        expect(stack.printed).to.have.members([
            "38 buckets: no rule → AES256 (bucket-00, bucket-01, bucket-02, bucket-03, bucket-04, bucket-05, bucket-06, bucket-09, bucket-10, bucket-11 and 28 more)",
            "bucket bucket-07: AES256 is there, and is adopted",
            "bucket bucket-08: SM4 → AES256",
        ]);
        expect(count("PutBucketEncryption")).to.equal(0);
    });

    it("takes what an engine carries over from a refresh where a program ignores every change", async () => {
        await stack.up(declared());
        cloud.setBucketRule("bucket-07", { sseAlgorithm: "SM4" });
        await stack.refresh();
        const { exceptions } = stack.kept?.inputs ?? {};
        expect(exceptions).to.deep.equal({ "bucket-07": "SM4" });
        expect(await stack.up(declared({ exceptions }))).to.equal("update");
        expect(rules()).to.deep.equal(all("AES256"));
        const refused = await refusalOf(stack.up(declared({ exceptions })));
        expect(refused).to.include("exceptions: is not one of the properties of BucketEncryptionSet");
    });

    it("changes a bucket that joins, that leaves, or whose rule is another, and no other", async () => {
        await stack.up(declared({ onDelete: "remove" }, names.slice(0, 39)));
        const before = stack.kept?.inputs.members;
        cloud.journal.clear();
        const overrides = { "bucket-05": { sseAlgorithm: "SM4", reason: "a regulator" } };
        expect(await stack.up(declared({ onDelete: "remove", overrides }, names.slice(1)))).to.equal("update");
        expect(stack.printed).to.include("bucket bucket-39: no rule → AES256");
        expect(stack.printed).to.include("bucket bucket-05: AES256 → SM4");
        expect(stack.printed).to.include("bucket bucket-00: leaves the set; its rule is removed");
        expect([count("PutBucketEncryption"), count("DeleteBucketEncryption")]).to.deep.equal([2, 1]);
        expect(rules()).to.deep.equal([undefined, ...all("AES256").slice(1)].with(5, "SM4"));
        // The long text stays as it was, and what changed stands beside it by name.
        expect(stack.kept?.inputs).to.deep.include({
            members: before,
            membersSince: { "bucket-00": "removed", "bucket-39": "added" },
        });
    });

    it("leaves the rules of buckets that leave, and of all, by default", async () => {
        await stack.up(declared());
        await stack.up(declared({}, names.slice(1)));
        await stack.destroy();
        expect(rules()).to.deep.equal(all("AES256"));
        expect(count("DeleteBucketEncryption")).to.equal(0);
    });

    it("treats the rules of a deleted set as declared last, also if nothing else changed", async () => {
        await stack.up(declared());
        expect(await stack.up(declared({ onDelete: "remove" }))).to.equal("update");
        expect(await stack.up(declared({ onDelete: "remove" }))).to.equal("same");
        await stack.destroy();
        expect(rules()).to.deep.equal(all(undefined));
        await stack.up(declared({ onDelete: "remove" }));
        expect(await stack.up(declared())).to.equal("update");
        expect(await stack.up(declared({ onDelete: "retain" }))).to.equal("same");
        await stack.destroy();
        expect(rules(), "a property taken out of a program decrypts no fleet").to.deep.equal(all("AES256"));
    });

    it("restores each bucket's former rule", async () => {
        cloud.setBucketRule("bucket-03", { sseAlgorithm: "SM4" });
        await stack.up(declared({ ...kms, onDelete: "restore" }));
        await stack.refresh();
        await stack.destroy();
        expect(rules()).to.deep.equal(all(undefined).with(3, "SM4"));
    });

    it("adopts what a killed deployment wrote, and does not remove it", async () => {
        await stack.up(declared({ onDelete: "restore" }, names.slice(0, 10)));
        const written = count("PutBucketEncryption");
        // After a kill, an engine does not know this resource.
        stack.kept = undefined;
        await stack.up(declared({ onDelete: "restore" }));
        expect(count("PutBucketEncryption")).to.equal(written + 30);
        await stack.refresh();
        await stack.destroy();
        expect(rules()).to.deep.equal(names.map((_, index) => (index < 10 ? "AES256" : undefined)));
    });

    it("sees changed, removed and vanished buckets as drift, and repairs what can be repaired", async () => {
        await stack.up(declared(kms));
        cloud.setBucketRule("bucket-01", undefined);
        cloud.setBucketRule("bucket-02", { sseAlgorithm: "SM4" });
        cloud.deleteBucket("bucket-03");
        await stack.refresh();
        expect(stack.kept?.inputs.exceptions).to.deep.equal({ "bucket-01": "no rule", "bucket-02": "SM4" });
        expect(stack.kept?.outputs).to.include({ buckets: 39 });
        expect(stack.printed).to.include("bucket bucket-03: no longer exists, and leaves the set");
        const rest = names.filter((name) => name !== "bucket-03");
        cloud.journal.clear();
        expect(await stack.preview(declared(kms, rest))).to.equal("update");
        expect(await stack.up(declared(kms, rest))).to.equal("update");
        expect(count("PutBucketEncryption")).to.equal(2);
        expect(stack.kept?.outputs.exceptions).to.equal(undefined);
        expect(await stack.up(declared(kms, rest))).to.equal("same");
    });

    it("keeps exactly what succeeded when some buckets fail, and does only the rest the next time", async () => {
        cloud.deleteBucket("bucket-05");
        for (const bucket of ["bucket-06", "bucket-07"]) {
            cloud.faults.add({
                kind: "status",
                status: 403,
                code: "AccessDenied",
                operation: "PutBucketEncryption",
                bucket,
            });
        }
        const said = await refusalOf(stack.up(declared()));
        expect(said).to.include("3 of 40 buckets").and.to.include("2 with access-denied (bucket-06, bucket-07)");
        expect(said).to.include("1 with bucket-not-found (bucket-05)");
        expect(stack.kept?.outputs).to.include({ buckets: 37 });
        cloud.faults.clear();
        cloud.createBucket({ name: "bucket-05" });
        cloud.journal.clear();
        expect(await stack.up(declared())).to.equal("update");
        expect(count("PutBucketEncryption")).to.equal(3);
        expect(rules()).to.deep.equal(all("AES256"));
        expect(await stack.up(declared())).to.equal("same");
    });

    it("keeps the old rule of buckets that fail in an update", async () => {
        await stack.up(declared());
        cloud.faults.add({
            kind: "status",
            status: 403,
            code: "AccessDenied",
            operation: "PutBucketEncryption",
            bucket: "bucket-09",
        });
        await refusalOf(stack.up(declared(kms)));
        expect(stack.kept?.outputs.exceptions).to.deep.equal({ "bucket-09": "AES256" });
        cloud.faults.clear();
        cloud.journal.clear();
        await stack.up(declared(kms));
        expect(count("PutBucketEncryption")).to.equal(1);
    });

    it("does not exist when every bucket failed", async () => {
        cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied", operation: "PutBucketEncryption" });
        expect(await refusalOf(stack.up(declared()))).to.include("access-denied");
        expect(stack.kept).to.equal(undefined);
    });

    for (const [what, code, kind] of [
        ["is throttled to nothing", "QpsLimitExceeded", "throttled"],
        ["has lost its access key", "InvalidAccessKeyId", "credentials-rejected"],
    ] as const) {
        it(`gives up on an account that ${what}, and says how many were not started`, async () => {
            const many = Array.from({ length: 150 }, (_, n) => `many-${n}`);
            for (const name of many) cloud.createBucket({ name });
            cloud.faults.add({ kind: "status", status: 403, code, operation: "PutBucketEncryption" });
            const said = await refusalOf(stack.up(declared({}, many)));
            expect(said).to.include("150 of 150 buckets").and.to.include(`with ${kind} (`);
            expect(said).to.include("were not started");
            const tried = new Set(
                cloud.journal.entries({ operation: "PutBucketEncryption" }).map(({ bucket }) => bucket),
            );
            expect(tried.size).to.be.below(120);
        }).timeout(60_000);
    }

    it("keeps a bucket whose write was not confirmed, and writes it again", async () => {
        cloud.faults.add({ kind: "reset-before", bucket: "bucket-11", operation: "PutBucketEncryption" });
        await refusalOf(stack.up(declared({}, ["bucket-10", "bucket-11"])));
        expect(stack.kept?.outputs).to.include({ buckets: 2 });
        cloud.faults.clear();
        cloud.journal.clear();
        await stack.up(declared({}, ["bucket-10", "bucket-11"]));
        expect(cloud.journal.entries({ operation: "PutBucketEncryption" }).map(({ bucket }) => bucket)).to.deep.equal([
            "bucket-11",
        ]);
    }).timeout(30_000);

    it("changes nothing when a refresh cannot read all of its buckets", async () => {
        await stack.up(declared());
        const before = structuredClone(stack.kept);
        cloud.setBucketRule("bucket-01", undefined);
        cloud.faults.add({
            kind: "status",
            status: 403,
            code: "AccessDenied",
            operation: "GetBucketEncryption",
            bucket: "bucket-02",
        });
        const said = await refusalOf(stack.refresh());
        expect(said).to.include("1 of 40 buckets").and.to.include("bucket-02");
        expect(stack.printed).to.include("bucket bucket-01: was changed outside this stack: AES256 → no rule");
        expect(stack.kept).to.deep.equal(before);
    });

    it("rejects in the preview what would weaken rules, with the buckets' names", async () => {
        for (const name of ["bucket-20", "bucket-21"]) cloud.setBucketRule(name, { sseAlgorithm: "KMS" });
        const said = await refusalOf(stack.preview(declared()));
        expect(said).to.include("2 buckets").and.to.include("bucket-20, bucket-21").and.to.include("atLeast");
    });

    it("leaves stronger rules as they are when its rule is a minimum", async () => {
        cloud.setBucketRule("bucket-20", { sseAlgorithm: "KMS" });
        const least = declared({ atLeast: true });
        await stack.up(least);
        expect(rules()).to.deep.equal(all("AES256").with(20, "KMS"));
        expect(await stack.up(least)).to.equal("same");
        cloud.setBucketRule("bucket-21", { sseAlgorithm: "KMS" });
        cloud.setBucketRule("bucket-20", undefined);
        await stack.refresh();
        expect(stack.kept?.inputs.exceptions).to.deep.equal({ "bucket-20": "no rule" });
        await stack.up(least);
        expect(rules()).to.deep.equal(all("AES256").with(21, "KMS"));
    });

    it("touches no rule that was changed outside the stack", async () => {
        await stack.up(declared({ onDelete: "remove" }));
        cloud.setBucketRule("bucket-30", { sseAlgorithm: "SM4" });
        const said = await refusalOf(stack.destroy());
        expect(said).to.include("1 of 40 buckets").and.to.include("rule-changed").and.to.include("bucket-30");
        expect(rules()).to.deep.equal(all(undefined).with(30, "SM4"));
        await stack.refresh();
        expect(await heldNames()).to.deep.equal(names);
    });

    it("keeps the rule of a bucket that another resource declares in the same operation", async () => {
        await stack.up(declared({ onDelete: "remove" }));
        const config = {
            get: (key: string) =>
                ({
                    "bucket-encryption:endpoint": cloud.url,
                    "bucket-encryption:region": "cn-hangzhou",
                    "bucket-encryption:accessKeyId": "local-key-id",
                    "bucket-encryption:accessKeySecret": "local-key-secret",
                })[key],
        };
        const [set, single] = [bucketEncryptionSetProvider(), bucketEncryptionProvider()];
        for (const provider of [single, set]) await provider.configure?.({ config } as never);
        await single.check?.({}, { bucket: "bucket-00", sseAlgorithm: "AES256" });
        await set.delete?.("id", stack.kept?.outputs ?? {});
        expect(rules()).to.deep.equal(all(undefined).with(0, "AES256"));
    });

    it("rejects all faults at once, without a request", async () => {
        const faulty = {
            members: members(["Logs", "fine-one", "x"]),
            sseAlgorithm: "AES",
            atLeast: "yes",
            overrides: {
                "fine-one": { sseAlgorithm: "KMS", kmsDataEncryption: "AES" },
                other: { sseAlgorithm: "SM4" },
                "fine-two": 7,
            },
            colour: "blue",
        };
        const said = await refusalOf(stack.preview(faulty));
        for (const part of [
            "colour",
            "sseAlgorithm",
            "atLeast",
            '"Logs"',
            '"x"',
            "overrides.fine-one.kmsDataEncryption",
            "overrides.other",
            "overrides.fine-two",
        ]) {
            expect(said).to.include(part);
        }
        expect(await refusalOf(stack.preview({ sseAlgorithm: "AES256" }))).to.include("buckets: is required");
        expect(await refusalOf(stack.preview({ sseAlgorithm: "AES256", members: "nonsense!" }))).to.include(
            "is not a list",
        );
        expect(cloud.journal.count()).to.equal(0);
    });

    it("rejects more buckets than one set can have", async () => {
        const many = Array.from({ length: 50_001 }, (_, n) => `b${String(n).padStart(6, "0")}`);
        expect(await refusalOf(stack.preview(declared({}, many)))).to.include("are 50001; one set can have 50000");
    }).timeout(20_000);

    it("may be empty, with a warning unless a baseline selected its buckets", async () => {
        expect(await stack.preview(declared({ selection: { tags: { stage: "test" } } }, []))).to.equal("create");
        expect(stack.printed).to.deep.equal([]);
        expect(await stack.up(declared({}, []))).to.equal("create");
        expect(stack.printed).to.include("warning: the set has no buckets, so it encrypts none");
        expect(await stack.up(declared({}, ["bucket-00"]))).to.equal("update");
        expect(cloud.bucketRule("bucket-00")).to.deep.equal({ sseAlgorithm: "AES256" });
    });
});
