import { expect } from "chai";
import { CoreUnderTest, refusal, testTime } from "../core-under-test";

const unknownKey = { accessKeyId: "nobody", secret: "wrong" };

describe("order of checks", () => {
    let cloud: CoreUnderTest;

    beforeEach(() => {
        cloud = new CoreUnderTest();
        cloud.bucket("photos");
    });

    for (const [what, spec] of [
        ["an unknown access key", unknownKey],
        ["a wrong secret", { secret: "wrong" }],
        ["no signature", { scheme: "anonymous" }],
        ["an old signature", { time: testTime - 3_600_000 }],
        ["a signature for another region", { region: "cn-beijing" }],
    ] as const) {
        it(`answers that a bucket does not exist before it checks ${what}`, () => {
            const expected = { status: 404, code: "NoSuchBucket", ec: "0015-00000101" };
            for (const method of ["GET", "PUT", "DELETE"]) {
                const answer = cloud.send({ method, bucket: "missing", query: { encryption: "" }, ...spec });
                expect(refusal(answer), method).to.deep.equal(expected);
            }
            expect(refusal(cloud.send({ bucket: "missing", key: "a", ...spec }))).to.deep.equal(expected);
            expect(cloud.send({ bucket: "photos", query: { encryption: "" }, ...spec }).status).to.be.within(400, 403);
        });
    }

    it("authenticates before it makes a bucket or lists buckets", () => {
        expect(cloud.send({ method: "PUT", bucket: "fotos", ...unknownKey }).code).to.equal("InvalidAccessKeyId");
        expect(cloud.send({ method: "PUT", bucket: "fotos", query: { acl: "" }, ...unknownKey }).code).to.equal(
            "InvalidAccessKeyId",
        );
        expect(cloud.send(unknownKey).code).to.equal("InvalidAccessKeyId");
        expect(cloud.state.buckets.has("fotos")).to.equal(false);
    });
});
