// A dynamic provider as Pulumi's documentation shows one, with the service's own client: what a team writes without this package.
// https://www.pulumi.com/docs/iac/guides/building-extending/providers/dynamic-providers/
const pulumi = require("@pulumi/pulumi");

function client(bucket) {
    const OSS = require("ali-oss");
    return new OSS({
        endpoint: process.env.OSS_ENDPOINT,
        region: "oss-cn-hangzhou",
        accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
        accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
        bucket,
    });
}

const provider = {
    async create(inputs) {
        await client(inputs.bucket).putBucketEncryption(inputs.bucket, { SSEAlgorithm: inputs.sseAlgorithm });
        return { id: inputs.bucket, outs: inputs };
    },
    async read(id, props) {
        const { encryption } = await client(id).getBucketEncryption(id);
        return { id, props: { ...props, sseAlgorithm: encryption.SSEAlgorithm } };
    },
    async diff(_id, olds, news) {
        return {
            changes: olds.bucket !== news.bucket || olds.sseAlgorithm !== news.sseAlgorithm,
            replaces: olds.bucket === news.bucket ? [] : ["bucket"],
        };
    },
    async update(id, _olds, news) {
        await client(id).putBucketEncryption(id, { SSEAlgorithm: news.sseAlgorithm });
        return { outs: news };
    },
    async delete(id) {
        await client(id).deleteBucketEncryption(id);
    },
};

class BucketEncryption extends pulumi.dynamic.Resource {
    constructor(name, args, opts) {
        super(provider, name, args, opts);
    }
}

for (let index = 0; index < Number(process.env.BUCKETS); index += 1) {
    new BucketEncryption(`bucket-${index}`, { bucket: `bench-${index}`, sseAlgorithm: "KMS" });
}
