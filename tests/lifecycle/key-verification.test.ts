import { expect } from "chai";
import { notYetKnown } from "../../lib/rule";
import { inputs, lostAnswer, ScriptedStore } from "./scripted-store";

const arn = "acs:kms:cn-hangzhou:1000000000000001:key/key-1";
const good = { keyId: "key-1", arn, state: "Enabled", spec: "Aliyun_AES_256", usage: "ENCRYPT/DECRYPT" };
const declared = (kmsMasterKeyId: string, more: object = {}) => ({
    ...inputs({ sseAlgorithm: "KMS", kmsMasterKeyId }),
    ...more,
});

describe("verifying the key of a rule", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
        store.keyLookup = { found: good };
    });
    const issues = async (name: string, before: object = {}, more: object = {}) =>
        (await store.lifecycle().verifyKey({ ...before }, store.declaration(declared(name, more)))).map(
            ({ message }) => message,
        );

    it("accepts one that can be used", async () => {
        for (const spec of ["Aliyun_AES_256", "Aliyun_AES_192", "Aliyun_SM4"]) {
            store.keyLookup = { found: { ...good, spec } };
            for (const name of ["key-1", arn, "alias/payments"]) expect(await issues(name)).to.deep.equal([]);
        }
        store.keyLookup = { found: { keyId: "key-1" } };
        expect(await issues("key-1")).to.deep.equal([]);
        expect(store.keyRequests).to.have.length(10);
    });

    for (const [what, lookup, said] of [
        ["one that is not there", { missing: true }, "names no key that KMS knows"],
        ["a disabled one", { found: { ...good, state: "Disabled" } }, "in the state Disabled"],
        ["one to be deleted", { found: { ...good, state: "PendingDeletion" } }, "in the state PendingDeletion"],
        ["one without material", { found: { ...good, state: "PendingImport" } }, "in the state PendingImport"],
        ["an asymmetric one", { found: { ...good, spec: "RSA_2048" } }, "is not for symmetric encryption"],
        ["one for signatures", { found: { ...good, usage: "SIGN/VERIFY" } }, "for SIGN/VERIFY"],
        [
            "another region's",
            { found: { ...good, arn: arn.replace("hangzhou", "beijing") } },
            "the bucket is in cn-hangzhou",
        ],
    ] as const) {
        it(`rejects ${what}, says what to do, and does not repeat the key`, async () => {
            store.keyLookup = lookup;
            const [message = "", ...others] = await issues("key-that-is-secret");
            expect(others).to.deep.equal([]);
            expect(message).to.include(said).and.include("verifyKey");
            expect(message).not.to.include("key-that-is-secret");
        });
    }

    it("rejects one of another account than its ARN names, and one whose ARN is of another region", async () => {
        store.keyLookup = { found: { ...good, arn: arn.replace("1000000000000001", "1000000000000002") } };
        expect((await issues(arn))[0]).to.include(
            "of the account 1000000000000001, but KMS gives one of 1000000000000002",
        );
        const elsewhere = arn.replace("hangzhou", "beijing");
        store.keyLookup = { found: { ...good, arn: elsewhere } };
        expect((await issues(elsewhere))[0]).to.include("in the region cn-beijing");
        expect(store.keyRequests.at(-1)?.region).to.equal("cn-beijing");
    });

    it("reports a fault at the key, with its code and nothing of the key", async () => {
        store.keyLookup = { found: { keyId: "key-1", spec: "Not_Aliyun_AES_256_either" } };
        expect(await store.lifecycle().verifyKey({}, store.declaration(declared("key-1")))).to.deep.equal([
            {
                code: "not-usable",
                path: "kmsMasterKeyId",
                message:
                    "names a key of the kind Not_Aliyun_AES_256_either, which is not for symmetric encryption. Correct `kmsMasterKeyId`, or set `verifyKey` to false to deploy without this check",
            },
        ]);
        store.keyLookup = { found: { ...good, spec: "Aliyun_AES_256_asymmetric" } };
        expect(await issues("key-1")).to.have.length(1);
    });

    it("compares no region where the bucket's is not known, and no account where the key's is not", async () => {
        store.region = undefined;
        store.rule = { sseAlgorithm: "AES256" };
        expect(await issues(arn)).to.deep.equal([]);
        store.keyLookup = { found: { keyId: "key-1" } };
        expect(await issues(arn)).to.deep.equal([]);
    });

    it("reads the bucket to find its region, and the creation uses that reading", async () => {
        store.region = undefined;
        store.foundIn = "cn-beijing";
        const lifecycle = store.lifecycle();
        const [issue] = await lifecycle.verifyKey({}, store.declaration(declared("key-1")));
        expect(store.keyRequests[0]?.region).to.equal("cn-beijing");
        expect(issue?.message).to.include("in the region cn-hangzhou; the bucket is in cn-beijing");
        await lifecycle.create(declared("key-1"));
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("asks in the region that the endpoint names, without a reading", async () => {
        store.region = undefined;
        await issues("key-1", {}, { endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com" });
        expect(store.keyRequests[0]?.region).to.equal("cn-hangzhou");
        expect(store.requests).to.deep.equal([]);
    });

    it("reads no bucket for its region behind another party's endpoint, unless the lookup is declared", async () => {
        store.region = undefined;
        const endpoint = "http://127.0.0.1:9000";
        await issues("key-1", {}, { endpoint });
        expect(store.requests).to.deep.equal([]);
        await issues("key-1", {}, { endpoint, verifyKey: true });
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("reads no bucket whose name or place is not known yet", async () => {
        store.region = undefined;
        await issues("key-1", {}, { bucket: notYetKnown });
        await issues("key-1", {}, { endpoint: notYetKnown, verifyKey: true });
        expect(store.requests).to.deep.equal([]);
        await issues("key-1", {}, { verifyKey: true });
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("warns where the lookup is declared and the bucket's region is not known", async () => {
        store.region = undefined;
        store.keyLookup = undefined;
        store.failures.push({ on: "get", error: lostAnswer() });
        expect(await issues("key-1", {}, { verifyKey: true })).to.deep.equal([]);
        expect(store.notices).to.deep.equal([
            "warning: the KMS key could not be verified: KMS cannot be asked (the bucket's region is not known; set `region`)",
        ]);
    });

    it("finds nothing without KMS", async () => {
        store.keyLookup = undefined;
        expect(await issues("key-1")).to.deep.equal([]);
        expect(store.keyRequests).to.have.length(1);
        expect(store.notices, "the lookup is not declared").to.deep.equal([]);
    });

    it("looks the key of another bucket up, though its name was declared before", async () => {
        await issues("key-1", declared("key-1", { bucket: "example-audit" }));
        expect(store.keyRequests).to.have.length(1);
        await issues("key-1", declared("key-1"));
        expect(store.keyRequests).to.have.length(1);
    });

    it("warns once, and never rejects, when KMS cannot be asked", async () => {
        store.keyLookup = { unknown: "Forbidden.NoPermission" };
        const lifecycle = store.lifecycle();
        for (const name of ["key-1", "key-2"])
            expect(await lifecycle.verifyKey({}, store.declaration(declared(name)))).to.deep.equal([]);
        expect(store.notices).to.deep.equal([
            "warning: the KMS key could not be verified: KMS cannot be asked (Forbidden.NoPermission)",
        ]);
    });

    it("looks up no key that was declared before, is switched off, is not known, or is the service's own", async () => {
        expect(await issues("key-1", declared("key-1"))).to.deep.equal([]);
        expect(await issues("key-1", {}, { verifyKey: false })).to.deep.equal([]);
        expect(await issues("alias/acs/oss")).to.deep.equal([]);
        expect(await store.lifecycle().verifyKey({}, store.declaration({ ...inputs() }))).to.deep.equal([]);
        expect(store.keyRequests).to.deep.equal([]);
        await issues("key-1", declared("key-2"));
        await issues("key-1", {}, { verifyKey: true });
        expect(store.keyRequests.map(({ isAskedFor }) => isAskedFor)).to.deep.equal([false, true]);
    });

    it("treats an alias and its id as one key, in diff and in an existing rule", async () => {
        const lifecycle = store.lifecycle();
        const alias = declared("alias/payments");
        expect(lifecycle.diff(declared("key-1"), alias).changed).to.deep.equal(["kmsMasterKeyId"]);
        await lifecycle.verifyKey({}, store.declaration(alias));
        expect(lifecycle.diff(declared("key-1"), alias).changed).to.deep.equal([]);
        store.rule = { sseAlgorithm: "KMS", kmsMasterKeyId: arn };
        await lifecycle.create(alias);
        expect(store.requests).to.deep.equal(["get"]);
    });
});
