// The limit for a deployment of many rules: the same PUT requests at the same concurrency, and nothing else.
// Usage: put-loop.js <buckets> <concurrency>, with the endpoint and the credentials in the environment.
import { credentialChain } from "../lib/accounts";
import { OssEncryptionStore } from "../lib/stores/oss/oss-encryption-store";
import { resolveOssTarget } from "../lib/stores/oss/oss-target";

async function main(): Promise<void> {
    const [count, concurrency] = process.argv.slice(2).map(Number) as [number, number];
    const target = resolveOssTarget({ endpoint: process.env.OSS_ENDPOINT, region: process.env.OSS_REGION });
    const store = new OssEncryptionStore({ target, credentials: credentialChain() });
    let next = 0;
    const worker = async () => {
        for (let index = next++; index < count; index = next++) {
            await store.putRule(`bench-${index}`, { sseAlgorithm: "KMS" });
        }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
}

main();
