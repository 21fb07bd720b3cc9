import { type Bucket, type BucketAcl, newBucket } from "../../cloud/state";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { apiTime, readCount } from "../api-values";
import { readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { BUCKET_NAME, internalEndpointOf, locationOf, publicEndpointOf } from "../names";
import type { AccountCall, BucketCall, CreationCall, OperationResult, Route } from "../operation";
import { readConfiguration } from "../read-configuration";

/** GET Service, and the operations on a bucket itself. */
export const BUCKET_ROUTES: readonly Route[] = [
    {
        operation: "ListBuckets",
        method: "GET",
        level: "service",
        parameters: ["prefix", "marker", "max-keys"],
        refusedHeaders: ["x-oss-resource-group-id"],
        handle: listBuckets,
    },
    {
        operation: "PutBucket",
        method: "PUT",
        level: "new-bucket",
        refusedHeaders: ["x-oss-resource-group-id", "x-oss-bucket-tagging"],
        encryptionHeaders: true,
        handle: putBucket,
    },
    { operation: "DeleteBucket", method: "DELETE", level: "bucket", handle: deleteBucket },
    {
        operation: "GetBucketInfo",
        method: "GET",
        level: "bucket",
        selector: { name: "bucketInfo", value: "" },
        handle: getBucketInfo,
    },
    {
        operation: "GetBucketLocation",
        method: "GET",
        level: "bucket",
        selector: { name: "location", value: "" },
        handle: getBucketLocation,
    },
    {
        operation: "GetBucketAcl",
        method: "GET",
        level: "bucket",
        selector: { name: "acl", value: "" },
        handle: getBucketAcl,
    },
];

/**
 * documented: GetService (doc 31957). max-keys 1 to 1000, 100 by default; the elements about paging appear only when the
 * list is not complete.
 */
function listBuckets({ request, state, accountId }: AccountCall): OperationResult {
    const prefix = request.query.get("prefix") ?? "";
    const marker = request.query.get("marker") ?? "";
    const maxKeys = readCount(request, "max-keys", 100, 1000);
    const matching = state
        .bucketsOf(accountId)
        .filter(({ name }) => name.startsWith(prefix) && (marker === "" || name > marker));
    const page = matching.slice(0, maxKeys);
    const paging: XmlNode[] =
        page.length === matching.length
            ? []
            : [
                  ["Prefix", prefix],
                  ["Marker", marker],
                  ["MaxKeys", maxKeys],
                  ["IsTruncated", true],
                  ["NextMarker", page.at(-1)?.name ?? ""],
              ];
    return {
        status: 200,
        xml: writeXml("ListAllMyBucketsResult", [
            ...paging,
            ["Owner", owner(accountId)],
            ["Buckets", page.map((bucket): XmlNode => ["Bucket", [...summary(bucket), ["Region", bucket.region]]])],
        ]),
    };
}

const ACLS: readonly string[] = ["private", "public-read", "public-read-write"] satisfies BucketAcl[];
const STORAGE_CLASSES = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"];
const REDUNDANCY_TYPES = ["LRS", "ZRS"];

/**
 * documented: PutBucket (doc 31959); a repeated call by the owner succeeds and sets the ACL anew, another owner's name
 * is 409. verified: the encryption headers set the bucket's rule (live test of aliyun-oss-go-sdk,
 * TestCreateBucketWithServerEncryption), although EC page 0005-00000002 doesn't list PutBucket.
 * assumed: the same name in another region is taken. The limit of 100 buckets per region (doc 185228) can be raised for
 * an account, and is not kept here.
 */
function putBucket(call: CreationCall): OperationResult {
    const { request, state, environment, accountId, bucketName, region } = call;
    if (!BUCKET_NAME.test(bucketName)) {
        throw new OssError("invalidBucketName", [["BucketName", bucketName]]);
    }
    const acl = request.header("x-oss-acl");
    if (acl !== undefined && !isAcl(acl)) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "x-oss-acl"],
            ["ArgumentValue", acl],
        ]);
    }
    const configuration = call.body.byteLength === 0 ? undefined : readCreation(call.body);
    const encryption = readEncryptionHeaders(request);
    const existing = state.buckets.get(bucketName);
    if (
        existing !== undefined &&
        (existing.accountId !== accountId || existing.region !== (region ?? existing.region))
    ) {
        throw new OssError("bucketAlreadyExists", [["BucketName", bucketName]]);
    }
    const bucket =
        existing ??
        newBucket({
            name: bucketName,
            accountId,
            creationDate: environment.now(),
            ...(region !== undefined && { region }),
            ...configuration,
        });
    bucket.acl = acl ?? bucket.acl;
    bucket.encryption = encryption ?? bucket.encryption;
    state.buckets.set(bucketName, bucket);
    return { status: 200, headers: [["Location", `/${bucketName}`]] };
}

