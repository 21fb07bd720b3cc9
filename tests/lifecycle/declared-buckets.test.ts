import { expect } from "chai";
import { DeclarationParser, Place } from "../../lib/declaration";
import { DeclaredBuckets } from "../../lib/lifecycle";
import { ScriptedStore } from "./scripted-store";

const reach = new DeclarationParser(new ScriptedStore().ports()).places.read({});
const [logs, audit] = [new Place("example-logs", reach), new Place("example-audit", reach)];

describe("a bucket whose rule is being taken away", () => {
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
        const settled = buckets.settled(logs).then(() => order.push("settled"));
        await buckets.settled(audit);
        order.push("another bucket is settled");
        end();
        await Promise.all([leaving, settled]);
        expect(order).to.deep.equal(["another bucket is settled", "gone", "settled"]);
    });

    it("is settled also when that fails, and only its caller gets the error", async () => {
        const buckets = new DeclaredBuckets();
        const failed = new Error("denied");
        const leaving = buckets.leave(logs, () => Promise.reject(failed));
        const told = leaving.then(
            () => undefined,
            (reason: unknown) => reason,
        );
        await buckets.settled(logs);
        expect(await told).to.equal(failed);
    });
});
