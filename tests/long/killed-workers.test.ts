import { expect } from "chai";
import { needed } from "../interop/needed-tool";
import { recordedKills } from "../interop/temporal/recorded-kills";
import { type TemporalTools, temporalTools } from "../interop/temporal/temporal-environment";
import { duration } from "./duration";

/** 10,000 stacks and 500 kills take about 37 minutes on two cores; a shorter time gets its share of both. */
const whole = { seconds: 1500, stacks: 10_000, kills: 500 };

describe("a rollout on Temporal whose workers and server are killed and frozen for long", function () {
    this.timeout(4 * 3_600_000);
    let tools: TemporalTools;
    before(async function () {
        tools = await needed(this, temporalTools);
    });

    it("deploys each stack once", async () => {
        const share = Math.min(1, ("seconds" in duration ? duration.seconds : whole.seconds) / whole.seconds);
        const stacks = Math.ceil(whole.stacks * share);
        const kills = Math.ceil(whole.kills * share);
        const { retries, doubled, lost, ...done } = await recordedKills(tools, { stacks, kills, milliseconds: 4000 });
        console.log(
            `    ${stacks} stacks, killed: ${JSON.stringify(done.kills)}, attempts that followed a first one: ${retries}`,
        );
        expect({ doubled, lost }).to.deep.equal({ doubled: [], lost: [] });
    });
});
