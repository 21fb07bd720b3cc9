import { expect } from "chai";
import { makePlan } from "../../lib/rollout";
import { EmbeddedStackEngine } from "../../lib/rollout/engines/embedded-stack-engine";
import { fileOf } from "./wave-fixture";

const metadata = {
    op: "create",
    urn: "urn:pulumi:a::p::pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption::logs",
    type: "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption",
    old: null,
    new: { inputs: { bucket: "logs", sseAlgorithm: "AES256" } },
};

describe("the events of an engine in a rollout", () => {
    const planned = async (...events: readonly object[]) => {
        const engine = new EmbeddedStackEngine(async ({ onLine }) => {
            for (const event of events) onLine(JSON.stringify(event));
            return 0;
        }, {});
        const options = { engine, concurrency: 1, createStacks: false, now: () => new Date(0) };
        const { stacks } = await makePlan(fileOf({ stacks: ["a"] }), {
            ...options,
            cancel: new AbortController().signal,
        });
        return stacks[0];
    };

    it("give the plan of a stack", async () => {
        const stack = await planned({ resourcePreEvent: { metadata } }, { summaryEvent: { durationSeconds: 1 } });
        expect(stack)
            .to.deep.include({ changes: { create: 1 }, risk: "added" })
            .and.not.have.property("failure");
        expect(stack?.buckets[0]).to.include({ bucket: "logs", op: "create" });
    });

    let deep: unknown = "deep";
    for (let depth = 0; depth < 2000; depth += 1) deep = [deep];
    const faults = {
        '"resourcePreEvent" has no "metadata"': undefined,
        '"resourcePreEvent.metadata.urn" must be text, found a number': { ...metadata, urn: 1 },
        "it is nested too deeply": { ...metadata, new: { inputs: { bucket: deep } } },
    };
    for (const [fault, step] of Object.entries(faults))
        it(`rejects a step that cannot be read, and so its stack: ${fault}`, async () => {
            const stack = await planned({ resourcePreEvent: { metadata } }, { resourcePreEvent: { metadata: step } });
            expect(stack?.risk).to.equal("not known");
            expect(stack?.failure).to.deep.equal({
                kind: "failed",
                message: `an event of the engine cannot be read: ${fault}`,
            });
        });
});
