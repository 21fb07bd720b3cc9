import { expect } from "chai";
import fc from "fast-check";
import { RequestLimiter } from "../../../lib/stores/oss/request-limiter";

const throttled = new Error("throttled");
const isThrottled = (error: unknown) => error === throttled;

describe("RequestLimiter", () => {
    it("halves what is allowed when requests are throttled, once for each round, and never below one", async () => {
        const limiter = new RequestLimiter(16);
        const refuse = () => limiter.run(() => Promise.reject(throttled), isThrottled).catch(() => {});
        await Promise.all(Array.from({ length: 16 }, refuse));
        expect(limiter.allowed).to.equal(8);
        for (const allowed of [4, 2, 1, 1]) {
            await refuse();
            expect(limiter.allowed).to.equal(allowed);
        }
    });

    it("allows more again, slowly, and never more than the most", async () => {
        const limiter = new RequestLimiter(4);
        const refuse = () => limiter.run(() => Promise.reject(throttled), isThrottled).catch(() => {});
        await refuse();
        await refuse();
        expect(limiter.allowed).to.equal(1);
        const succeed = () => limiter.run(() => Promise.resolve(), isThrottled);
        await succeed();
        expect(limiter.allowed).to.equal(2);
        for (let times = 0; times < 100; times += 1) await succeed();
        expect(limiter.allowed).to.equal(4);
    });

    it("changes nothing for failures of other kinds", async () => {
        const limiter = new RequestLimiter(4);
        await limiter.run(() => Promise.reject(new Error("denied")), isThrottled).catch(() => {});
        expect(limiter.allowed).to.equal(4);
    });

    it("makes every request once, in order, and never more at once than were allowed when it began", async () => {
        const outcome = fc.constantFrom("success", "throttled", "denied");
        await fc.assert(
            fc.asyncProperty(
                fc.integer({ min: 1, max: 8 }),
                fc.array(outcome, { maxLength: 60 }),
                async (most, outcomes) => {
                    const limiter = new RequestLimiter(most);
                    const begun: number[] = [];
                    let underWay = 0;
                    const request = async (index: number, how: string) => {
                        begun.push(index);
                        underWay += 1;
                        expect(underWay).to.be.at.most(most);
                        await new Promise(setImmediate);
                        underWay -= 1;
                        if (how !== "success") throw how === "throttled" ? throttled : new Error(how);
                    };
                    const runs = outcomes.map((how, index) => limiter.run(() => request(index, how), isThrottled));
                    const settled = await Promise.allSettled(runs);
                    expect(settled.map(({ status }) => status === "fulfilled")).to.deep.equal(
                        outcomes.map((how) => how === "success"),
                    );
                    expect([...begun].sort((a, b) => a - b)).to.deep.equal(outcomes.map((_, index) => index));
                    expect(limiter.allowed).to.be.within(1, most);
                },
            ),
            { numRuns: 50 },
        );
    });
});
