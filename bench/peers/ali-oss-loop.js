// A script with ali-oss: one PUT for each bucket, eight at a time, and no look at what was there. Argument: the number of buckets.
const OSS = require("ali-oss");

const client = new OSS({
    endpoint: process.env.OSS_ENDPOINT,
    region: "oss-cn-hangzhou",
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
});
const count = Number(process.argv[2]);
let next = 0;

async function worker() {
    while (next < count) await client.putBucketEncryption(`bench-${next++}`, { SSEAlgorithm: "KMS" });
}

Promise.all(Array.from({ length: 8 }, worker)).catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