function readCreation(body: Uint8Array): Partial<Pick<Bucket, "storageClass" | "dataRedundancyType">> {
    const configuration = readConfiguration(body, "CreateBucketConfiguration", ["StorageClass", "DataRedundancyType"]);
    const storageClass = configuration.get("StorageClass");
    const dataRedundancyType = configuration.get("DataRedundancyType");
    if (
        (storageClass !== undefined && !STORAGE_CLASSES.includes(storageClass)) ||
        (dataRedundancyType !== undefined && !REDUNDANCY_TYPES.includes(dataRedundancyType))
    ) {
        throw new OssError("malformedXml");
    }
    return {
        ...(storageClass !== undefined && { storageClass }),
        ...(dataRedundancyType !== undefined && { dataRedundancyType }),
    };
}

function isAcl(acl: string): acl is BucketAcl {
    return ACLS.includes(acl);
}

/** documented: DeleteBucket (doc 31973). */
function deleteBucket({ state, bucket }: BucketCall): OperationResult {
    if (bucket.objects.size > 0) {
        throw new OssError("bucketNotEmpty", [["BucketName", bucket.name]]);
    }
    state.buckets.delete(bucket.name);
    return { status: 204 };
}

/**
 * documented: GetBucketInfo (doc 31968). verified with oss2's parser: the rule stands right under
 * ServerSideEncryptionRule, and without a rule its SSEAlgorithm is `None`.
 */
function getBucketInfo({ bucket }: BucketCall): OperationResult {
    const rule = bucket.encryption;
    return {
        status: 200,
        xml: writeXml("BucketInfo", [
            [
                "Bucket",
                [
                    ["AccessMonitor", "Disabled"],
                    ...summary(bucket),
                    ["TransferAcceleration", "Disabled"],
                    ["CrossRegionReplication", "Disabled"],
                    ["DataRedundancyType", bucket.dataRedundancyType],
                    ["Owner", owner(bucket.accountId)],
                    ["AccessControlList", [["Grant", bucket.acl]]],
                    [
                        "ServerSideEncryptionRule",
                        [
                            ["SSEAlgorithm", rule?.sseAlgorithm ?? "None"],
                            rule?.kmsMasterKeyId === undefined ? undefined : ["KMSMasterKeyID", rule.kmsMasterKeyId],
                            rule?.kmsDataEncryption === undefined
                                ? undefined
                                : ["KMSDataEncryption", rule.kmsDataEncryption],
                        ],
                    ],
                    [
                        "BucketPolicy",
                        [
                            ["LogBucket", ""],
                            ["LogPrefix", ""],
                        ],
                    ],
                ],
            ],
        ]),
    };
}

/** documented: GetBucketLocation (doc 31967); the location is the root's text. */
function getBucketLocation({ bucket }: BucketCall): OperationResult {
    return { status: 200, xml: writeXml("LocationConstraint", locationOf(bucket.region)) };
}

/** documented: GetBucketAcl (doc 31966). */
function getBucketAcl({ bucket }: BucketCall): OperationResult {
    return {
        status: 200,
        xml: writeXml("AccessControlPolicy", [
            ["Owner", owner(bucket.accountId)],
            ["AccessControlList", [["Grant", bucket.acl]]],
        ]),
    };
}

function summary(bucket: Bucket): XmlNode[] {
    return [
        ["CreationDate", apiTime(bucket.creationDate)],
        ["ExtranetEndpoint", publicEndpointOf(bucket.region)],
        ["IntranetEndpoint", internalEndpointOf(bucket.region)],
        ["Location", locationOf(bucket.region)],
        ["Name", bucket.name],
        ["StorageClass", bucket.storageClass],
    ];
}

function owner(accountId: string): XmlNode[] {
    return [
        ["ID", accountId],
        ["DisplayName", accountId],
    ];
}
