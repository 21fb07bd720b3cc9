import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { HeaderLine, RequestHead } from "../../../lib/local-cloud/cloud/wire";
import type { CoreUnderTest } from "../core-under-test";

/** The signing code of the official RPC clients of npm, so that the verifier is not held against itself. */
const { default: rpcUtil } = createRequire(__filename)("@alicloud/rpc-util") as {
    default: { getSignatureV1(parameters: Record<string, string>, method: string, secret: string): string };
};

export interface RpcSpec {
    readonly accessKeyId?: string;
    readonly secret?: string;
    readonly securityToken?: string;
    /** Replaces or (undefined) leaves out parameters, before it is signed. */
    readonly common?: Readonly<Record<string, string | undefined>>;
    readonly method?: string;
    readonly place?: "query" | "form";
    readonly host?: string;
}

export interface RpcAnswer {
    readonly status: number;
    // biome-ignore lint/suspicious/noExplicitAny: documents of many shapes, which the tests compare in parts.
    readonly document: any;
}

let nonces = 0;

export function rpcRequest(
    cloud: CoreUnderTest,
    parameters: Readonly<Record<string, string>>,
    spec: RpcSpec = {},
): { head: RequestHead; body: string } {
    const { accessKeyId = "local-key-id", secret = "local-key-secret", securityToken, method = "POST" } = spec;
    nonces += 1;
    const given = {
        Version: parameters.Action?.match(/^(AssumeRole|GetCaller)/) ? "2015-04-01" : "2016-01-20",
        Format: "JSON",
        AccessKeyId: accessKeyId,
        SignatureMethod: "HMAC-SHA1",
        SignatureVersion: "1.0",
        SignatureNonce: `nonce-${nonces}`,
        Timestamp: new Date(cloud.now).toISOString().replace(/\.\d+/, ""),
        ...(securityToken !== undefined && { SecurityToken: securityToken }),
        ...parameters,
        ...spec.common,
    };
    const signed = Object.fromEntries(
        Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const Signature = rpcUtil.getSignatureV1(signed, method, secret);
    const text = new URLSearchParams({ Signature, ...signed }).toString();
    const inForm = spec.place === "form";
    const headers: HeaderLine[] = [["host", spec.host ?? "127.0.0.1:9000"]];
    if (inForm) {
        headers.push(["content-type", "application/x-www-form-urlencoded"]);
    }
    return { head: { method, target: inForm ? "/" : `/?${text}`, headers }, body: inForm ? text : "" };
}

export function callRpc(
    cloud: CoreUnderTest,
    parameters: Readonly<Record<string, string>>,
    spec: RpcSpec = {},
): RpcAnswer {
    const { head, body } = rpcRequest(cloud, parameters, spec);
    const { status, text } = cloud.raw(head, body);
    return { status, document: JSON.parse(text) };
}

export function rpcRefusal({ status, document }: RpcAnswer): [number, string] {
    return [status, document.Code];
}

export function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}
