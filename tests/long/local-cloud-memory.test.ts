import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { systemEnvironment } from "../../lib/local-cloud/cloud/environment";
import { CloudState } from "../../lib/local-cloud/cloud/state";
import { CloudCore } from "../../lib/local-cloud/cloud-core";
import { defaultAccounts } from "../../lib/local-cloud/configuration/accounts-document";
import { Journal } from "../../lib/local-cloud/journal";
import { extentText, limitMs, roundsOf } from "../extent";
import { signedRequest } from "../local-cloud/signed-request";
import { duration } from "./duration";

const batch = 25_000;
const mostRequests = 1_000_000;
/** Bytes: what a full journal of short entries may add. */
const allowedGrowth = 40_000_000;

describe("memory of the local cloud", () => {
    it(`stays flat over a million requests, ${extentText(duration)} at most`, function () {
        this.timeout(limitMs(duration, 60));
        setFlagsFromString("--expose-gc");
        const collectGarbage: () => void = runInNewContext("gc");
        const now = Date.now();
        const core = new CloudCore(new CloudState(defaultAccounts, now), systemEnvironment({ now: () => now }));
        const journal = new Journal();
        core.prepare(signedRequest({ method: "PUT", bucket: "example-logs", time: now })).run(new Uint8Array());
        const known = signedRequest({ bucket: "example-logs", query: { encryption: "" }, time: now });
        const long = "x".repeat(8000);
        const send = (count: number) => {
            const unknown = {
                method: "GET",
                // A text of its own: a name that is cut out of it must not keep it alive.
                target: Buffer.from(`/example-bucket-${count}/${long}${count}`).toString("latin1"),
                headers: [["host", "127.0.0.1:9000"]] as const,
            };
            const call = core.prepare(count % 2 === 0 ? known : unknown);
            const { status } = call.run(new Uint8Array());
            const { method, bucket, operation, account } = call;
            journal.record({ method, bucket, operation, account, status, fault: undefined });
        };
        const used = () => {
            collectGarbage();
            return process.memoryUsage().heapUsed;
        };
        let count = 0;
        let first: number | undefined;
        for (const _ of roundsOf(duration)) {
            if (count >= mostRequests) break;
            for (let left = batch; left > 0; left -= 1) {
                count += 1;
                send(count);
            }
            first ??= used();
        }
        console.log(`    ${count} requests`);
        expect(used() - (first ?? 0)).to.be.below(allowedGrowth);
    });
});
