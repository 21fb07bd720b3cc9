import { firstHeader, type HeaderLine, type RequestHead } from "../cloud/wire";
import { RpcError } from "./rpc-errors";

/** A request to STS or KMS, with its parameters from the query and the form. */
export interface RpcRequest {
    readonly method: string;
    readonly headers: readonly HeaderLine[];
    readonly query: ReadonlyMap<string, string>;
    readonly form: ReadonlyMap<string, string>;
    readonly body: Uint8Array;
    /** A header's value by lower-case name. */
    header(name: string): string | undefined;
    /** A parameter of the query or the form. */
    parameter(name: string): string | undefined;
}

/**
 * verified: ali-oss STS posts everything in a form, @alicloud/credentials splits between query and form, aliyunsdkcore
 * and the RPC clients of npm put everything in the query; with ACS3 the action is in a header.
 * @throws RpcError for what is not UTF-8, and for a parameter that is given twice
 */
export function readRpcRequest(head: RequestHead, body: Uint8Array): RpcRequest {
    const mark = head.target.indexOf("?");
    const query = readParameters(mark < 0 ? "" : head.target.slice(mark + 1));
    const isForm = firstHeader(head.headers, "content-type")?.startsWith("application/x-www-form-urlencoded") === true;
    const form = readParameters(isForm ? decodeUtf8(body) : "");
    for (const name of form.keys()) {
        if (query.has(name)) {
            throw new RpcError("invalidParameter", `The parameter ${name.slice(0, 100)} is given twice.`);
        }
    }
    return {
        method: head.method,
        headers: head.headers,
        query,
        form,
        body,
        header: (name) => firstHeader(head.headers, name),
        parameter: (name) => query.get(name) ?? form.get(name),
    };
}

function readParameters(text: string): Map<string, string> {
    const parameters = new Map<string, string>();
    for (const pair of text.split("&")) {
        if (pair === "") {
            continue;
        }
        const equals = pair.indexOf("=");
        const name = decode(equals < 0 ? pair : pair.slice(0, equals));
        if (parameters.has(name)) {
            throw new RpcError("invalidParameter", `The parameter ${name.slice(0, 100)} is given twice.`);
        }
        parameters.set(name, equals < 0 ? "" : decode(pair.slice(equals + 1)));
    }
    return parameters;
}

function decode(text: string): string {
    try {
        return decodeURIComponent(text.replaceAll("+", " "));
    } catch {
        throw new RpcError("invalidParameter", "The parameters are not valid percent-encoded UTF-8.");
    }
}

function decodeUtf8(body: Uint8Array): string {
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(body);
    } catch {
        throw new RpcError("invalidParameter", "The form is not valid UTF-8.");
    }
}
