import { type Bucket, newBucket } from "../../cloud/bucket";
import { isStorageClass } from "../../cloud/storage-class";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { readCount } from "../api-values";
import { bucketSummary, ownerElement, readAcl } from "../bucket-elements";
import { readEncryptionHeaders } from "../encryption-headers";
import { OssError } from "../errors";
import { bucketNamePattern } from "../names";
import type { AccountCall, BucketCall, CreationCall, OperationResult, Route } from "../operation";
import type { OssRequest } from "../oss-request";
import { readConfiguration } from "../read-configuration";
import { tagSet } from "../tag-elements";

/** GET Service, and the operations on a bucket itself. */
export const bucketRoutes: readonly Route[] = [
    {
        operation: "ListBuckets",
        method: "GET",
        level: "service",
        parameters: ["prefix", "marker", "max-keys", "tag-key", "tag-value", "tagging"],
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
];

/**
 * documented: GetService (doc 31957). max-keys 1 to 1000, 100 by default; the elements about paging appear only when the
 * list is not complete. tag-key and tag-value filter by tags (docstring of oss2's Service.list_buckets).
 */
function listBuckets({ request, state, principal: { accountId } }: AccountCall): OperationResult {
    const prefix = request.query.get("prefix") ?? "";
    // verified: a prefix that no bucket's name can have is refused (live test of aliyun-oss-go-sdk). The code is assumed.
    if (!/^[a-z0-9-]*$/.test(prefix)) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "prefix"],
            ["ArgumentValue", prefix],
        ]);
    }
    const marker = request.query.get("marker") ?? "";
    const maxKeys = readCount(request, "max-keys", 100);
    const tagKey = request.query.get("tag-key") ?? "";
    const tagValue = request.query.get("tag-value") ?? "";
    if (tagKey === "" && tagValue !== "") {
        throw new OssError("invalidArgument", [["ArgumentName", "tag-key"]], "tag-value needs tag-key.");
    }
    const wanted = readTagFilter(request);
    const matching = state.bucketTable
        .ofAccount(accountId)
        .filter(({ name }) => name.startsWith(prefix) && (marker === "" || name > marker))
        .filter(({ tags }) => tagKey === "" || hasTag(tags, tagKey, tagValue))
        .filter(({ tags }) => wanted.every(([key, value]) => hasTag(tags, key, value)));
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
            ["Owner", ownerElement(accountId)],
            ["Buckets", page.map((bucket): XmlNode => ["Bucket", listedElements(bucket, wanted.length > 0)])],
        ]),
    };
}

/** verified: a list by tags names the tags (live test of ali-oss, test/node/bucket.test.js). assumed: as GetBucketTagging does. */
function listedElements(bucket: Bucket, namesTags: boolean): XmlNode[] {
    const tags = namesTags ? (["Tagging", [tagSet(bucket.tags)]] as const) : undefined;
    return [...bucketSummary(bucket), ["Region", bucket.region], tags];
}

/** verified: the form is `"k1":"v1","k2":"v2"`, and all of them must match (live test of alibabacloud-oss-go-sdk-v2). */
function readTagFilter({ query }: OssRequest): [key: string, value: string][] {
    const text = query.get("tagging") ?? "";
    const pairs = [...text.matchAll(/"([^"]*)":"([^"]*)"(?:,|$)/g)];
    if (pairs.map(([pair]) => pair).join("") !== text) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "tagging"],
            ["ArgumentValue", text],
        ]);
    }
    return pairs.map(([, key = "", value = ""]) => [key, value]);
}

function hasTag(tags: Bucket["tags"], wanted: string, value: string): boolean {
    return tags.some(([key, held]) => key === wanted && (value === "" || held === value));
}

const redundancyTypes = ["LRS", "ZRS"];

/**
 * documented: PutBucket (doc 31959); a repeated call by the owner succeeds and sets the ACL again; a name of another
 * owner is 409. verified: the encryption headers set the bucket's rule (live test of aliyun-oss-go-sdk,
 * TestCreateBucketWithServerEncryption), although EC page 0005-00000002 does not list PutBucket.
 * assumed: a name of the owner's in another region is 409 too. The limit of 100 buckets per region (doc 185228) is not
 * enforced, since it can be raised for an account.
 */
function putBucket(call: CreationCall): OperationResult {
    const { request, state, environment, bucketName, region } = call;
    const { accountId } = call.principal;
    if (!bucketNamePattern.test(bucketName)) {
        throw new OssError("invalidBucketName", [["BucketName", bucketName]]);
    }
    const acl = readAcl(request);
    const configuration = call.body.byteLength === 0 ? undefined : readCreation(call.body);
    const encryption = readEncryptionHeaders(request);
    const existing = state.buckets.get(bucketName);
    if (
        existing !== undefined &&
        (existing.accountId !== accountId || existing.region !== (region ?? existing.region))
    ) {
        throw new OssError("bucketAlreadyExists", [["BucketName", bucketName]]);
    }
    const settings = { ...(acl && { acl }), ...(encryption && { encryption }) };
    if (existing !== undefined) {
        state.bucketTable.update(existing, settings);
    } else {
        const creationDate = environment.now();
        const given = { name: bucketName, accountId, creationDate, ...(region && { region }), ...configuration };
        state.bucketTable.add(newBucket({ ...given, ...settings }));
    }
    return { status: 200, headers: [["Location", `/${bucketName}`]] };
}

function readCreation(body: Uint8Array): Partial<Pick<Bucket, "storageClass" | "dataRedundancyType">> {
    const configuration = readConfiguration(body, "CreateBucketConfiguration", ["StorageClass", "DataRedundancyType"]);
    const storageClass = configuration.get("StorageClass");
    const dataRedundancyType = configuration.get("DataRedundancyType");
    if (
        (storageClass !== undefined && !isStorageClass(storageClass)) ||
        (dataRedundancyType !== undefined && !redundancyTypes.includes(dataRedundancyType))
    ) {
        throw new OssError("malformedXml");
    }
    return {
        ...(storageClass !== undefined && { storageClass }),
        ...(dataRedundancyType !== undefined && { dataRedundancyType }),
    };
}

/** documented: DeleteBucket (doc 31973): neither objects nor parts of unfinished uploads may be left. */
function deleteBucket({ state, bucket }: BucketCall): OperationResult {
    if (bucket.objects.size > 0 || bucket.uploads.size > 0) {
        throw new OssError("bucketNotEmpty", [["BucketName", bucket.name]]);
    }
    state.bucketTable.remove(bucket);
    return { status: 204 };
}
