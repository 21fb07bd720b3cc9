import { expect } from "chai";
import { DeclarationParser, Place } from "../../lib/declaration";
import { UserError } from "../../lib/errors";
import { type BucketFact, DeclaredBuckets, type OtherProcesses } from "../../lib/lifecycle";
import { keyIdentity, notYetKnown } from "../../lib/rule";
import { inputs, ScriptedStore } from "./scripted-store";

const reach = new DeclarationParser(new ScriptedStore().ports()).places.read({});
const [logs, audit] = [new Place("example-logs", reach), new Place("example-audit", reach)];

const noWait = () => Promise.resolve();

describe("a bucket whose rule is being removed", () => {
    it("is settled when that is done", async () => {
        const buckets = new DeclaredBuckets();
        const order: string[] = [];
        let end = () => {};
        const leaving = buckets.leave(logs, async () => {
            await new Promise<void>((resolve) => {
                end = resolve;
            });
            order.push("gone");
        });
        const settled = buckets.settled(logs, noWait).then(() => order.push("settled"));
        await buckets.settled(audit, noWait);
        order.push("another bucket is settled");
        end();
        await Promise.all([leaving, settled]);
        expect(order).to.deep.equal(["another bucket is settled", "gone", "settled"]);
    });

    it("is settled also when that fails, and only its caller gets the error", async () => {
        const buckets = new DeclaredBuckets();
        const failed = new Error("denied");
        const leaving = buckets.leave(logs, () => Promise.reject(failed));
        const outcome = leaving.then(
            () => undefined,
            (reason: unknown) => reason,
        );
        await buckets.settled(logs, noWait);
        expect(await outcome).to.equal(failed);
    });
});

describe("a bucket that two resources declare", () => {
    const claimed = (...rules: object[]) => {
        const buckets = new DeclaredBuckets();
        const { identity } = logs;
        return buckets.claim(rules.map((rule) => ({ identity, place: logs, rule })) as never, keyIdentity);
    };
    const [plain, withKey] = [{ sseAlgorithm: "KMS" }, { sseAlgorithm: "KMS", bucketKeyEnabled: true }];

    it("has one rule where one of them leaves a setting out, in either order", () => {
        expect(claimed(plain, withKey)).to.deep.equal([undefined, undefined]);
        expect(claimed(withKey, plain)).to.deep.equal([undefined, undefined]);
    });

    it("has two rules where their settings differ", () => {
        expect(claimed({ ...plain, bucketKeyEnabled: false }, withKey)[1]).to.deep.equal({
            ...plain,
            bucketKeyEnabled: false,
        });
    });
});

describe("a bucket whose rule this operation has removed", () => {
    it("is known as such, even if the removal failed", async () => {
        const buckets = new DeclaredBuckets();
        expect(buckets.taken()).to.equal(undefined);
        await buckets.leave(logs, () => Promise.reject(new Error("no answer"))).catch(() => undefined);
        expect([logs, audit].map((place) => buckets.taken()?.(place))).to.deep.equal([true, false]);
    });

    it("is no bucket that kept its rule, because a resource declares it", async () => {
        const buckets = new DeclaredBuckets();
        buckets.claim([new ScriptedStore().declaration(inputs())], keyIdentity);
        expect(await buckets.leave(logs, noWait)).to.equal(false);
        expect(buckets.taken()).to.equal(undefined);
    });

    it("is known in the other processes, from the beginning of the removal on", async () => {
        const [one, other] = twoProcesses();
        let end = () => {};
        const leaving = one.leave(logs, () => new Promise<void>((resolve) => (end = resolve)));
        expect(other.taken()?.(logs)).to.equal(true);
        end();
        await leaving;
        expect(other.taken()?.(logs)).to.equal(true);
        expect(other.taken()?.(audit)).to.equal(false);
    });
});

/** Two processes of one operation, of which each reads what the other shared. */
function twoProcesses(): [DeclaredBuckets, DeclaredBuckets] {
    const shared: BucketFact[][] = [[], []];
    const others = (own: 0 | 1): OtherProcesses => ({
        tell: (facts) => shared[own]?.push(...facts),
        news: () => (shared[1 - own] ?? []).splice(0).map((fact) => ({ process: String(1 - own), shared: fact })),
        isRunning: () => isOtherRunning,
    });
    isOtherRunning = true;
    return [new DeclaredBuckets(others(0)), new DeclaredBuckets(others(1))];
}
let isOtherRunning = true;
const sameKey = (key: string | undefined) => key;

