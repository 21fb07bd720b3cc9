import { expect } from "chai";
import { readSetting, readStoreSettings } from "../../lib/provider/stack-configuration";
import { storeFamilies } from "../../lib/stores";

const { oss, s3 } = storeFamilies;

describe("stack settings", () => {
    const configuration = (values: Record<string, string>) => ({ get: (key: string) => values[key] });

    it("come from the stack's configuration before the environment", () => {
        const environment = { OSS_REGION: "cn-beijing", OSS_ENDPOINT: "https://oss-cn-beijing.aliyuncs.com" };
        expect(
            readStoreSettings(configuration({ "bucket-encryption:region": "cn-hangzhou" }), environment, oss),
        ).to.deep.equal({
            region: { value: "cn-hangzhou", source: "stack configuration bucket-encryption:region" },
            endpoint: {
                value: "https://oss-cn-beijing.aliyuncs.com",
                source: "environment variable OSS_ENDPOINT",
            },
        });
    });

    it("have separate names for buckets of S3", () => {
        const configured = { "bucket-encryption:region": "cn-hangzhou", "bucket-encryption:s3Region": "eu-west-1" };
        const environment = { OSS_ENDPOINT: "https://oss", AWS_ENDPOINT_URL: "https://any", AWS_REGION: "eu-west-3" };
        expect(readStoreSettings(configuration(configured), environment, s3)).to.deep.equal({
            region: { value: "eu-west-1", source: "stack configuration bucket-encryption:s3Region" },
            endpoint: { value: "https://any", source: "environment variable AWS_ENDPOINT_URL" },
        });
        const own = { ...environment, AWS_ENDPOINT_URL_S3: "https://own" };
        expect(readStoreSettings(configuration({}), own, s3)).to.deep.equal({
            region: { value: "eu-west-3", source: "environment variable AWS_REGION" },
            endpoint: { value: "https://own", source: "environment variable AWS_ENDPOINT_URL_S3" },
        });
    });

    it("are read as they are meant: booleans, numbers as ids, and lists as text", () => {
        const said = (name: string, value: unknown) =>
            readSetting({ get: (key) => (key === `bucket-encryption:${name}` ? value : undefined) }, name);
        expect(said("s3DeletionIsSafe", "true")).to.equal(true);
        expect(said("s3DeletionIsSafe", "")).to.equal(undefined);
        expect(said("s3Profile", "production")).to.equal("production");
        expect(said("account", '{"id":1000000000000002}')).to.deep.equal({ id: "1000000000000002" });
        expect(said("allowedAccountIds", "1000000000000002, 111122223333")).to.deep.equal([
            "1000000000000002",
            "111122223333",
        ]);
    });

    it("are absent where they are empty", () => {
        expect(
            readStoreSettings(configuration({ "bucket-encryption:region": "" }), { OSS_REGION: "" }, oss),
        ).to.deep.equal({});
    });
});
