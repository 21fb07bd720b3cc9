const pulumi = require("@pulumi/pulumi");
const { BucketEncryption } = require("pulumi-bucket-encryption");

const config = new pulumi.Config();
for (let index = 0; index < config.requireNumber("count"); index += 1) {
    const bucket = `${config.require("prefix")}-${index}`;
    new BucketEncryption(bucket, { bucket, sseAlgorithm: "AES256" });
}
