import { expect } from "chai";
import { type ErrorKind, errorCatalogue, readWarning, ServiceError } from "../../lib/errors";
import { Foresight } from "../../lib/lifecycle/foresight";
import { UnreadRules, unreadOutcome } from "../../lib/lifecycle/unread-rule";
import { newProviderProcess } from "../../lib/provider";
import { notYetKnown } from "../../lib/rule";
import { bucket, inputs, lostAnswer, ScriptedStore } from "./scripted-store";

const cureOf = (kind: "weaker-rule" | "rule-exists") => errorCatalogue[kind].cure.replace(/\.$/, "");
const errorKinds = Object.keys(errorCatalogue) as ErrorKind[];
const strong = { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" };

describe("what a check foresees for a new resource", () => {
    let store: ScriptedStore;
    beforeEach(() => {
        store = new ScriptedStore();
    });

    for (const name of ["bucket", "sseAlgorithm", "store", "region", "endpoint", "forcePathStyle", "existingRule"]) {
        it(`is nothing, and takes no request, while ${name} is not known`, async () => {
            store.rule = strong;
            const declared = { ...inputs(), [name]: notYetKnown };
            expect(await store.lifecycle().foresee(store.declaration(declared))).to.deep.equal([]);
            expect(store.requests).to.deep.equal([]);
            expect(await store.lifecycle().foresee(store.declaration(inputs()))).to.have.length(1);
        });
    }

    it("is nothing for a rule whose key is not known", async () => {
        store.rule = strong;
        const declared = { ...inputs({ sseAlgorithm: "KMS" }), kmsMasterKeyId: notYetKnown };
        expect(await store.lifecycle().foresee(store.declaration(declared))).to.deep.equal([]);
        expect(store.requests).to.deep.equal([]);
    });

    it("is a fault at sseAlgorithm with the setting that would accept it, where a rule would be weakened", async () => {
        store.rule = strong;
        expect(await store.lifecycle().foresee(store.declaration({ ...inputs() }))).to.deep.equal([
            {
                code: "conflicting",
                path: "sseAlgorithm",
                message: `bucket ${bucket} has a default encryption rule already (KMS with the given key …f6a7), and the declared one (AES256) would weaken it. ${cureOf("weaker-rule")}`,
            },
        ]);
    });

    it("is a fault without such a setting if any existing rule is an error", async () => {
        store.rule = { sseAlgorithm: "SM4" };
        expect(
            await store.lifecycle().foresee(store.declaration({ ...inputs({ existingRule: "fail" }) })),
        ).to.deep.equal([
            {
                code: "conflicting",
                path: "sseAlgorithm",
                message: `bucket ${bucket} has a default encryption rule already (SM4), and existingRule is "fail". ${cureOf("rule-exists")}`,
            },
        ]);
    });

    it("is one reading for all that ask before the creation", async () => {
        const lifecycle = store.lifecycle();
        lifecycle.readAhead(store.declaration({ ...inputs() }));
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("is used once: a second creation looks for itself", async () => {
        const lifecycle = store.lifecycle();
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        await lifecycle.create(inputs());
        store.requests.length = 0;
        await lifecycle.create(inputs());
        expect(store.requests).to.deep.equal(["get"]);
    });

    it("has the time that earlier checks left", async () => {
        const lifecycle = store.lifecycle({ foresightMilliseconds: 60_000, quickReadingMilliseconds: 0 });
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        expect(store.waits[0]).to.equal(60_000);
        expect(store.waits[1]).to.be.greaterThan(0).and.lessThan(60_000);
    });

    it("has no time after earlier checks have used it up", async () => {
        const lifecycle = store.lifecycle({ foresightMilliseconds: 5, quickReadingMilliseconds: 1 });
        const get = store.getRule.bind(store);
        store.getRule = async (name) => {
            for (const end = performance.now() + 20; performance.now() < end; );
            return get(name);
        };
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        await lifecycle.foresee(store.declaration({ ...inputs() }));
        expect(store.waits).to.deep.equal([6, 0]);
    });

    it("leaves the time to later checks where a reading is quick", async () => {
        const lifecycle = store.lifecycle({ foresightMilliseconds: 5, quickReadingMilliseconds: 60_000 });
        for (let index = 0; index < 3; index++) await lifecycle.foresee(store.declaration({ ...inputs() }));
        expect(store.waits).to.deep.equal([60_005, 60_005, 60_005]);
    });

    const hopeless = [
        "no-credentials",
        "credentials-rejected",
        "clock-skew",
        "missing-package",
        "invalid-target",
        "invalid-settings",
        "wrong-endpoint",
        "invalid-answer",
        "not-supported",
    ] as const;
    it("is an issue only after failures that every deployment would have", () => {
        expect(errorKinds.filter((kind) => unreadOutcome(kind) === "error")).to.have.members([...hopeless]);
        expect(errorKinds.filter((kind) => unreadOutcome(kind) === "notice")).to.deep.equal(["bucket-not-found"]);
    });

    for (const kind of hopeless) {
        it(`is an issue after a reading that ends with ${kind}, since no deployment can succeed`, async () => {
            store.failures.push({ on: "get", error: new ServiceError(kind, "The reading failed", { bucket }) });
            const [issue, ...others] = await store.lifecycle().foresee(store.declaration({ ...inputs() }));
            expect(issue).to.include({ code: "not-usable", path: "bucket" });
            expect(issue?.message).to.match(
                new RegExp(`^the rule of bucket ${bucket} is not known: The reading failed \\(bucket ${bucket}\\)\\. `),
            );
            expect(others).to.deep.equal([]);
            expect(store.notices).to.deep.equal([]);
        });
    }

    for (const kind of [
        "access-denied",
        "throttled",
        "unreachable",
        "service-unavailable",
        "role-not-assumed",
    ] as const) {
        it(`is a warning after a reading that ends with ${kind}`, async () => {
            store.failures.push({ on: "get", error: new ServiceError(kind, "The reading failed", { bucket }) });
            expect(await store.lifecycle().foresee(store.declaration({ ...inputs() }))).to.deep.equal([]);
            expect(store.notices).to.have.lengthOf(1);
            expect(readWarning(store.notices[0] ?? "")).to.deep.include({ kind });
            expect(store.notices[0]).to.include(`the rule of bucket ${bucket} is not known: The reading failed`);
        });
    }

    it("names a bucket that does not exist yet, which the program may be about to create", async () => {
        store.failures.push({
            on: "get",
            error: new ServiceError("bucket-not-found", "There is no bucket", { bucket }),
        });
        expect(await store.lifecycle().foresee(store.declaration({ ...inputs() }))).to.deep.equal([]);
        expect(store.notices).to.deep.equal([
            `bucket ${bucket} does not exist yet; the deployment fails unless the program creates it`,
        ]);
    });

    it("gives the reason of a failure once, and names the other buckets", async () => {
        const warnings: string[] = [];
        const unread = new UnreadRules((text) => warnings.push(text));
        const failure = new ServiceError("access-denied", "The reading was denied", { region: "cn-hangzhou" });
        for (const name of ["a", "b", "c"]) unread.report(name, failure);
        expect(warnings[0]).to.include("the rule of bucket a is not known: The reading was denied");
        expect(warnings.slice(1)).to.deep.equal([
            "warning: access-denied: the rule of bucket b is not known: as that of bucket a (access-denied)",
            "warning: access-denied: the rule of bucket c is not known: as that of bucket a (access-denied)",
        ]);
        // The same kind in another region or account is another reason; the same bucket again is not "as itself".
        unread.report("d", new ServiceError("access-denied", "The reading was denied", { region: "cn-beijing" }));
        unread.report("a", failure);
        expect(warnings[3]).to.include("bucket d is not known: The reading was denied (region cn-beijing)");
        expect(warnings[4]).to.include("bucket a is not known: The reading was denied (region cn-hangzhou)");
        expect(() => unread.report("e", new TypeError("a defect"))).to.throw(TypeError, "a defect");
        expect(unread.report("f", new ServiceError("no-credentials", "No key", {}))).to.have.property("path", "bucket");
    });

    it("is a warning before the check answers where the reading takes longer, and another one for what it then finds", async () => {
        for (const finds of ["failure", "rule"] as const) {
            store = new ScriptedStore();
            store.rule = strong;
            let answer = () => {};
            const asked = new Promise<void>((resolve) => {
                answer = resolve;
            });
            const get = store.getRule.bind(store);
            store.getRule = async (name) => {
                await asked;
                if (finds === "failure") throw new ServiceError("no-credentials", "No access key", { bucket });
                return get(name);
            };
            expect(await store.lifecycle().foresee(store.declaration({ ...inputs() }))).to.deep.equal([]);
            expect(store.notices).to.deep.equal([
                `warning: unreachable: the rule of bucket ${bucket} is not known: The rule was not read in time. Repeat the preview; if it lasts, check whether the service is slow or does not answer`,
            ]);
            answer();
            await new Promise(setImmediate);
            const kind = finds === "failure" ? "no-credentials" : "weaker-rule";
            expect(store.notices.map((text) => readWarning(text)?.kind)).to.deep.equal(["unreachable", kind]);
        }
    });

    it("does not wait in a deployment, whose creation continues with the reading", async () => {
        const lifecycle = store.lifecycle();
        let answer = () => {};
        const get = store.getRule.bind(store);
        store.getRule = (name) => new Promise<void>((resolve) => (answer = resolve)).then(() => get(name));
        lifecycle.readAhead(store.declaration({ ...inputs() }));
        const created = lifecycle.create(inputs());
        expect(store.requests).to.deep.equal([]);
        store.getRule = get;
        answer();
        await created;
        expect(store.requests).to.deep.equal(["get", "put", "get"]);
    });

    it("is read again for a creation that comes late, since others may have written a rule", async () => {
        const lifecycle = store.lifecycle({ freshReadingMilliseconds: -1 });
        lifecycle.readAhead(store.declaration({ ...inputs() }));
        await new Promise(setImmediate);
        store.rule = strong;
        const refused = await lifecycle.create(inputs()).catch((error: unknown) => error);
        expect(refused).to.include({ kind: "weaker-rule" });
        expect(store.requests).to.deep.equal(["get", "get"]);
    });

    it("is read again, and not reported, where a deployment's reading ahead failed", async () => {
        const lifecycle = store.lifecycle();
        store.failures.push({ on: "get", error: lostAnswer() });
        lifecycle.readAhead(store.declaration({ ...inputs() }));
        await new Promise(setImmediate);
        await lifecycle.create(inputs());
        expect(store.notices).to.deep.equal([]);
        expect(store.requests).to.deep.equal(["get", "get", "put", "get"]);
    });

    it("is not read again where it fails while a creation waits for it, unless the bucket was missing", async () => {
        for (const [kind, requests] of [
            ["unreachable", ["get"]],
            ["bucket-not-found", ["get", "get", "put", "get"]],
        ] as const) {
            store = new ScriptedStore();
            const lifecycle = store.lifecycle();
            store.failures.push({ on: "get", error: new ServiceError(kind, "The reading failed", { bucket }) });
            lifecycle.readAhead(store.declaration({ ...inputs() }));
            const failure = await lifecycle.create(inputs()).then(
                () => undefined,
                ({ kind: found }: ServiceError) => found,
            );
            expect(failure).to.equal(kind === "unreachable" ? kind : undefined);
            expect(store.requests).to.deep.equal(requests);
        }
    });

    it("takes no request in a deployment while what decides is not known", async () => {
        store.lifecycle().readAhead(store.declaration({ ...inputs(), existingRule: notYetKnown }));
        await new Promise(setImmediate);
        expect(store.requests).to.deep.equal([]);
        store.lifecycle().readAhead(store.declaration({ ...inputs() }));
        await new Promise(setImmediate);
        expect(store.requests).to.deep.equal(["get"]);
    });
});

describe("the time that the checks of an operation may take", () => {
    const limits = { foresightMilliseconds: 50, quickReadingMilliseconds: 0, freshReadingMilliseconds: 1_000 };

    it("is waited for only while the work of a check lasts, so that no timer stays behind", async () => {
        const sleeps: AbortSignal[] = [];
        const foresight = new Foresight(limits, async (_milliseconds, over) => {
            if (over === undefined) throw new TypeError("nothing ends the sleep");
            sleeps.push(over);
            await new Promise((resolve) => over.addEventListener("abort", resolve));
        });
        expect(await foresight.inTime(Promise.resolve("rule"))).to.equal("rule");
        const failed = foresight.inTime(Promise.reject(new Error("refused")));
        expect(sleeps.map(({ aborted }) => aborted)).to.deep.equal([true, false]);
        expect(await failed.catch(({ message }) => message)).to.equal("refused");
        expect(sleeps.map(({ aborted }) => aborted)).to.deep.equal([true, true]);
    });

    it("ends a check whose work lasts longer", async () => {
        const { wait } = newProviderProcess({ cancelled: new AbortController().signal }).ports();
        expect(await new Foresight(limits, wait).inTime(new Promise(() => {}))).to.equal(undefined);
    });

    it("is slept by the provider's process until it is over or the operation is cancelled", async () => {
        const [cancel, over] = [new AbortController(), new AbortController()];
        const { wait } = newProviderProcess({ cancelled: cancel.signal }).ports();
        const sleeping = wait(600_000, over.signal);
        const cancelled = wait(600_000);
        over.abort();
        await sleeping;
        cancel.abort(new Error("cancelled"));
        for (const sleep of [cancelled, wait(600_000), wait(600_000, over.signal)])
            expect(await sleep.catch(({ message }) => message)).to.equal("cancelled");
    });
});
