import { expect } from "chai";
import type { EncryptionStore } from "../../../lib/stores";
import { S3ServiceError } from "../../../lib/stores/s3/s3-service-error";
import { LocatedBuckets } from "../../../lib/stores/shared/located-buckets";
import { LocatedStore } from "../../../lib/stores/shared/located-store";

const locatorOf = (at: (region: string) => EncryptionStore, likelyRegion = "us-east-1") =>
    new LocatedStore(
        new LocatedBuckets({
            at,
            likelyRegion,
            regionNamedBy: (error) => (error instanceof S3ServiceError ? error.expectedRegion : undefined),
        }),
    );

describe("a store of buckets whose regions the service names", () => {
    let asked: string[];
    /** Buckets are in the region that their name begins with. */
    const storeOf = (region: string): EncryptionStore => {
        const answer = async (bucket: string) => {
            asked.push(`${region} ${bucket}`);
            const own = bucket.split(".")[0] as string;
            if (own === region) return;
            const expectedRegion = bucket.endsWith(".silent") ? undefined : own;
            throw new S3ServiceError("wrong-endpoint", "elsewhere", { bucket }, {}, { expectedRegion });
        };
        return {
            getRule: async (bucket) => {
                await answer(bucket);
                if (!bucket.endsWith(".bare")) return { sseAlgorithm: "AES256" };
                throw new S3ServiceError("rule-not-found", "none", { bucket }, {}, {});
            },
            putRule: answer,
            deleteRule: answer,
            encryptProof: async (bucket) => {
                await answer(bucket);
                return { sseAlgorithm: "AES256" };
            },
        };
    };
    beforeEach(() => {
        asked = [];
    });

    it("follows the answer to the bucket's region, and goes there directly from then on", async () => {
        const locator = locatorOf(storeOf);
        expect(locator.regionOf("eu-west-3.logs")).to.equal(undefined);
        await locator.getRule("eu-west-3.logs");
        await locator.putRule("eu-west-3.logs", { sseAlgorithm: "KMS" });
        await locator.deleteRule("eu-west-3.logs");
        expect(await locator.encryptProof("eu-west-3.logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(asked).to.deep.equal(["us-east-1 eu-west-3.logs", ...Array(4).fill("eu-west-3 eu-west-3.logs")]);
        expect(locator.regionOf("eu-west-3.logs")).to.equal("eu-west-3");
    });

    it("asks first in the bucket's probable region, and knows a region that says there is no rule", async () => {
        const locator = locatorOf(storeOf, "eu-west-3");
        await locator.getRule("eu-west-3.bare").catch((error) => expect(error.kind).to.equal("rule-not-found"));
        expect(asked).to.deep.equal(["eu-west-3 eu-west-3.bare"]);
        expect(locator.regionOf("eu-west-3.bare")).to.equal("eu-west-3");
    });

    it("passes on a redirect that names no region", async () => {
        const error = await locatorOf(storeOf)
            .getRule("eu-west-3.silent")
            .catch((reason) => reason);
        expect(error).to.have.property("kind", "wrong-endpoint");
        expect(asked).to.have.length(1);
    });
});
