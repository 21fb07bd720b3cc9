import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { UserError } from "../../errors";
import type { RequestLimits } from "../shared/request-limits";
import { isAwsHost } from "./s3-endpoint";
import { NoCredentials } from "./s3-errors";
import { s3Library } from "./s3-library";
import { isAwsTarget, type S3Target } from "./s3-target";

/** Whose requests they are. */
export interface S3Account {
    /** By default: the SDK's own chain (environment, profile, SSO, web identity, container, instance). */
    readonly credentials?: S3ClientConfig["credentials"] | undefined;
    /** A profile of the shared AWS files, whose role is assumed where it names one. */
    readonly profile?: string | undefined;
    /** The account that has to own each bucket; sent with each request, so that no other account's bucket is touched. */
    readonly expectedBucketOwner?: string | undefined;
}

/** A client for the buckets of one region. Redirects are errors: where a bucket is, is decided here, not by an answer. */
export function s3Client(
    region: string,
    target: S3Target,
    { credentials, profile }: S3Account,
    limits: RequestLimits,
): S3Client {
    const { S3Client: Client } = s3Library();
    const agent = { maxSockets: limits.connections, keepAlive: true };
    const configuration: S3ClientConfig = {
        region,
        forcePathStyle: target.forcePathStyle,
        ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
        ...(credentials === undefined ? {} : { credentials }),
        ...(profile === undefined ? {} : { profile }),
        maxAttempts: limits.attempts,
        retryMode: "standard",
        followRegionRedirects: false,
        requestHandler: {
            connectionTimeout: limits.connectMilliseconds,
            requestTimeout: limits.exchangeMilliseconds,
            throwOnRequestTimeout: true,
            httpAgent: agent,
            httpsAgent: agent,
        },
    };
    const client = withoutNodeNotice(() => new Client(configuration));
    if (!isAwsTarget(target)) useContentMd5(client);
    guardEndpoint(client, target);
    retryConflicts(client);
    limitWaits(client, limits);
    keepFailureOfAttempt(client);
    return client;
}

/** The SDK warns about Node versions that its future releases drop, once in each process: in an engine's output, with each operation. */
function withoutNodeNotice<T>(make: () => T): T {
    const name = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";
    if (process.env[name] !== undefined) return make();
    process.env[name] = "true";
    try {
        return make();
    } finally {
        delete process.env[name];
    }
}

interface SentRequest {
    readonly hostname: string;
    readonly headers: Record<string, string>;
    readonly body?: unknown;
}

/**
 * The SDK also takes an endpoint from the shared AWS files. Nothing that follows from an endpoint (whether it may be plain HTTP,
 * what a deletion does) holds for one that came in unseen.
 */
function guardEndpoint(client: S3Client, { endpoint }: S3Target): void {
    if (endpoint !== undefined) return;
    client.middlewareStack.add(
        (next) => async (args) => {
            const { hostname } = args.request as SentRequest;
            if (isAwsHost(hostname)) return next(args);
            const what = `The AWS configuration of this machine sends requests to ${hostname}, which the stack does not name`;
            const cure = "Set `endpoint` to that service, or remove it from the AWS configuration.";
            throw new UserError("invalid-target", what, {}, { cure });
        },
        { step: "build", name: "bucketEncryptionEndpointGuard" },
    );
}

/** Services other than AWS want the MD5 digest that S3 asked for before the SDK's present checksums, and not all know those. */
function useContentMd5(client: S3Client): void {
    client.middlewareStack.add(
        (next) => (args) => {
            const { headers, body } = args.request as SentRequest;
            if (typeof body === "string" && body !== "") {
                for (const name of Object.keys(headers)) {
                    if (/^x-amz-(checksum-|sdk-checksum-)/i.test(name)) delete headers[name];
                }
                headers["content-md5"] = createHash("md5").update(body).digest("base64");
            }
            return next(args);
        },
        { step: "build", priority: "low", name: "bucketEncryptionContentMd5" },
    );
}

type RetryStrategy = Extract<
    Awaited<ReturnType<S3Client["config"]["retryStrategy"]>>,
    { acquireInitialRetryToken: unknown }
>;

/**
 * Waits before another attempt as the SDK's strategy says: newer SDKs wait before they give the token, older ones afterwards, as long as a
 * `Retry-After` asks. After a cancellation, and instead of a wait that is longer than the operation, the last failure is thrown.
 */
function limitWaits(client: S3Client, { cancelled, totalMilliseconds }: RequestLimits): void {
    const configured = client.config.retryStrategy;
    client.config.retryStrategy = async () => {
        const strategy = (await configured()) as RetryStrategy;
        return {
            acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
            refreshRetryTokenForRetry: async (token, failure) => {
                const next = await unlessAborted(strategy.refreshRetryTokenForRetry(token, failure), cancelled);
                const delay = next.getRetryDelay();
                if (delay > totalMilliseconds) throw new RangeError("the wait is longer than the operation");
                await setTimeout(delay, undefined, { signal: cancelled });
                return Object.create(next, { getRetryDelay: { value: () => 0 } });
            },
            recordSuccess: (token) => strategy.recordSuccess(token),
        };
    };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal === undefined) return work;
    const settled = new AbortController();
    const aborted = signal.aborted ? Promise.resolve() : once(signal, "abort", { signal: settled.signal });
    try {
        return await Promise.race([work, aborted.then(() => Promise.reject(signal.reason))]);
    } finally {
        settled.abort();
    }
}

/**
 * Where the time of an operation ends before the next attempt has, the failure of the attempt before is thrown: it says why. What fails before
 * the first attempt is the search for credentials.
 */
function keepFailureOfAttempt(client: S3Client): void {
    const failures = new WeakMap<object, { readonly attempts: number; readonly last?: object | undefined }>();
    client.middlewareStack.add(
        (next, context) => async (args) => {
            try {
                return await next(args);
            } catch (error) {
                const found = failures.get(context);
                if (found === undefined)
                    throw isAbort(error) || error instanceof UserError ? error : new NoCredentials(error);
                const { attempts, last } = found;
                if (!isAbort(error) || last === undefined) throw error;
                const { $metadata } = last as { $metadata?: object };
                throw Object.assign(last, { $metadata: { ...$metadata, attempts } });
            }
        },
        { step: "initialize", name: "bucketEncryptionFailureOfAttempt" },
    );
    client.middlewareStack.add(
        (next, context) => async (args) => {
            const before = failures.get(context);
            const attempts = (before?.attempts ?? 0) + 1;
            failures.set(context, { attempts, last: before?.last });
            try {
                return await next(args);
            } catch (error) {
                if (!isAbort(error)) failures.set(context, { attempts, last: error as object });
                throw error;
            }
        },
        { step: "finalizeRequest", priority: "low", name: "bucketEncryptionAttempt" },
    );
}

function isAbort(error: unknown): boolean {
    return (error as { name?: unknown }).name === "AbortError";
}

/** S3 refuses two changes of a bucket at once, as with a bucket that was just created: the next attempt may succeed. */
function retryConflicts(client: S3Client): void {
    client.middlewareStack.add(
        (next) => async (args) => {
            try {
                return await next(args);
            } catch (error) {
                const { name } = error as { name?: unknown };
                throw name === "OperationAborted" ? Object.assign(error as object, { $retryable: {} }) : error;
            }
        },
        { step: "finalizeRequest", priority: "low", name: "bucketEncryptionConflicts" },
    );
}
