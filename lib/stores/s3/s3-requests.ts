import type { S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../../errors";
import { defaultRequestLimits, type RequestLimits } from "../shared/request-limits";
import { invalidTarget } from "../shared/target-issues";
import { bucketNameFault } from "./bucket-name";
import { type S3Account, s3Client } from "./s3-client";
import { type FailedS3Request, NoCredentials, type S3Request, s3ServiceError } from "./s3-errors";
import type { S3Target } from "./s3-target";

export interface S3RequestsOptions {
    /** As `resolveS3Target` gives it, with its region. */
    readonly target: S3Target & { readonly region: string };
    readonly account?: S3Account;
    /** What differs from `defaultRequestLimits`. */
    readonly limits?: Partial<RequestLimits>;
}

/** Requests to one region's endpoint on behalf of one account, with the same limits, over the same connections. */
export class S3Requests {
    readonly target: S3Target & { readonly region: string };
    readonly #account: S3Account;
    readonly #limits: RequestLimits;
    #client: S3Client | undefined;

    constructor({ target, account = {}, limits }: S3RequestsOptions) {
        this.target = target;
        this.#account = account;
        this.#limits = { ...defaultRequestLimits, ...limits };
    }

    /** The account that every bucket has to belong to, where that was said. */
    get expectedBucketOwner(): string | undefined {
        return this.#account.expectedBucketOwner;
    }

    /** How many requests can be under way at once. */
    get connections(): number {
        return this.#limits.connections;
    }

    addressed(bucket: string): { Bucket: string; ExpectedBucketOwner?: string } {
        const { expectedBucketOwner } = this.#account;
        return {
            Bucket: bucket,
            ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
        };
    }

    /**
     * @param request with what no message shows, besides the credentials
     * @throws S3ServiceError, or before any request UserError of kind `invalid-target` or `missing-package`
     */
    async make<T>(
        { hidden = [], ...request }: S3Request & { readonly hidden?: readonly string[] },
        send: (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
    ): Promise<T> {
        const { bucket } = request;
        // The SDK takes an ARN for a bucket too, and goes where that leads.
        const fault = bucket === undefined ? undefined : bucketNameFault(bucket);
        if (fault !== undefined) throw invalidTarget(fault);
        // The proof's object is also deleted after a cancellation, with one attempt.
        if (request.operation !== "deleteProof") this.#limits.cancelled?.throwIfAborted();
        this.#client ??= s3Client(this.target.region, this.target, this.#account, this.#limits);
        const client = this.#client;
        try {
            return await send(client, { abortSignal: AbortSignal.timeout(this.#limits.totalMilliseconds) });
        } catch (error) {
            if (error instanceof UserError) throw error;
            throw s3ServiceError(error, {
                ...this.failed(request),
                secrets: [...(error instanceof NoCredentials ? [] : await secretsOf(client)), ...hidden],
            });
        }
    }

    /** The details of a request, for errors. */
    failed(request: S3Request): FailedS3Request {
        const { region, endpoint } = this.target;
        const { expectedBucketOwner } = this.#account;
        return { ...request, region, endpoint, expectedBucketOwner, secrets: [], limits: this.#limits };
    }

    /** Ends the connections. */
    close(): void {
        this.#client?.destroy();
        this.#client = undefined;
    }
}

/** What requests are signed with, so that no message shows it; the SDK has it by then, unless that is what failed. */
async function secretsOf(client: S3Client): Promise<string[]> {
    try {
        const { accessKeyId, secretAccessKey, sessionToken = "" } = await client.config.credentials();
        return [secretAccessKey, sessionToken, accessKeyId];
    } catch {
        return [];
    }
}
