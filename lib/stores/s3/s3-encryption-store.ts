import type { ServerSideEncryptionRule as S3Rule } from "@aws-sdk/client-s3";
import { UserError } from "../../errors";
import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import { keyTexts } from "../shared/key-texts";
import { defaultRuleIn, encryptionConfiguration, observedRule } from "./encryption-configuration";
import { encryptProof, type ProofRequest } from "./encryption-proof";
import { isAwsHost } from "./s3-endpoint";
import { noRuleInAnswer, removalNotAcknowledged, type S3Operation } from "./s3-errors";
import { s3Library } from "./s3-library";
import { S3Requests, type S3RequestsOptions } from "./s3-requests";
import { S3ServiceError } from "./s3-service-error";

export type S3EncryptionStoreOptions = S3RequestsOptions;

/**
 * The default encryption rules of one region's buckets in AWS S3, or of a service that speaks its API. One store serves any
 * number of buckets and concurrent requests, and keeps its connections for the next ones: make one for each target and
 * account, and close it.
 *
 * Each method fails with an `S3ServiceError`, or with a `UserError` of kind `invalid-target`, `missing-package` or
 * `unsafe-deletion`, before any request.
 */
export class S3EncryptionStore implements EncryptionStore {
    readonly #requests: S3Requests;

    constructor(options: S3EncryptionStoreOptions | S3Requests) {
        this.#requests = options instanceof S3Requests ? options : new S3Requests(options);
    }

    async getRule(bucket: string): Promise<ObservedRule> {
        return observedRule(await this.#read("get", bucket));
    }

    /** Reads before it writes: settings that the rule omits are kept, and nothing is written to a service without rules. */
    async putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        const present = await this.#readIfThere("put", bucket);
        const { PutBucketEncryptionCommand } = s3Library();
        const ServerSideEncryptionConfiguration = encryptionConfiguration(rule, present);
        const input = { ...this.#requests.addressed(bucket), ServerSideEncryptionConfiguration };
        await this.#requests.make({ operation: "put", bucket, hidden: keyTexts(rule) }, (client, options) =>
            client.send(new PutBucketEncryptionCommand(input), options),
        );
    }

    /**
     * On AWS the bucket returns to AES256. Elsewhere a rule is removed only where the user confirms that this is safe, and only one that was
     * just read: a service that does not know the request may delete the bucket.
     * Source: https://github.com/ceph/ceph/pull/36264
     */
    async deleteRule(bucket: string): Promise<void> {
        const { endpoint, deletionIsSafe } = this.#requests.target;
        if (!deletionIsSafe) {
            const what = "The rule is not removed, since this service may remove more than the rule";
            throw new UserError("unsafe-deletion", what, { bucket, endpoint });
        }
        const isAws = endpoint === undefined || isAwsHost(new URL(endpoint).hostname);
        if (!isAws && (await this.#readIfThere("delete", bucket)) === undefined) return;
        const { DeleteBucketEncryptionCommand } = s3Library();
        const request = { operation: "delete", sent: "delete", bucket } as const;
        try {
            const { $metadata } = await this.#requests.make(request, (client, options) =>
                client.send(new DeleteBucketEncryptionCommand(this.#requests.addressed(bucket)), options),
            );
            // The SDK takes every success, whatever its body holds.
            // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
            if ($metadata.httpStatusCode !== 204)
                throw removalNotAcknowledged(this.#requests.failed(request), $metadata);
        } catch (error) {
            if (error instanceof S3ServiceError && error.kind === "rule-not-found") return;
            throw error;
        }
    }

    encryptProof(bucket: string, rule?: ObservedRule): Promise<ObservedRule | undefined> {
        const hidden = keyTexts(rule);
        const request: ProofRequest = (operation, object, send) => {
            const input = { ...this.#requests.addressed(bucket), Key: object };
            return this.#requests.make({ operation, bucket, object, hidden }, (client, options) =>
                send(client, input, options),
            );
        };
        return encryptProof(request);
    }

    /** Ends the connections. */
    close(): void {
        this.#requests.close();
    }

    async #read(operation: S3Operation, bucket: string): Promise<S3Rule> {
        const { GetBucketEncryptionCommand } = s3Library();
        const request = { operation, sent: "get", bucket } as const;
        const { ServerSideEncryptionConfiguration, $metadata } = await this.#requests.make(request, (client, options) =>
            client.send(new GetBucketEncryptionCommand(this.#requests.addressed(bucket)), options),
        );
        const rule = defaultRuleIn(ServerSideEncryptionConfiguration);
        if (rule === undefined) throw noRuleInAnswer(this.#requests.failed(request), $metadata);
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
}
