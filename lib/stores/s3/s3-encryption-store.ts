import type { S3Client, ServerSideEncryptionRule as S3Rule } from "@aws-sdk/client-s3";
import { UserError } from "../../errors";
import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import { bucketNameFault } from "./bucket-name";
import { encryptionConfiguration, observedRule, ruleOf } from "./encryption-configuration";
import { encryptProof, type ProofRequest } from "./encryption-proof";
import { type S3Account, s3Client } from "./s3-client";
import { isAwsHost } from "./s3-endpoint";
import { type FailedS3Request, noRuleInAnswer, type S3Operation, s3ServiceError } from "./s3-errors";
import { s3Library } from "./s3-library";
import { defaultS3Limits, type S3Limits } from "./s3-limits";
import { S3ServiceError } from "./s3-service-error";
import type { S3Target } from "./s3-target";

export interface S3EncryptionStoreOptions {
    /** As `resolveS3Target` gives it, with its region. */
    readonly target: S3Target & { readonly region: string };
    readonly account?: S3Account;
    /** What differs from `defaultS3Limits`. */
    readonly limits?: Partial<S3Limits>;
}

/**
 * The default encryption rules of one region's buckets in AWS S3, or of a service that speaks its API. One store serves any
 * number of buckets and concurrent requests, and keeps its connections for the next ones: make one for each target and
 * account, and close it.
 *
 * Each method fails with an `S3ServiceError`, or with a `UserError` of kind `invalid-target`, `missing-package` or
 * `unsafe-deletion`, before any request.
 */
export class S3EncryptionStore implements EncryptionStore {
    readonly #target: S3Target & { readonly region: string };
    readonly #account: S3Account;
    readonly #limits: S3Limits;
    #client: S3Client | undefined;

    constructor({ target, account = {}, limits }: S3EncryptionStoreOptions) {
        this.#target = target;
        this.#account = account;
        this.#limits = { ...defaultS3Limits, ...limits };
    }

    async getRule(bucket: string): Promise<ObservedRule> {
        return observedRule(await this.#read("get", bucket));
    }

    /** Reads before it writes: what the rule leaves unsaid is carried over, and a service without rules is left alone. */
    async putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        const present = await this.#readIfThere("put", bucket);
        const { PutBucketEncryptionCommand } = s3Library();
        const ServerSideEncryptionConfiguration = encryptionConfiguration(rule, present);
        await this.#request("put", bucket, (client, options) =>
            client.send(
                new PutBucketEncryptionCommand({ ...this.#addressed(bucket), ServerSideEncryptionConfiguration }),
                options,
            ),
        );
    }

    /**
     * On AWS the bucket returns to AES256. Elsewhere a rule is removed only where somebody vouches for it, and only one that was
     * just read: a service that doesn't know the request may take it for one to delete the bucket.
     * Source: https://github.com/ceph/ceph/pull/36264
     */
    async deleteRule(bucket: string): Promise<void> {
        const { endpoint, deletionIsSafe } = this.#target;
        if (!deletionIsSafe) {
            const what = "The rule isn't removed, since this service isn't known to remove nothing else";
            throw new UserError("unsafe-deletion", what, { bucket, endpoint });
        }
        const isAws = endpoint === undefined || isAwsHost(new URL(endpoint).hostname);
        if (!isAws && (await this.#readIfThere("delete", bucket)) === undefined) return;
        const { DeleteBucketEncryptionCommand } = s3Library();
        try {
            await this.#request("delete", bucket, (client, options) =>
                client.send(new DeleteBucketEncryptionCommand(this.#addressed(bucket)), options),
            );
        } catch (error) {
            if (error instanceof S3ServiceError && error.kind === "rule-not-found") return;
            throw error;
        }
    }

    encryptProof(bucket: string): Promise<ObservedRule | undefined> {
        const request: ProofRequest = (operation, object, send) => {
            const input = { ...this.#addressed(bucket), Key: object };
            return this.#request(
                operation,
                bucket,
                (client, options) => send(client, input, options),
                operation,
                object,
            );
        };
        return encryptProof(request);
    }

    /** Ends the connections. */
    close(): void {
        this.#client?.destroy();
        this.#client = undefined;
    }

    async #read(operation: S3Operation, bucket: string): Promise<S3Rule> {
        const { GetBucketEncryptionCommand } = s3Library();
        const { ServerSideEncryptionConfiguration, $metadata } = await this.#request(
            operation,
            bucket,
            (client, options) => client.send(new GetBucketEncryptionCommand(this.#addressed(bucket)), options),
            "get",
        );
        const rule = ruleOf(ServerSideEncryptionConfiguration);
        if (rule === undefined) throw noRuleInAnswer(this.#failed(operation, bucket, []), $metadata);
        return rule;
    }

    async #readIfThere(operation: S3Operation, bucket: string): Promise<S3Rule | undefined> {
        try {
            return await this.#read(operation, bucket);
        } catch (error) {
            if (error instanceof S3ServiceError && error.kind === "rule-not-found") return undefined;
            throw error;
        }
    }

    #addressed(bucket: string): { Bucket: string; ExpectedBucketOwner?: string } {
        const { expectedBucketOwner } = this.#account;
        return {
            Bucket: bucket,
            ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
        };
    }

    /** @param sent what is sent, where that differs from what it is sent for */
    async #request<T>(
        operation: S3Operation,
        bucket: string,
        send: (client: S3Client, options: { abortSignal: AbortSignal }) => Promise<T>,
        sent: S3Operation = operation,
        object?: string,
    ): Promise<T> {
        // The SDK takes an ARN for a bucket too, and goes where that leads.
        const fault = bucketNameFault(bucket);
        if (fault !== undefined) {
            throw new UserError("invalid-target", `The bucket's address can't be right: ${fault}`);
        }
        this.#client ??= s3Client(this.#target.region, this.#target, this.#account, this.#limits);
        const client = this.#client;
        try {
            return await send(client, { abortSignal: AbortSignal.timeout(this.#limits.totalMilliseconds) });
        } catch (error) {
            if (error instanceof UserError) throw error;
            const secrets = await secretsOf(client);
            throw s3ServiceError(error, { ...this.#failed(operation, bucket, secrets), sent, object });
        }
    }

    #failed(operation: S3Operation, bucket: string, secrets: readonly string[]): FailedS3Request {
        const { region, endpoint } = this.#target;
        const { expectedBucketOwner } = this.#account;
        return {
            operation,
            sent: operation,
            bucket,
            region,
            endpoint,
            expectedBucketOwner,
            secrets,
            limits: this.#limits,
        };
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
