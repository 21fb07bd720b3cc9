// What a set's work takes at least: the same requests to each bucket by the same client, and nothing else.
// Arguments: how many buckets, how many requests at once, and the methods for each bucket, such as get,put,get.
import { staticCredentials } from "../lib/accounts";
import { ServiceError } from "../lib/errors";
import { OssEncryptionStore } from "../lib/stores/oss/oss-encryption-store";
import { resolveOssTarget } from "../lib/stores/oss/oss-target";

async function main(): Promise<void> {
    const [count = "", parallel = "", methods = ""] = process.argv.slice(2);
    const store = new OssEncryptionStore({
        target: resolveOssTarget({ region: "cn-hangzhou", endpoint: process.env.OSS_ENDPOINT }),
        credentials: staticCredentials({
            accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
            accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
        }),
    });
    const requests: Record<string, (bucket: string) => Promise<unknown>> = {
        put: (bucket) => store.putRule(bucket, { sseAlgorithm: "AES256" }),
        delete: (bucket) => store.deleteRule(bucket),
        get: (bucket) =>
            store.getRule(bucket).catch((error: unknown) => {
                if (!(error instanceof ServiceError) || error.kind !== "rule-not-found") throw error;
            }),
    };
    let next = 0;
    const worker = async (): Promise<void> => {
        while (next < Number(count)) {
            const bucket = `bench-${next++}`;
            for (const method of methods.split(",")) await requests[method]?.(bucket);
        }
    };
    await Promise.all(Array.from({ length: Number(parallel) }, worker));
    store.close();
}

main();
