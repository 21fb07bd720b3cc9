import type { ServerSideEncryptionRule as S3Rule } from "@aws-sdk/client-s3";
import { UserError, unlessAbsent } from "../../errors";
import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import type { Diagnosis } from "../shared/diagnosis";
import { keyTexts } from "../shared/key-texts";
import { defaultRuleIn, encryptionConfiguration, observedRule } from "./encryption-configuration";
import { encryptProof } from "./encryption-proof";
import { type S3Operation, unusableAnswer } from "./s3-errors";
import { s3Library } from "./s3-library";
import { S3Requests, type S3RequestsOptions } from "./s3-requests";
import { isAwsTarget } from "./s3-target";

/** What an answer that holds no rule means. */
const withoutRules: Diagnosis = {
    kind: "not-supported",
    reason: "the server does not support bucket encryption: it answered the request for the rule with something else",
};

/** What an answer to a removal means that does not acknowledge it, as of a proxy in between. */
const notAcknowledged: Diagnosis = {
    kind: "invalid-answer",
    reason: "the answer is no acknowledgement, which has the status 204",
};

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

    constructor(options: S3RequestsOptions | S3Requests) {
        this.#requests = options instanceof S3Requests ? options : new S3Requests(options);
    }

    async getRule(bucket: string): Promise<ObservedRule> {
        return observedRule(await this.#read("get", bucket));
    }

    /** Reads before it writes: settings that the rule omits are kept, and nothing is written to a service without rules. */
    async putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        const present = await unlessAbsent(this.#read("put", bucket), "rule-not-found");
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
        const isAws = isAwsTarget(this.#requests.target);
        if (!isAws && (await unlessAbsent(this.#read("delete", bucket), "rule-not-found")) === undefined) return;
        const { DeleteBucketEncryptionCommand } = s3Library();
        const request = { operation: "delete", bucket } as const;
        const removal = this.#requests.make(request, async (client, options) => {
            const command = new DeleteBucketEncryptionCommand(this.#requests.addressed(bucket));
            const { $metadata } = await client.send(command, options);
            return $metadata;
        });
        const metadata = await unlessAbsent(removal, "rule-not-found");
        // The SDK takes every success, whatever its body holds.
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
        if (metadata !== undefined && metadata.httpStatusCode !== 204)
            throw unusableAnswer(notAcknowledged, this.#requests.failed(request), metadata);
    }

    encryptProof(bucket: string, rule?: ObservedRule): Promise<ObservedRule | undefined> {
        return encryptProof(this.#requests, bucket, keyTexts(rule));
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
        if (rule === undefined) throw unusableAnswer(withoutRules, this.#requests.failed(request), $metadata);
        return rule;
    }
}
