import { expect } from "chai";
import { SetProgress } from "../../../lib/lifecycle/set/set-progress";

describe("the progress of a set", () => {
    let now: number;
    let texts: string[];
    let progress: SetProgress;
    const done = (at: number, count: number) => {
        now = at;
        progress.done(count);
    };
    beforeEach(() => {
        now = 1_000;
        texts = [];
        progress = new SetProgress(
            "written",
            10_000,
            (text) => texts.push(text),
            () => now,
        );
    });

    it("is reported after 5 seconds, and every 10 from then on", () => {
        done(5_999, 100);
        expect(texts).to.deep.equal([]);
        done(6_000, 1_000);
        done(15_999, 2_000);
        expect(texts).to.have.length(1);
        done(16_000, 3_000);
        expect(texts).to.have.length(2);
    });

    it("says how many are done, how fast it goes, and how long it will take", () => {
        done(11_000, 2_500);
        expect(texts).to.deep.equal(["2500 of 10000 buckets written, 250/s, about 30 s left"]);
    });

    it("rounds up what is left", () => {
        done(11_000, 9_999);
        expect(texts).to.deep.equal(["9999 of 10000 buckets written, 1000/s, about 1 s left"]);
    });

    it("does not report the end, which the engine shows", () => {
        done(60_000, 9_999);
        expect(texts).to.have.length(1);
        done(90_000, 10_000);
        expect(texts).to.have.length(1);
    });

    it("uses the machine's clock by default", () => {
        const silent = new SetProgress("read", 2, (text) => texts.push(text));
        silent.done(1);
        expect(texts).to.deep.equal([]);
    });
});
