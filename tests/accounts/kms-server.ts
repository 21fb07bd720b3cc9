import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface KmsKey {
    readonly id: string;
    readonly alias?: string;
    readonly region?: string;
    readonly account?: string;
    readonly state?: string;
    readonly spec?: string;
    readonly usage?: string;
}

export interface KmsRefusal {
    readonly status: number;
    readonly body: string;
}

/**
 * KMS's DescribeKey on loopback. It derives every signature from what came over the wire, as the documentation describes it,
 * with nothing of the client's code.
 */
export class KmsServer {
    readonly requests: { readonly keyId: string; readonly accessKeyId: string; readonly token: string | undefined }[] =
        [];
    /** Answered instead of the work, while it is set. */
    refusal: KmsRefusal | undefined;
    readonly #server = createServer((request, response) => {
        const { status, body } = this.#answer(request);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(body);
    });

    constructor(
        private readonly keys: readonly KmsKey[],
        private readonly secrets: Readonly<Record<string, string>>,
    ) {}

    async start(): Promise<this> {
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
        return this;
    }

    get endpoint(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    #answer({ headers, method = "", url = "" }: IncomingMessage): KmsRefusal {
        const [path = "", query = ""] = url.split("?");
        const keyId = new URLSearchParams(query).get("KeyId") ?? "";
        const [, accessKeyId = "", names = "", signature] =
            /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
                headers.authorization ?? "",
            ) ?? [];
        const token = headers["x-acs-security-token"]?.toString();
        this.requests.push({ keyId, accessKeyId, token });
        if (this.refusal !== undefined) return this.refusal;
        const lines = names.split(";").map((name) => `${name}:${headers[name]}\n`);
        const canonical = `${method}\n${path}\n${query.split("&").sort().join("&")}\n${lines.join("")}\n${names}\n${headers["x-acs-content-sha256"]}`;
        const hash = createHash("sha256").update(canonical).digest("hex");
        const expected = createHmac("sha256", this.secrets[accessKeyId] ?? "").update(`ACS3-HMAC-SHA256\n${hash}`);
        const signsAll = ["host", "x-acs-action", "x-acs-date", "x-acs-version"].every((name) => names.includes(name));
        if (!signsAll || expected.digest("hex") !== signature) return refused(400, "SignatureDoesNotMatch");
        if (headers["x-acs-action"] !== "DescribeKey" || headers["x-acs-version"] !== "2016-01-20")
            return refused(404, "InvalidAction.NotFound");
        return this.#describe(keyId);
    }

    #describe(name: string): KmsRefusal {
        const [, path = name] = /^acs:kms:[^:]*:[^:]*:(.*)$/.exec(name) ?? [];
        const wanted = path.replace(/^key\//, "");
        const key = this.keys.find(({ id, alias }) => id === wanted || alias === wanted);
        if (key === undefined)
            return refused(404, wanted.startsWith("alias/") ? "Forbidden.AliasNotFound" : "Forbidden.KeyNotFound");
        const { id, region = "cn-hangzhou", account = "1000000000000001", state = "Enabled" } = key;
        const { spec = "Aliyun_AES_256", usage = "ENCRYPT/DECRYPT" } = key;
        const arn = `acs:kms:${region}:${account}:key/${id}`;
        const metadata = { KeyId: id, Arn: arn, KeyState: state, KeySpec: spec, KeyUsage: usage };
        return { status: 200, body: JSON.stringify({ RequestId: "1", KeyMetadata: metadata }) };
    }
}

export function refused(status: number, code: string): KmsRefusal {
    return {
        status,
        body: JSON.stringify({ RequestId: "1", HostId: "kms", Code: code, Message: `Said about ${code}` }),
    };
}
