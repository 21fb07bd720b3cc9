import type { Environment } from "../cloud/environment";
import { firstHeader, type PreparedCall, type RequestHead, type WireResponse } from "../cloud/wire";
import { utf8 } from "../xml/xml-writer";

/**
 * Whether a request is for one of the RPC-style services, STS and KMS, which share the port with OSS.
 * verified with ali-oss STS, @alicloud/credentials and aliyunsdkcore: all post to `/`, with the action in the query, in
 * a form, or (ACS3) in a header. OSS itself takes no POST there.
 */
export function isRpcRequest(head: RequestHead): boolean {
    const [path, query = ""] = head.target.split("?");
    if (path !== "/") {
        return false;
    }
    const form = firstHeader(head.headers, "content-type")?.startsWith("application/x-www-form-urlencoded");
    return (
        firstHeader(head.headers, "x-acs-action") !== undefined ||
        new URLSearchParams(query).has("Action") ||
        (head.method === "POST" && form === true)
    );
}

/** STS and KMS: not there yet, and every call says so. */
export class RpcService {
    constructor(private readonly environment: Environment) {}

    prepare(head: RequestHead): PreparedCall {
        const requestId = this.environment.newId();
        const fail = (error: { status: number; code: string; message: string }): WireResponse => {
            const hostId = (firstHeader(head.headers, "host") ?? "").slice(0, 255);
            // documented: the members of an RPC error. verified: @alicloud/credentials needs Message to be a text.
            const body = utf8(
                JSON.stringify({ RequestId: requestId, HostId: hostId, Code: error.code, Message: error.message }),
            );
            return {
                status: error.status,
                headers: [
                    ["Date", new Date(this.environment.now()).toUTCString()],
                    ["Content-Type", "application/json"],
                    ["Content-Length", String(body.byteLength)],
                ],
                body,
            };
        };
        return {
            method: head.method,
            bucket: undefined,
            operation: undefined,
            account: undefined,
            bodyLimit: 64 * 1024,
            fail,
            run: () =>
                fail({
                    status: 501,
                    code: "NotImplemented",
                    message: "The local cloud does not serve STS and KMS yet.",
                }),
        };
    }
}
