import { unlessAbsent } from "../../errors";
import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import type { EncryptionStore } from "../encryption-store";
import { keyTexts } from "../shared/key-texts";
import { encryptionDocument, parseEncryptionDocument } from "./encryption-document";
import { encryptProof } from "./encryption-proof";
import { ruleOperations } from "./oss-operations";
import { OssRequests, type OssRequestsOptions } from "./oss-requests";
import { DocumentFault } from "./xml-document";

const query = { encryption: "" };

/**
 * The default encryption rules of one region's buckets in Alibaba Cloud OSS. One store serves any number of buckets and
 * concurrent requests, and keeps its connections for the next ones: make one for each target and account, and close it.
 *
 * Each method fails with an `OssServiceError`, with a `UserError` of kind `invalid-target` when a bucket cannot have the
 * name, or with what the credential source throws.
 */
export class OssEncryptionStore implements EncryptionStore {
    readonly #requests: OssRequests;

    /** @param options or requests that others make as well */
    constructor(options: OssRequestsOptions | OssRequests) {
        this.#requests = options instanceof OssRequests ? options : new OssRequests(options);
    }

    /** https://help.aliyun.com/en/oss/developer-reference/getbucketencryption */
    getRule(bucket: string): Promise<ObservedRule> {
        const operation = ruleOperations.GET;
        return this.#requests.make({ operation, bucket, query, understand: parseEncryptionDocument });
    }

    /** https://help.aliyun.com/en/oss/developer-reference/putbucketencryption */
    async putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        const operation = ruleOperations.PUT;
        await this.#requests.make({
            operation,
            bucket,
            query,
            body: encryptionDocument(rule),
            hidden: keyTexts(rule),
            understand: acknowledged,
        });
    }

    /** https://help.aliyun.com/en/oss/developer-reference/deletebucketencryption */
    async deleteRule(bucket: string): Promise<void> {
        const operation = ruleOperations.DELETE;
        const request = this.#requests.make({ operation, bucket, query, understand: acknowledged });
        await unlessAbsent(request, "rule-not-found");
    }

    encryptProof(bucket: string, rule?: ObservedRule): Promise<ObservedRule | undefined> {
        return encryptProof(this.#requests, bucket, keyTexts(rule));
    }

    /** Ends the connections. Requests under way fail with kind `request-cancelled`, and so do later ones. */
    close(): void {
        this.#requests.close();
    }
}

/** OSS acknowledges a write with an empty body. Any other body is another server's answer. */
function acknowledged(body: Buffer): void {
    if (body.length > 0) throw new DocumentFault("it acknowledges the write with a body, where OSS sends none");
}
