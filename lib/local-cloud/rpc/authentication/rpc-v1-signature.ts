import { createHmac } from "node:crypto";
import type { RpcRequest } from "../rpc-request";
import { percentEncode } from "./percent-encoding";

/**
 * documented: Request signatures (RPC V1): the method, `/`, and every parameter but the signature, sorted.
 * verified: a vector recorded from aliyunsdkcore; @alicloud/credentials, ali-oss STS.
 */
export function rpcV1StringToSign({ method, query, form }: RpcRequest): string {
    const parameters = [...query, ...form]
        .filter(([name]) => name !== "Signature")
        .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
        .sort();
    return `${method}&${percentEncode("/")}&${percentEncode(parameters.join("&"))}`;
}

export function rpcV1Signature(secret: string, text: string): string {
    return createHmac("sha1", `${secret}&`).update(text, "utf8").digest("base64");
}
