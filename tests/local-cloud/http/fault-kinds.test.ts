import { expect } from "chai";
import { type Fault, LocalCloud } from "../../../lib/local-cloud";
import { Faults } from "../../../lib/local-cloud/faults";
import { readXml, XmlReadError } from "../../../lib/local-cloud/xml/xml-reader";
import { signedRequest } from "../signed-request";

describe("further faults", () => {
    let cloud: LocalCloud;

    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "AES256" } });
    });

    afterEach(() => cloud.stop());

    function get() {
        const { headers } = signedRequest({ bucket: "photos", query: { encryption: "" }, time: Date.now() });
        return fetch(`${cloud.url}/photos/?encryption`, {
            headers: Object.fromEntries(headers.filter(([name]) => name !== "host")),
        });
    }

    it("throttles with the codes of OSS", async () => {
        cloud.faults.add({ kind: "throttle", count: 1 });
        cloud.faults.add({ kind: "throttle", status: 429, count: 1 });
        const [first, second] = [await get(), await get()];
        expect([first.status, second.status]).to.deep.equal([503, 429]);
        expect(await first.text()).to.contain("<Code>MetaOperationQpsLimitExceeded</Code>");
        expect(await second.text()).to.contain("<Code>QpsLimitExceeded</Code>");
    });

    it("answers late, with the work done", async () => {
        cloud.faults.add({ kind: "latency", milliseconds: 5 });
        expect((await get()).status).to.equal(200);
        expect(cloud.journal.entries().map(({ fault }) => fault)).to.deep.equal(["latency"]);
    });

    it("sends a whole body slowly", async () => {
        cloud.faults.add({ kind: "slow", bytesPerSecond: 4000 });
        const answer = await get();
        expect(await answer.text()).to.match(/^<\?xml[\s\S]*AES256[\s\S]*<\/ServerSideEncryptionRule>\s*$/);
    });

    const shapes: [NonNullable<Extract<Fault, { kind: "wrong-xml" }>["shape"]>, (text: string) => void][] = [
        ["not-well-formed", (text) => expect(() => readXml(Buffer.from(text))).to.throw(XmlReadError)],
        ["other-root", (text) => expect(readXml(Buffer.from(text)).name).to.equal("Unexpected")],
        [
            "empty-root",
            (text) =>
                expect(readXml(Buffer.from(text))).to.deep.equal({
                    name: "ServerSideEncryptionRule",
                    children: [],
                    text: "",
                    rawText: "",
                }),
        ],
    ];
    for (const [shape, expectShape] of shapes) {
        it(`answers with XML that is wrong: ${shape}`, async () => {
            cloud.faults.add({ kind: "wrong-xml", shape });
            const answer = await get();
            expect([answer.status, answer.headers.get("content-type")]).to.deep.equal([200, "application/xml"]);
            expectShape(await answer.text());
        });
    }

    it("draws for each request whether a fault with a probability meets it", () => {
        const draws = [0.4, 0.6, 0.1];
        const faults = new Faults(() => draws.shift() ?? 0);
        faults.add({ kind: "throttle", probability: 0.5, count: 2 });
        const take = () => faults.take({ operation: "GetBucketAcl", bucket: "photos" })?.kind;
        expect([take(), take(), take(), take()]).to.deep.equal(["throttle", undefined, "throttle", undefined]);
    });
});
