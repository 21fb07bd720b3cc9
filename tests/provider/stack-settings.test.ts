import { expect } from "chai";
import { kmsEndpoint, readS3Configuration, readStackSettings } from "../../lib/provider";

describe("stack settings", () => {
    const configuration = (values: Record<string, string>) => ({ get: (key: string) => values[key] });

    it("come from the stack's configuration before the environment", () => {
        const environment = { OSS_REGION: "cn-beijing", OSS_ENDPOINT: "https://oss-cn-beijing.aliyuncs.com" };
        expect(
            readStackSettings(configuration({ "bucket-encryption:region": "cn-hangzhou" }), environment),
        ).to.deep.equal({
            region: { value: "cn-hangzhou", source: "stack configuration bucket-encryption:region" },
            endpoint: {
                value: "https://oss-cn-beijing.aliyuncs.com",
                source: "environment variable OSS_ENDPOINT",
            },
        });
    });

    it("of buckets of S3 come from places of their own, since those of OSS say nothing about them", () => {
        const configured = { "bucket-encryption:region": "cn-hangzhou", "bucket-encryption:s3Region": "eu-west-1" };
        const environment = { OSS_ENDPOINT: "https://oss", AWS_ENDPOINT_URL: "https://any", AWS_REGION: "eu-west-3" };
        expect(readStackSettings(configuration(configured), environment, "s3")).to.deep.equal({
            region: { value: "eu-west-1", source: "stack configuration bucket-encryption:s3Region" },
            endpoint: { value: "https://any", source: "environment variable AWS_ENDPOINT_URL" },
        });
        const own = { ...environment, AWS_ENDPOINT_URL_S3: "https://own" };
        expect(readStackSettings(configuration({}), own, "s3")).to.deep.equal({
            region: { value: "eu-west-3", source: "environment variable AWS_REGION" },
            endpoint: { value: "https://own", source: "environment variable AWS_ENDPOINT_URL_S3" },
        });
    });

    it("say whose requests to S3 they are, and whether removals there are vouched for", () => {
        expect(readS3Configuration(configuration({}))).to.deep.equal({ deletionIsSafe: false });
        const said = { "bucket-encryption:s3Profile": "prod", "bucket-encryption:s3DeletionIsSafe": "true" };
        expect(readS3Configuration(configuration(said))).to.deep.equal({ profile: "prod", deletionIsSafe: true });
    });

    it("rejects a voucher that is neither true nor false", () => {
        const said = configuration({ "bucket-encryption:s3DeletionIsSafe": "yes" });
        expect(() => readS3Configuration(said))
            .to.throw("must be true or false")
            .with.property("kind", "invalid-target");
    });

    it("are absent where they are empty", () => {
        expect(readStackSettings(configuration({ "bucket-encryption:region": "" }), { OSS_REGION: "" })).to.deep.equal(
            {},
        );
    });
});

describe("the KMS endpoint", () => {
    const configuration = (values: Record<string, string>) => ({ get: (key: string) => values[key] });
    const request = { region: "cn-beijing", endpoint: undefined, isAskedFor: false };
    const internal = "https://oss-cn-beijing-internal.aliyuncs.com";

    it("is the configured one, then the environment's, then the region's", () => {
        const environment = { ALIBABA_CLOUD_KMS_ENDPOINT: "http://127.0.0.1:1" };
        expect(
            kmsEndpoint(configuration({ "bucket-encryption:kmsEndpoint": "kms.example" }), environment, request),
        ).to.equal("https://kms.example");
        expect(kmsEndpoint(configuration({}), environment, request)).to.equal("http://127.0.0.1:1");
        expect(kmsEndpoint(configuration({}), {}, request)).to.equal("https://kms.cn-beijing.aliyuncs.com");
    });

    it("is that of the private network where OSS is reached there", () => {
        expect(kmsEndpoint(configuration({}), {}, { ...request, endpoint: internal })).to.equal(
            "https://kms-vpc.cn-beijing.aliyuncs.com",
        );
    });

    it("isn't guessed behind an endpoint that isn't Alibaba Cloud's, unless asked for, nor without a region", () => {
        const local = { ...request, endpoint: "http://127.0.0.1:9000" };
        expect(kmsEndpoint(configuration({}), {}, local)).to.equal(undefined);
        expect(kmsEndpoint(configuration({}), {}, { ...local, isAskedFor: true })).to.equal(
            "https://kms.cn-beijing.aliyuncs.com",
        );
        expect(kmsEndpoint(configuration({}), {}, { ...request, region: undefined, isAskedFor: true })).to.equal(
            undefined,
        );
    });
});
