import { expect } from "chai";
import { workOnAll } from "../../../lib/lifecycle/set/parallel-work";

const isGeneral = (error: unknown) => error === "general";
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

describe("work on many items", () => {
    it("is done for each, with exactly the allowed number under way while there are enough", async () => {
        let underWay = 0;
        const seen: number[] = [];
        const done: number[] = [];
        const work = async (item: number) => {
            underWay += 1;
            seen.push(underWay);
            await new Promise(setImmediate);
            underWay -= 1;
            done.push(item);
        };
        const outcome = await workOnAll(numbers(10), work, { parallel: 3, isGeneral });
        expect(done.sort((a, b) => a - b)).to.deep.equal(numbers(10));
        expect(Math.max(...seen)).to.equal(3);
        expect(outcome.failed.size).to.equal(0);
        expect(outcome.notStarted).to.deep.equal([]);
    });

    it("continues when some fail, and reports which and why", async () => {
        const work = async (item: number) => {
            if (item % 2 === 1) throw `no ${item}`;
        };
        const { failed, notStarted } = await workOnAll(numbers(5), work, { parallel: 2, isGeneral });
        expect([...failed]).to.deep.equal([
            [1, "no 1"],
            [3, "no 3"],
        ]);
        expect(notStarted).to.deep.equal([]);
    });

    it("reports how many are done, failed ones included", async () => {
        const counts: number[] = [];
        const work = async (item: number) => {
            if (item === 0) throw "general";
        };
        await workOnAll(numbers(3), work, { parallel: 1, isGeneral, progress: (done) => counts.push(done) });
        expect(counts).to.deep.equal([1, 2, 3]);
    });

    it("stops after 64 failures in a row that all others would meet too", async () => {
        const begun: number[] = [];
        const work = async (item: number) => {
            begun.push(item);
            throw "general";
        };
        const { failed, notStarted, whyNotStarted } = await workOnAll(numbers(70), work, { parallel: 1, isGeneral });
        expect(begun).to.deep.equal(numbers(64));
        expect(failed.size).to.equal(64);
        expect(notStarted).to.deep.equal([64, 65, 66, 67, 68, 69]);
        expect(whyNotStarted).to.equal("no request succeeds any more");
    });

    for (const [what, breaks] of [
        ["a success", undefined],
        ["a failure of another kind", "special"],
    ] as const) {
        it(`continues when ${what} comes between them`, async () => {
            let begun = 0;
            const work = async (item: number) => {
                begun += 1;
                if (item === 40 && breaks === undefined) return;
                throw item === 40 ? breaks : "general";
            };
            const { notStarted } = await workOnAll(numbers(200), work, { parallel: 1, isGeneral });
            expect(begun).to.equal(41 + 64);
            expect(notStarted.length).to.equal(200 - begun);
        });
    }

    it("starts nothing more after it is cancelled, and says so", async () => {
        const cancelling = new AbortController();
        const begun: number[] = [];
        const work = async (item: number) => {
            begun.push(item);
            if (item === 2) cancelling.abort();
        };
        const { failed, notStarted, whyNotStarted } = await workOnAll(numbers(5), work, {
            parallel: 1,
            isGeneral,
            cancelled: cancelling.signal,
        });
        expect(begun).to.deep.equal([0, 1, 2]);
        expect(failed.size).to.equal(0);
        expect(notStarted).to.deep.equal([3, 4]);
        expect(whyNotStarted).to.equal("the operation was cancelled");
    });
});
