const pulumi = require("@pulumi/pulumi");
const { BucketEncryption } = require("pulumi-bucket-encryption");

/** A component of the platform team: the rules of one application's buckets. */
class ApplicationBuckets extends pulumi.ComponentResource {
    constructor(name, { buckets }, options) {
        super("acme:buckets:ApplicationBuckets", name, {}, options);
        for (const bucket of buckets)
            new BucketEncryption(`${name}-${bucket}`, { bucket, sseAlgorithm: "KMS" }, { parent: this });
        this.registerOutputs();
    }
}

exports.ApplicationBuckets = ApplicationBuckets;
