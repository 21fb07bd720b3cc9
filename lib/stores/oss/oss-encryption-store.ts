import { createHash } from "node:crypto";
import type { CredentialSource, Credentials } from "../../accounts";
import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import { encryptionDocument, parseEncryptionDocument } from "./encryption-document";
import { type HttpAnswer, HttpExchange, type HttpRequest } from "./http-exchange";
import { type OssFailure, type OssMethod, ossServiceError } from "./oss-errors";
import { defaultOssLimits, type OssLimits } from "./oss-limits";
import { OssServiceError } from "./oss-service-error";
import { type BucketAddress, bucketAddress, type OssTarget } from "./oss-target";
import { RequestLimiter } from "./request-limiter";
import { withRetries } from "./retry";
import { signRequest } from "./signing/sign-request";
import { isBeforeSending, TransportFailure } from "./transport-failure";
import { DocumentFault } from "./xml-document";

export interface OssEncryptionStoreOptions {
    /** As `resolveOssTarget` gives it. */
    readonly target: OssTarget;
    readonly credentials: CredentialSource;
    /** Gives the date that requests are signed with; the system's by default. */
    readonly clock?: () => Date;
    /** What differs from `defaultOssLimits`. */
    readonly limits?: Partial<OssLimits>;
    /** Shared by stores that a service throttles together; one of its own by default. */
    readonly limiter?: RequestLimiter;
}

/**
 * The default encryption rules of one region's buckets in Alibaba Cloud OSS. One store serves any number of buckets and
 * concurrent requests, and keeps its connections for the next ones: make one for each target and account, and close it.
 *
 * Each method fails with an `OssServiceError`, with a `UserError` of kind `invalid-target` when a bucket can't have the
 * name, or with what the credential source throws.
 */
export class OssEncryptionStore implements EncryptionStore {
    readonly #target: OssTarget;
    readonly #credentials: CredentialSource;
    readonly #clock: () => Date;
    readonly #limits: OssLimits;
    readonly #exchange: HttpExchange;
    readonly #limiter: RequestLimiter;

    constructor({ target, credentials, clock = () => new Date(), limits, limiter }: OssEncryptionStoreOptions) {
        this.#target = target;
        this.#credentials = credentials;
        this.#clock = clock;
        this.#limits = { ...defaultOssLimits, ...limits };
        this.#exchange = new HttpExchange(this.#limits);
        this.#limiter = limiter ?? new RequestLimiter(this.#limits.connections);
    }

    /** https://help.aliyun.com/en/oss/developer-reference/getbucketencryption */
    getRule(bucket: string): Promise<ObservedRule> {
        return this.#request("GET", bucket, undefined, parseEncryptionDocument);
    }

    /** https://help.aliyun.com/en/oss/developer-reference/putbucketencryption */
    async putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        await this.#request("PUT", bucket, encryptionDocument(rule), acknowledged);
    }

    /** https://help.aliyun.com/en/oss/developer-reference/deletebucketencryption */
    async deleteRule(bucket: string): Promise<void> {
        try {
            await this.#request("DELETE", bucket, undefined, acknowledged);
        } catch (error) {
            if (error instanceof OssServiceError && error.kind === "rule-not-found") return;
            throw error;
        }
    }

    /** Ends the connections. Requests under way fail with kind `request-cancelled`, and so do later ones. */
    close(): void {
        this.#exchange.close();
    }

    /** @param understand reads the body of a success; a DocumentFault that it throws is an `invalid-answer` */
    async #request<T>(
        method: OssMethod,
        bucket: string,
        body: string | undefined,
        understand: (body: Buffer) => T,
    ): Promise<T> {
        const address = encryptionAddress(this.#target, bucket);
        const unsigned = { method, resource: `/${bucket}/`, query: { encryption: "" }, headers: bodyHeaders(body) };
        // A service that wasn't reached didn't write, and one that refuses by a document of its own didn't either.
        let mayHaveTakenEffect = false;
        const attempt = async (attempts: number): Promise<T> => {
            const credentials = await this.#credentials.getCredentials();
            const sentAt = this.#clock();
            const headers = signRequest(unsigned, credentials, this.#target.region, sentAt);
            const outcome = await this.#outcome({ method, address, headers, body }, understand);
            if ("value" in outcome) return outcome.value;
            mayHaveTakenEffect ||= method !== "GET" && leavesOpen(outcome);
            throw ossServiceError(outcome, {
                method,
                bucket,
                target: this.#target,
                url: urlOf(address),
                attempts,
                sentAt,
                secrets: secretsOf(credentials),
                mayHaveTakenEffect,
                limits: this.#limits,
            });
        };
        return withRetries((number) => this.#limiter.run(() => attempt(number), isTooMuch), this.#limits);
    }

    async #outcome<T>(request: HttpRequest, understand: (body: Buffer) => T): Promise<{ value: T } | OssFailure> {
        let answer: HttpAnswer | undefined;
        try {
            answer = await this.#exchange.send(request);
            return answer.status === 200 || answer.status === 204 ? { value: understand(answer.body) } : { answer };
        } catch (error) {
            if (error instanceof TransportFailure) return error;
            if (error instanceof DocumentFault && answer !== undefined) return { answer, fault: error };
            throw error;
        }
    }
}

/** OSS acknowledges a write with an empty body; anything else was said by somebody who didn't write. */
function acknowledged(body: Buffer): void {
    if (body.length > 0) throw new DocumentFault("it acknowledges the write with a body, where OSS sends none");
}

function isTooMuch(error: unknown): boolean {
    return error instanceof OssServiceError && (error.kind === "throttled" || error.status === 503);
}

/** Whether a write that ended so may have been done all the same. */
function leavesOpen(failure: OssFailure): boolean {
    if (failure instanceof TransportFailure) return !isBeforeSending(failure.reason);
    return failure.fault !== undefined || failure.answer.status < 400 || failure.answer.status >= 500;
}

function encryptionAddress(target: OssTarget, bucket: string): BucketAddress {
    const address = bucketAddress(target, bucket);
    return { ...address, path: `${address.path}?encryption` };
}

function bodyHeaders(body: string | undefined): Record<string, string> {
    return body === undefined
        ? {}
        : { "content-type": "application/xml", "content-md5": createHash("md5").update(body).digest("base64") };
}

function urlOf({ protocol, hostname, port, path }: BucketAddress): string {
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    return `${protocol}//${host}${port === "" ? "" : `:${port}`}${path}`;
}

function secretsOf({ accessKeyId, accessKeySecret, securityToken }: Credentials): string[] {
    return [accessKeySecret, securityToken ?? "", accessKeyId];
}