describe("a bucket in two processes of one operation", () => {
    const store = new ScriptedStore();
    const declaration = store.declaration(inputs());
    const place = declaration.place as Place;

    it("is declared in both when it is declared in one, and its records and rules are known in both", () => {
        const [one, other] = twoProcesses();
        expect(other.has(place)).to.equal(false);
        expect(one.claim([declaration], sameKey)).to.deep.equal([undefined]);
        expect(other.has(place)).to.equal(true);
        const stronger = { ...declaration, rule: { sseAlgorithm: "KMS" as const } };
        expect(other.claim([stronger], sameKey)).to.deep.equal([declaration.rule]);
        one.noteStates([[place, { rule: { sseAlgorithm: "AES256" }, previous: { sseAlgorithm: "SM4" } }]]);
        other.noteCreated(place, { rule: { sseAlgorithm: "KMS" } });
        expect(other.recordAt(place)?.previous).to.deep.equal({ sseAlgorithm: "SM4" });
        expect(one.createdAt(place)?.rule).to.deep.equal({ sseAlgorithm: "KMS" });
        const elsewhere = store.declaration({ ...inputs(), endpoint: "https://there.example" }).place as Place;
        expect(elsewhere.identity).to.equal(place.identity);
        expect([other.recordAt(elsewhere), one.createdAt(elsewhere)]).to.deep.equal([undefined, undefined]);
    });

    it("keeps its rule when it is declared between the decision to remove it and the removal", async () => {
        const [one, other] = twoProcesses();
        expect(one.has(place)).to.equal(false);
        other.claim([declaration], sameKey);
        let isRemoved = false;
        const left = await one.leave(place, async () => {
            isRemoved = true;
        });
        expect([left, isRemoved]).to.deep.equal([false, false]);
        expect(await one.leave(audit, async () => {})).to.equal(true);
    });

    it("is settled when the other process has removed its rule, or has ended", async () => {
        const [one, other] = twoProcesses();
        const order: string[] = [];
        let end = () => {};
        const leaving = one.leave(place, async () => {
            await new Promise<void>((resolve) => {
                end = resolve;
            });
            order.push("gone");
        });
        const waits = async () => {
            order.push("waits");
            if (order.length === 3) end();
            await new Promise(setImmediate);
        };
        await Promise.all([leaving, other.settled(place, waits).then(() => order.push("settled"))]);
        expect(order).to.deep.equal(["waits", "waits", "waits", "gone", "settled"]);

        void one.leave(place, () => new Promise<void>(() => {}));
        await other.settled(place, async () => {
            isOtherRunning = false;
        });
    });
});

describe("what a process shares about a bucket", () => {
    const declaration = new ScriptedStore().declaration(inputs());
    const place = declaration.place as Place;

    it("compares a first declaration with theirs", () => {
        const [one, other] = twoProcesses();
        one.claim([declaration], sameKey);
        expect(other.claim([{ ...declaration, rule: { sseAlgorithm: "SM4" } }], sameKey)).to.deep.equal([
            declaration.rule,
        ]);
    });

    it("is no removal if the rule stayed", async () => {
        const told: BucketFact[] = [];
        const tell = (facts: readonly BucketFact[]) => void told.push(...facts);
        const buckets = new DeclaredBuckets({ tell, news: () => [], isRunning: () => false });
        buckets.claim([declaration], sameKey);
        await buckets.leave(place, noWait);
        await buckets.leave(audit, noWait);
        expect(told.slice(1)).to.deep.equal([
            { fact: "leaving", identity: place.identity },
            { fact: "left", identity: place.identity },
            { fact: "leaving", identity: audit.identity },
            { fact: "left", identity: audit.identity, isTaken: true },
        ]);

        const [one, other] = twoProcesses();
        one.claim([declaration], sameKey);
        await one.leave(place, noWait);
        expect(other.taken()).to.equal(undefined);
    });

    it("waits for no bucket whose rule is not being removed", async () => {
        const [, other] = twoProcesses();
        let waits = 0;
        await other.settled(place, async () => {
            waits += 1;
            isOtherRunning = false;
        });
        expect(waits).to.equal(0);
    });

    it("may be the end of a removal whose start was not shared", () => {
        const news = () => [{ process: "1", shared: { fact: "left", identity: place.identity } as const }];
        const buckets = new DeclaredBuckets({ tell: () => {}, news, isRunning: () => false });
        expect(buckets.has(place)).to.equal(false);
    });

    it("may fail without an error if no rule depends on it, except for a defect", () => {
        let failure: Error = new UserError("declarations-not-shared", "The folder cannot be used");
        const tell = () => {
            throw failure;
        };
        const buckets = new DeclaredBuckets({ tell, news: () => [], isRunning: () => false });
        buckets.noteStates([[place, { rule: { sseAlgorithm: "AES256" } }]]);
        expect(buckets.recordAt(place)).to.deep.equal({ rule: { sseAlgorithm: "AES256" } });
        expect(() => buckets.claim([declaration], sameKey)).to.throw(failure.message);
        failure = new TypeError("a defect");
        expect(() => buckets.noteCreated(place, {})).to.throw("a defect");
    });
});

describe("a bucket whose declaration is not known yet", () => {
    it("is shared with the other processes as far as it is known", () => {
        const facts: BucketFact[] = [];
        const others: OtherProcesses = {
            tell: (news) => void facts.push(...news),
            news: () => [],
            isRunning: () => false,
        };
        const rule = { sseAlgorithm: "SM4" as const };
        const issues = new DeclaredBuckets(others).claim(
            [
                { identity: notYetKnown, place: notYetKnown, rule },
                { identity: logs.identity, place: logs, rule: notYetKnown },
                { identity: audit.identity, place: notYetKnown, rule },
                { identity: audit.identity, place: audit, rule },
            ],
            keyIdentity,
        );
        expect(issues).to.deep.equal([undefined, undefined, undefined, undefined]);
        expect(facts).to.deep.equal([
            { fact: "declared", identity: logs.identity },
            { fact: "declared", identity: audit.identity },
            { fact: "declared", identity: audit.identity, key: audit.key, rule },
        ]);
    });
});
