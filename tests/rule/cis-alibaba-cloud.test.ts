import { expect } from "chai";
import { cisRecommendationNames, meetsCis } from "../../lib/rule";

describe("the recommendations of the CIS benchmark", () => {
    it("ask for KMS with the service's key (5.8) or with a given key (5.9), and no bucket meets both", () => {
        const rules = [
            undefined,
            { sseAlgorithm: "AES256" },
            { sseAlgorithm: "SM4" },
            { sseAlgorithm: "KMS" },
            { sseAlgorithm: "KMS", kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7" },
        ];
        const met = rules.map((rule) => cisRecommendationNames.filter((name) => meetsCis(name, rule)));
        expect(met).to.deep.equal([[], [], [], ["cis-alibaba-cloud-5.8"], ["cis-alibaba-cloud-5.9"]]);
    });
});
