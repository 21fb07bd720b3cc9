import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { LocalCloud } from "../../../lib/local-cloud";
import { encodeChange } from "../../../lib/local-cloud/data/change-record";
import { PolicyGrammarError, readPolicy } from "../../../lib/local-cloud/ram/statement";
import { RpcError } from "../../../lib/local-cloud/rpc/rpc-errors";
import { readOidcToken } from "../../../lib/local-cloud/rpc/sts/oidc-token";
import { Defect, defectIn, type FuzzTarget, newFolder, removeFolder } from "../fuzz-target";

const unless = (documented: new (...args: never[]) => Error, work: () => unknown): void => {
    try {
        work();
    } catch (error) {
        if (!(error instanceof documented)) throw error;
    }
};

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const provider = {
    name: "ci",
    issuer: "https://ci.example",
    clientIds: ["audience"],
    jwks: { keys: [publicKey.export({ format: "jwk" })] },
};

/** A list of changes as the records of a log, with their checksums; any other text as it is. */
function logOf(input: Buffer): Buffer {
    try {
        const changes: unknown = JSON.parse(input.toString());
        if (Array.isArray(changes)) return Buffer.concat(changes.map((change) => encodeChange(Object(change))));
    } catch {
        // It is a log, or no JSON.
    }
    return input;
}

/** Inputs of the local cloud besides requests to OSS, which `malformed-requests` draws. */
export const localCloudInputs: readonly FuzzTarget[] = [
    {
        name: "local-cloud-log",
        samples: () => [
            JSON.stringify([
                { table: "accounts", key: "1000000000000001", value: { id: "1000000000000001" } },
                {
                    table: "buckets",
                    key: "logs",
                    value: {
                        name: "logs",
                        region: "cn-hangzhou",
                        owner: "1000000000000001",
                        encryption: { sseAlgorithm: "SM4" },
                    },
                },
                { table: "buckets", key: "logs" },
            ]),
        ],
        open: () => {
            const folder = newFolder();
            let read = 0;
            return {
                async read(input) {
                    read += 1;
                    const data = path.join(folder, String(read));
                    mkdirSync(data);
                    writeFileSync(path.join(data, "changes.log"), logOf(input));
                    try {
                        await (await LocalCloud.start({ data })).stop();
                    } finally {
                        rmSync(data, { recursive: true });
                    }
                },
                close: () => removeFolder(folder),
            };
        },
    },
    {
        name: "local-cloud-control",
        samples: () => [
            '{"faults": [{"kind": "throttle", "operation": "GetBucketEncryption", "count": 2}, {"kind": "latency", "milliseconds": 200}]}',
            '{"kind": "status", "status": 403, "code": "AccessDenied", "bucket": "logs"}',
        ],
        open: async () => {
            const cloud = await LocalCloud.start();
            return {
                async read(input) {
                    const headers = { "content-type": "application/json" };
                    const answer = await fetch(`${cloud.url}/-/faults`, {
                        method: "POST",
                        headers,
                        body: new Uint8Array(input),
                    });
                    const text = await answer.text();
                    cloud.faults.clear();
                    const defect = answer.status >= 500 ? text : defectIn(text);
                    if (defect !== undefined) throw new Defect(`${answer.status}: ${defect}`);
                },
                close: () => cloud.stop(),
            };
        },
    },
    {
        name: "oidc-token",
        samples: () => [
            `${encoded({ alg: "ES256", typ: "JWT" })}.${encoded({ iss: provider.issuer, aud: ["audience"], sub: "repo:x", exp: 4_000_000_000 })}.${"A".repeat(86)}`,
        ],
        open: () => ({
            read: (input) => unless(RpcError, () => readOidcToken(input.toString(), provider as never, 0)),
        }),
    },
    {
        name: "session-policy",
        samples: () => [
            JSON.stringify({
                Version: "1",
                Statement: [{ Effect: "Allow", Action: ["oss:GetBucket*"], Resource: "acs:oss:*:*:logs" }],
            }),
        ],
        open: () => ({ read: (input) => unless(PolicyGrammarError, () => readPolicy(input.toString())) }),
    },
];
