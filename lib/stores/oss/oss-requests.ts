import { createHash } from "node:crypto";
import type { CredentialSource, Credentials } from "../../accounts";
import { percentEncoded } from "../../values";
import { leavesOpen } from "../shared/diagnosis";
import { type HttpAnswer, HttpExchange, type HttpRequest } from "./http-exchange";
import { type OssFailure, ossServiceError } from "./oss-errors";
import { defaultOssLimits, type OssLimits } from "./oss-limits";
import type { OssRequest } from "./oss-operations";
import { OssServiceError } from "./oss-service-error";
import { type OssTarget, type RequestAddress, requestAddress } from "./oss-target";
import { RequestLimiter } from "./request-limiter";
import { withRetries } from "./retry";
import { RequestSigner } from "./signing/request-signer";
import { isBeforeSending, TransportFailure } from "./transport-failure";
import { DocumentFault } from "./xml-document";

export interface OssRequestsOptions {
    /** As `resolveOssTarget` gives it. */
    readonly target: OssTarget;
    readonly credentials: CredentialSource;
    /** Gives the date that requests are signed with; the system's by default. */
    readonly clock?: () => Date;
    /** What differs from `defaultOssLimits`. */
    readonly limits?: Partial<OssLimits>;
    /** Shared by all who a service throttles together; one of its own by default. */
    readonly limiter?: RequestLimiter;
}

/**
 * Makes requests to one region's endpoint on behalf of one account: signed, bounded in number, time and size, repeated while
 * that may help, and with one kind of error for all that goes wrong.
 */
export class OssRequests {
    readonly target: OssTarget;
    readonly #credentials: CredentialSource;
    readonly #clock: () => Date;
    readonly #limits: OssLimits;
    readonly #exchange: HttpExchange;
    readonly #limiter: RequestLimiter;
    readonly #signer: RequestSigner;

    constructor({ target, credentials, clock = () => new Date(), limits, limiter }: OssRequestsOptions) {
        this.target = target;
        this.#signer = new RequestSigner(target.region);
        this.#credentials = credentials;
        this.#clock = clock;
        this.#limits = { ...defaultOssLimits, ...limits };
        this.#exchange = new HttpExchange(this.#limits);
        this.#limiter = limiter ?? new RequestLimiter(this.#limits.connections);
    }

    /**
     * @throws OssServiceError for every failure of the service, UserError of kind `invalid-target` when a bucket cannot have the
     * name, and what the credential source throws
     */
    async make<Answer>({
        operation,
        bucket,
        object = "",
        query = {},
        body,
        hidden = [],
        understand,
    }: OssRequest<Answer>): Promise<Answer> {
        const { method } = operation;
        const limits: OssLimits = operation.cleansUp ? { ...this.#limits, cancelled: undefined } : this.#limits;
        const address = addressOf(this.target, bucket, object, query);
        const resource = bucket === undefined ? "/" : `/${bucket}/${object}`;
        const type = object === "" ? "application/xml" : "application/octet-stream";
        const unsigned = { method, resource, query, headers: bodyHeaders(body, type) };
        // A service that was not reached did not write, and neither did one that refuses with an error document.
        let mayHaveTakenEffect = false;
        let credentials: Credentials | undefined;
        let failure: OssServiceError | undefined;
        const attempt = async (attempts: number): Promise<Answer> => {
            // Here and not before the limiter, where a request may wait for long.
            if (limits.cancelled?.aborted) throw failure ?? limits.cancelled.reason;
            try {
                credentials = await this.#credentials.getCredentials();
            } catch (error) {
                // What ended the attempt before decides what the bucket has now.
                throw mayHaveTakenEffect ? failure : error;
            }
            const sentAt = this.#clock();
            const headers = this.#signer.sign(unsigned, credentials, sentAt);
            const outcome = await this.#outcome({ method, address, headers, body }, understand);
            if ("value" in outcome) return outcome.value;
            mayHaveTakenEffect ||= method !== "GET" && mayBeDone(outcome);
            failure = ossServiceError(outcome, {
                operation,
                bucket,
                target: this.target,
                url: urlOf(address),
                attempts,
                sentAt,
                secrets: [...secretsOf(credentials), ...hidden],
                mayHaveTakenEffect,
                limits,
            });
            throw failure;
        };
        const all = () => withRetries((number) => this.#limiter.run(() => attempt(number), isThrottling), limits);
        try {
            return await all();
        } catch (error) {
            // A session may be ended before its time, or by another clock than this machine's.
            const isRenewed = isEndedSession(error) && credentials && this.#credentials.renew?.(credentials);
            if (isRenewed !== true) throw error;
            return all();
        }
    }

    /** Ends the connections. Requests under way fail with kind `request-cancelled`, and so do later ones. */
    close(): void {
        this.#exchange.close();
    }

    async #outcome<T>(
        request: HttpRequest,
        understand: OssRequest<T>["understand"],
    ): Promise<{ value: T } | OssFailure> {
        let answer: HttpAnswer | undefined;
        try {
            answer = await this.#exchange.send(request);
            if (answer.status !== 200 && answer.status !== 204) return { answer };
            return { value: understand(answer.body, answer.headers) };
        } catch (error) {
            if (error instanceof TransportFailure) return error;
            if (error instanceof DocumentFault && answer !== undefined) return { answer, fault: error };
            throw error;
        }
    }
}

function isThrottling(error: unknown): boolean {
    return error instanceof OssServiceError && (error.kind === "throttled" || error.status === 503);
}

function isEndedSession(error: unknown): boolean {
    const codes = ["SecurityTokenExpired", "InvalidSecurityToken", "InvalidAccessKeyId"];
    return error instanceof OssServiceError && error.code !== undefined && codes.includes(error.code);
}

/** Whether a write that ended so may still have been done. */
function mayBeDone(failure: OssFailure): boolean {
    if (failure instanceof TransportFailure) return !isBeforeSending(failure.reason);
    return failure.fault !== undefined || leavesOpen(failure.answer.status);
}

function addressOf(
    target: OssTarget,
    bucket: string | undefined,
    object: string,
    query: Readonly<Record<string, string>>,
): RequestAddress {
    const base = requestAddress(target, bucket);
    const address = { ...base, path: `${base.path}${object}` };
    const parameters = Object.entries(query).map(([name, value]) =>
        value === "" ? name : `${name}=${percentEncoded(value)}`,
    );
    return parameters.length === 0 ? address : { ...address, path: `${address.path}?${parameters.join("&")}` };
}

function bodyHeaders(body: string | undefined, type: string): Record<string, string> {
    return body === undefined
        ? {}
        : { "content-type": type, "content-md5": createHash("md5").update(body).digest("base64") };
}

function urlOf({ protocol, hostname, port, path }: RequestAddress): string {
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    return `${protocol}//${host}${port === "" ? "" : `:${port}`}${path}`;
}

function secretsOf({ accessKeyId, accessKeySecret, securityToken }: Credentials): string[] {
    return [accessKeySecret, securityToken ?? "", accessKeyId];
}
