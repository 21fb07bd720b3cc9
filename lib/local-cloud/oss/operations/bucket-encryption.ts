import { type EncryptionRule, isSseAlgorithm } from "../../cloud/encryption-rule";
import { writeXml } from "../../xml/xml-writer";
import { OssError } from "../errors";
import { requireUsableKey } from "../kms-protection";
import { kmsKeyIdPattern } from "../names";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readConfiguration } from "../read-configuration";

/** The default encryption rule of a bucket. */
export const bucketEncryptionRoutes: readonly Route[] = [
    {
        operation: "PutBucketEncryption",
        method: "PUT",
        level: "bucket",
        selector: "encryption",
        handle: putBucketEncryption,
    },
    {
        operation: "GetBucketEncryption",
        method: "GET",
        level: "bucket",
        selector: "encryption",
        handle: getBucketEncryption,
    },
    {
        operation: "DeleteBucketEncryption",
        method: "DELETE",
        level: "bucket",
        selector: "encryption",
        handle: deleteBucketEncryption,
    },
];

/**
 * documented: PutBucketEncryption (doc 117914).
 * verified with every official SDK: 200, no body. The key is looked for only with `checksKeyOnPut`.
 */
function putBucketEncryption(call: BucketCall): OperationResult {
    const { bucket, body, state, environment } = call;
    const encryption = readRule(body);
    if (environment.checksKeyOnPut === true) {
        requireUsableKey({ ...call, principal: undefined }, bucket, encryption, "kms:GenerateDataKey");
    }
    state.bucketTable.update(bucket, { encryption });
    return { status: 200 };
}

/**
 * documented: EC pages 0005-00000003, 0203, 0204.
 * verified: KMSDataEncryption without KMS is accepted and dropped (live test of oss2, test_server_side_encryotion.py),
 * a key id is accepted without a check that the key exists (oss2 tests/test_bucket.py, aliyun-oss-go-sdk
 * TestBucketEncyptionPutObjectError).
 * assumed: a document without SSEAlgorithm is MalformedXML, since the element is documented as required.
 */
function readRule(body: Uint8Array): EncryptionRule {
    const given = readConfiguration(body, "ServerSideEncryptionRule/ApplyServerSideEncryptionByDefault", [
        "SSEAlgorithm",
        "KMSMasterKeyID",
        "KMSDataEncryption",
    ]);
    const sseAlgorithm = given.get("SSEAlgorithm");
    const kmsMasterKeyId = given.get("KMSMasterKeyID");
    const kmsDataEncryption = given.get("KMSDataEncryption");
    if (sseAlgorithm === undefined) {
        throw new OssError("malformedXml", [["ErrorDetail", "SSEAlgorithm is missing"]]);
    }
    if (!isSseAlgorithm(sseAlgorithm)) {
        throw new OssError("invalidEncryptionAlgorithm");
    }
    if (sseAlgorithm !== "KMS") {
        if (kmsMasterKeyId !== undefined) {
            throw new OssError("keyIdWithoutKms");
        }
        return { sseAlgorithm };
    }
    if (kmsMasterKeyId !== undefined && !kmsKeyIdPattern.test(kmsMasterKeyId)) {
        throw new OssError("invalidArgument", [["ArgumentName", "KMSMasterKeyID"]]);
    }
    if (kmsDataEncryption !== undefined && kmsDataEncryption !== "SM4") {
        throw new OssError("invalidDataEncryption");
    }
    return {
        sseAlgorithm,
        ...(kmsMasterKeyId !== undefined && { kmsMasterKeyId }),
        ...(kmsDataEncryption !== undefined && { kmsDataEncryption }),
    };
}

/**
 * documented: GetBucketEncryption (doc 117915), with its elements in the order of the sample. verified: the status is 200
 * although the sample has 204, and without a key the element is left out (live test of ali-oss, test/node/bucket.test.js).
 */
function getBucketEncryption({ bucket }: BucketCall): OperationResult {
    const rule = bucket.encryption;
    if (rule === undefined) {
        throw new OssError("noSuchEncryptionRule", [["BucketName", bucket.name]]);
    }
    return {
        status: 200,
        xml: writeXml("ServerSideEncryptionRule", [
            [
                "ApplyServerSideEncryptionByDefault",
                [
                    ["SSEAlgorithm", rule.sseAlgorithm],
                    rule.kmsDataEncryption === undefined ? undefined : ["KMSDataEncryption", rule.kmsDataEncryption],
                    rule.kmsMasterKeyId === undefined ? undefined : ["KMSMasterKeyID", rule.kmsMasterKeyId],
                ],
            ],
        ]),
    };
}

/** documented: DeleteBucketEncryption (doc 117916), 204. assumed: also when there was no rule. */
function deleteBucketEncryption({ bucket, state }: BucketCall): OperationResult {
    state.bucketTable.update(bucket, { encryption: undefined });
    return { status: 204 };
}
