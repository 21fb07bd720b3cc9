import { randomUUID } from "node:crypto";
import type { Credentials } from "../credential-source";
import { acs3Authorization, canonicalQuery, sha256 } from "./acs3-signature";

/** One call of an RPC-style service. */
export interface RpcCall {
    /** Scheme, host and port. */
    readonly endpoint: string;
    /** For instance `2016-01-20`. */
    readonly version: string;
    readonly action: string;
    readonly parameters: Readonly<Record<string, string>>;
}

/** The result of a call: an answer, a refusal by the service's own code, or nothing that could be understood. */
export type RpcOutcome =
    | { readonly answer: unknown }
    | { readonly refused: string }
    /** Why, in words that hold nothing of the request. */
    | { readonly failed: string };

const callMilliseconds = 5_000;
const answerCharacters = 256 * 1024;

/** Makes a call, once and without following a redirect. Never throws for what the service does. */
export function callRpc(call: RpcCall, credentials: Credentials, now = new Date()): Promise<RpcOutcome> {
    const { action, parameters, version } = call;
    const { origin, host } = new URL(call.endpoint);
    const bodyHash = sha256("");
    const headers = {
        host,
        "x-acs-action": action,
        "x-acs-content-sha256": bodyHash,
        "x-acs-date": secondsOf(now),
        "x-acs-signature-nonce": randomUUID(),
        "x-acs-version": version,
        ...(credentials.securityToken === undefined ? {} : { "x-acs-security-token": credentials.securityToken }),
    };
    const signed = { method: "POST", path: "/", query: parameters, headers, bodyHash };
    const authorization = acs3Authorization(signed, credentials.accessKeyId, credentials.accessKeySecret);
    return exchange(`${origin}/?${canonicalQuery(parameters)}`, { headers: { ...headers, authorization } });
}

/**
 * Makes an unsigned call: its parameters prove the caller. These go into the body, since
 * proxies keep URLs.
 */
export function callRpcUnsigned(
    { action, endpoint, parameters, version }: RpcCall,
    now = new Date(),
): Promise<RpcOutcome> {
    const query = { Action: action, Format: "JSON", Timestamp: secondsOf(now), Version: version };
    return exchange(`${new URL(endpoint).origin}/?${canonicalQuery(query)}`, {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: canonicalQuery(parameters),
    });
}

async function exchange(url: string, sent: { headers: Record<string, string>; body?: string }): Promise<RpcOutcome> {
    try {
        const response = await fetch(url, {
            ...sent,
            method: "POST",
            redirect: "manual",
            signal: AbortSignal.timeout(callMilliseconds),
        });
        return outcomeOf(response.ok, response.status, await textOf(response));
    } catch (error) {
        return { failed: reasonOf(error) };
    }
}

function secondsOf(date: Date): string {
    return `${date.toISOString().slice(0, 19)}Z`;
}

async function textOf(response: Response): Promise<string> {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        if (text.length > answerCharacters) throw new Error("too long");
    }
    return text;
}

function outcomeOf(ok: boolean, status: number, text: string): RpcOutcome {
    let parsed: unknown;
    try {
        parsed = JSON.parse(text);
    } catch {
        return { failed: `HTTP ${status} with an answer that is not JSON` };
    }
    if (ok) return { answer: parsed };
    const code = (parsed as { Code?: unknown } | null)?.Code;
    const isCode = typeof code === "string" && /^[A-Za-z][\w.-]{0,99}$/.test(code);
    return isCode ? { refused: code } : { failed: `HTTP ${status}` };
}

function reasonOf(error: unknown): string {
    const { name, cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === "TimeoutError") return `no answer within ${callMilliseconds / 1_000} s`;
    return cause?.code ?? (message === "too long" ? "the answer is too long" : "the connection failed");
}
