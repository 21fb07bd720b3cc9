import { expect } from "chai";
import fc from "fast-check";
import { progressOf, shardsOf } from "../../../lib/rollout/temporal/flow/flow-log";
import type { FlowWave, LogEntry } from "../../../lib/rollout/temporal/flow/flow-messages";
import { leftText, readLeft } from "../../../lib/rollout/temporal/flow/left-stacks";

describe("what is left of a shard", () => {
    it("is a short text, in which half-done stacks are marked", () => {
        const left = [0, 1, 2, 3, 7].map((position) => ({ position, mayBeHalfDone: position === 3 }));
        expect(leftText(left)).to.equal("0-2,3!,7");
        expect(leftText([])).to.equal("");
    });

    it("is read as it was written, with every content", () => {
        const lists = fc
            .uniqueArray(fc.record({ position: fc.nat(2000), mayBeHalfDone: fc.boolean() }), {
                selector: ({ position }) => position,
            })
            .map((list) => list.sort((one, other) => one.position - other.position));
        fc.assert(
            fc.property(lists, (left) => {
                expect(readLeft(leftText(left))).to.deep.equal(left);
            }),
        );
    });

    it("is everything, perhaps half done, when the shard's end is not known", () => {
        const wave: FlowWave = {
            name: "one",
            groups: [1200, 3],
            maxConcurrent: 10,
            failureTolerance: 0,
            concurrencyMode: "soft",
        };
        const at = "2027-01-01T00:00:00.000Z";
        const begun = (shard: string, left: string): LogEntry => ({
            at,
            kind: "shard-begun",
            shard,
            left,
            workflow: shard,
        });
        const progress = progressOf([
            { at, kind: "begun", plan: "plan", by: "somebody" },
            begun("0/0/0", "0-499"),
            { at, kind: "shard-ended", shard: "0/0/0", left: "7!,450-499", records: "digest" },
            begun("0/0/500", "500-999"),
            begun("0/1/0", "0-2"),
            { at, kind: "shard-ended", shard: "0/1/0", left: "", records: "digest" },
        ]);
        expect(shardsOf(wave, 0, 500, progress)).to.deep.equal([
            [
                { shard: "0/0/0", left: "7!,450-499" },
                { shard: "0/0/500", left: "500-999!" },
                { shard: "0/0/1000", left: "1000-1199" },
            ],
            [],
        ]);
    });
});
