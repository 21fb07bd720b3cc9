import { expect } from "chai";
import { kmsEndpoint } from "../../../lib/stores/oss/kms-endpoint";

describe("the KMS endpoint", () => {
    const request = { region: "cn-beijing", endpoint: undefined, isAskedFor: false };
    const internal = "https://oss-cn-beijing-internal.aliyuncs.com";

    it("is the configured one, then the region's", () => {
        expect(kmsEndpoint("kms.example", request)).to.equal("https://kms.example");
        expect(kmsEndpoint("http://127.0.0.1:1", request)).to.equal("http://127.0.0.1:1");
        expect(kmsEndpoint("", request)).to.equal("https://kms.cn-beijing.aliyuncs.com");
        expect(kmsEndpoint(undefined, request)).to.equal("https://kms.cn-beijing.aliyuncs.com");
    });

    it("is the region's when the configured one is the gateway of a KMS instance, which cannot look keys up", () => {
        for (const gateway of [
            "kst-hzz1.cryptoservice.kms.aliyuncs.com",
            "https://kst-hzz1.cryptoservice.kms.aliyuncs.com/",
        ]) {
            expect(kmsEndpoint(gateway, request)).to.equal("https://kms.cn-beijing.aliyuncs.com");
            expect(kmsEndpoint(gateway, { ...request, endpoint: internal })).to.equal(
                "https://kms-vpc.cn-beijing.aliyuncs.com",
            );
        }
        expect(kmsEndpoint("https://kms.cn-hangzhou.aliyuncs.com", request)).to.equal(
            "https://kms.cn-hangzhou.aliyuncs.com",
        );
    });

    it("is the private network's if OSS is reached there", () => {
        expect(kmsEndpoint(undefined, { ...request, endpoint: internal })).to.equal(
            "https://kms-vpc.cn-beijing.aliyuncs.com",
        );
    });

    it("is not guessed behind an endpoint that is not Alibaba Cloud's, unless asked for, nor without a region", () => {
        const local = { ...request, endpoint: "http://127.0.0.1:9000" };
        expect(kmsEndpoint(undefined, local)).to.equal(undefined);
        expect(kmsEndpoint(undefined, { ...local, isAskedFor: true })).to.equal("https://kms.cn-beijing.aliyuncs.com");
        expect(kmsEndpoint(undefined, { ...request, region: undefined, isAskedFor: true })).to.equal(undefined);
    });
});
