import { expect } from "chai";
import { forEachInParallel } from "../../lib/parallel";

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Work that ends one turn of the event loop later, with what is in progress whenever an item begins. */
function recorded() {
    const begun: number[] = [];
    const inProgress = new Set<number>();
    let most = 0;
    const work = async (item: number): Promise<void> => {
        begun.push(item);
        inProgress.add(item);
        most = Math.max(most, inProgress.size);
        await new Promise(setImmediate);
        inProgress.delete(item);
    };
    return { begun, inProgress, work, most: () => most };
}

describe("work in parallel", () => {
    it("begins every item in order, exactly so many at the same time", async () => {
        const { begun, work, most } = recorded();
        expect(await forEachInParallel(numbers(10), { parallel: 3 }, work)).to.deep.equal([]);
        expect(begun).to.deep.equal(numbers(10));
        expect(most()).to.equal(3);
    });

    it("begins the next item as soon as one ended, without waiting for slower ones", async () => {
        const begun: number[] = [];
        let end = () => {};
        const slow = new Promise<void>((resolve) => {
            end = resolve;
        });
        await forEachInParallel(numbers(5), { parallel: 2 }, async (item) => {
            begun.push(item);
            if (item === 0) await slow;
            if (item === 4) end();
        });
        expect(begun).to.deep.equal(numbers(5));
    });

    it("works on fewer items than may run at the same time, and on none", async () => {
        const { begun, work } = recorded();
        await forEachInParallel([], { parallel: 4 }, work);
        expect(begun).to.deep.equal([]);
        await forEachInParallel(new Set([7]), { parallel: 4 }, work);
        expect(begun).to.deep.equal([7]);
    });

    it("begins nothing after an error, and throws the first once all others ended", async () => {
        const { begun, inProgress, work } = recorded();
        const failing = async (item: number): Promise<void> => {
            await work(item);
            if (item < 2) throw new Error(`item ${item}`);
        };
        const error = await forEachInParallel(numbers(10), { parallel: 3 }, failing).then(
            () => undefined,
            (thrown: unknown) => thrown,
        );
        expect(error).to.be.an("error").with.property("message", "item 0");
        expect(begun).to.deep.equal([0, 1, 2]);
        expect([...inProgress]).to.deep.equal([]);
    });

    it("returns the items that it did not begin, once it may not go on", async () => {
        const { begun, work } = recorded();
        const mayContinue = () => begun.length < 4;
        expect(await forEachInParallel(numbers(6), { parallel: 2, mayContinue }, work)).to.deep.equal([4, 5]);
        expect(begun).to.deep.equal([0, 1, 2, 3]);
    });
});
