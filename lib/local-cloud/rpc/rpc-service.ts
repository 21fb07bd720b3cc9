import type { Environment } from "../cloud/environment";
import { hostName } from "../cloud/host-guard";
import type { CloudState } from "../cloud/state";
import { firstHeader, type PreparedCall, type RequestBody, type RequestHead, type WireResponse } from "../cloud/wire";
import { authenticateRpc } from "./authentication/authenticate-rpc";
import { UsedNonces } from "./authentication/used-nonces";
import { kmsAliasRoutes } from "./kms/aliases";
import { kmsKeyStateRoutes } from "./kms/key-states";
import { kmsKeyRoutes } from "./kms/keys";
import { RpcError, rpcThrottling } from "./rpc-errors";
import type { RpcResult, RpcRoute, UnsignedRpcCall } from "./rpc-operation";
import { type RpcRequest, readRpcRequest } from "./rpc-request";
import { type RpcFormat, RpcResponder } from "./rpc-responder";
import { stsRoutes } from "./sts/sts-operations";

/** The table of operations. A new operation is a row in its topic's file. */
export const rpcRoutes: readonly RpcRoute[] = [
    ...stsRoutes,
    ...[...kmsKeyRoutes, ...kmsKeyStateRoutes, ...kmsAliasRoutes].map(
        (route): RpcRoute => ({ ...route, managesKeys: true }),
    ),
];

const bodyLimit = 64 * 1024;

/**
 * Whether a request is for one of the RPC-style services, STS and KMS, which share the port with OSS.
 * verified with ali-oss STS, @alicloud/credentials and aliyunsdkcore: all post to `/`, with the action in the query, in
 * a form, or (ACS3) in a header. OSS takes a POST there only when the Host names a bucket, and then it is signed for OSS.
 */
export function isRpcRequest(head: RequestHead): boolean {
    const [path, query = ""] = head.target.split("?");
    const isSignedForOss = /^OSS/.test(firstHeader(head.headers, "authorization") ?? "");
    if (path !== "/" || isSignedForOss) {
        return false;
    }
    const form = firstHeader(head.headers, "content-type")?.startsWith("application/x-www-form-urlencoded");
    return (
        firstHeader(head.headers, "x-acs-action") !== undefined ||
        new URLSearchParams(query).has("Action") ||
        (head.method === "POST" && form === true)
    );
}

/**
 * STS and KMS as a function of requests over the cloud's state. Every request takes the same steps: read its
 * parameters, authenticate, find the operation, do the work. The operation may be in the body.
 */
export class RpcService {
    readonly #nonces = new UsedNonces();

    readonly #state: CloudState;
    readonly #environment: Environment;

    constructor(state: CloudState, environment: Environment) {
        this.#state = state;
        this.#environment = environment;
    }

    prepare(head: RequestHead): PreparedCall {
        const receive = (body: RequestBody) => this.#receive(head, body);
        return {
            method: head.method,
            bucket: undefined,
            operation: undefined,
            account: undefined,
            bodyLimit,
            withBody: receive,
            run: (body) => receive(body).run(body),
            throttled: (status) => receive("too large").throttled(status),
            fail: (error) => receive("too large").fail(error),
        };
    }

    #receive(head: RequestHead, body: RequestBody): PreparedCall {
        const respond = new RpcResponder(head, this.#environment.newId() + this.#environment.newId());
        const now = () => this.#environment.now();
        let format: RpcFormat = "JSON";
        let operation: string | undefined;
        const base = {
            method: head.method,
            bucket: undefined,
            bodyLimit,
            throttled: (status: 503 | 429) => respond.error(rpcThrottling[status], format, now()),
            fail: (error: { status: number; code: string; message: string }) => respond.error(error, format, now()),
        };
        try {
            if (body === "too large") {
                throw new RpcError("requestTooLarge");
            }
            const request = readRpcRequest(head, body);
            format = formatOf(request);
            const route = findRoute(request);
            operation = route.operation;
            if (route.managesKeys === true && this.#isDedicatedGateway(request)) {
                throw new RpcError("notOnDedicatedGateway");
            }
            const work = this.#prepareWork(route, request);
            const run = (): WireResponse => {
                try {
                    const result = work.run();
                    return respond.result(route.operation, result, format, now());
                } catch (error) {
                    return respond.thrown(error, format, now());
                }
            };
            return { ...base, operation, account: work.account, run };
        } catch (error) {
            return { ...base, operation, account: undefined, run: () => respond.thrown(error, format, now()) };
        }
    }

    /** @throws RpcError when a signature is needed and does not hold */
    #prepareWork(route: RpcRoute, request: RpcRequest): { account: string | undefined; run(): RpcResult } {
        const call = this.#call(request);
        if (route.isUnsigned === true) {
            return { account: undefined, run: () => route.handle(call) };
        }
        const { principal } = authenticateRpc(request, this.#state.accessKeys, this.#nonces, this.#environment.now());
        return { account: principal.accountId, run: () => route.handle({ ...call, principal }) };
    }

    /** documented: `<instance>.cryptoservice.kms.aliyuncs.com` is the dedicated gateway (Endpoints of KMS). */
    #isDedicatedGateway(request: RpcRequest): boolean {
        const host = hostName(request.header("host") ?? "") ?? "";
        return this.#environment.kmsGateway === "dedicated" || host.endsWith(".cryptoservice.kms.aliyuncs.com");
    }

    #call(request: RpcRequest): UnsignedRpcCall {
        return {
            parameters: { get: (name) => request.parameter(name) || undefined },
            state: this.#state,
            environment: this.#environment,
            region: request.parameter("RegionId") || regionOfHost(request.header("host")),
        };
    }
}

function findRoute(request: RpcRequest): RpcRoute {
    if (request.method !== "GET" && request.method !== "POST") {
        throw new RpcError("unsupportedHttpMethod");
    }
    const need = (name: string, header: string) => {
        const value = request.header(header) ?? request.parameter(name);
        if (!value) {
            throw new RpcError("missingParameter", `${name} is mandatory for this action.`);
        }
        return value;
    };
    const operation = need("Action", "x-acs-action");
    const version = need("Version", "x-acs-version");
    const routes = rpcRoutes.filter((route) => route.version === version);
    if (routes.length === 0) {
        throw new RpcError("invalidVersion");
    }
    const route = routes.find((candidate) => candidate.operation === operation);
    if (route === undefined) {
        throw new RpcError("notImplemented", `The local cloud has no operation ${operation.slice(0, 100)}.`);
    }
    return route;
}

/** documented: Format is JSON or XML, by default XML; ACS3 answers in JSON. */
function formatOf(request: RpcRequest): RpcFormat {
    const given = request.parameter("Format")?.toUpperCase();
    const byDefault = request.header("x-acs-action") === undefined ? "XML" : "JSON";
    return given === "JSON" || given === "XML" ? given : byDefault;
}

/** `kms.cn-hangzhou.aliyuncs.com`, `kms-vpc.cn-hangzhou.aliyuncs.com`. */
function regionOfHost(host: string | undefined): string | undefined {
    return /^[a-z-]+\.([a-z]{2,}-[a-z0-9-]+)\.aliyuncs\.com$/.exec(hostName(host ?? "") ?? "")?.[1];
}
