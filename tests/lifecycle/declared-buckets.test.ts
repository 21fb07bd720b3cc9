import { expect } from "chai";
import { DeclaredBuckets } from "../../lib/lifecycle";

describe("a bucket whose rule is being taken away", () => {
    it("is settled once that is done", async () => {
        const buckets = new DeclaredBuckets();
        const order: string[] = [];
        let end = () => {};
        const leaving = buckets.leave("example-logs", async () => {
            await new Promise<void>((resolve) => {
                end = resolve;
            });
            order.push("gone");
        });
        const settled = buckets.settled("example-logs").then(() => order.push("settled"));
        await buckets.settled("example-audit");
        order.push("another bucket is settled");
        end();
        await Promise.all([leaving, settled]);
        expect(order).to.deep.equal(["another bucket is settled", "gone", "settled"]);
    });

    it("is settled too when that fails, and only who takes it away is told", async () => {
        const buckets = new DeclaredBuckets();
        const failed = new Error("denied");
        const leaving = buckets.leave("example-logs", () => Promise.reject(failed));
        const told = leaving.then(
            () => undefined,
            (reason: unknown) => reason,
        );
        await buckets.settled("example-logs");
        expect(await told).to.equal(failed);
    });
});
