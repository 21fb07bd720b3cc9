import { isDeepStrictEqual } from "node:util";
import type { InventoryRule } from "../../cloud/bucket";
import type { EncryptionRule } from "../../cloud/encryption-rule";
import type { XmlElement } from "../../xml/xml-reader";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readXmlRoot } from "../read-configuration";

const inventoryRoute = { level: "bucket", selector: "inventory" } as const;
const maxRules = 1000;
const pageSize = 100;
/** documented: the optional columns (bucket-inventory, PutBucketInventory). */
const inventoryFields = [
    "Size",
    "LastModifiedDate",
    "ETag",
    "StorageClass",
    "IsMultipartUploaded",
    "EncryptionStatus",
    "ObjectAcl",
    "TaggingCount",
    "ObjectType",
    "Crc64",
];
const frequencies = ["Daily", "Weekly", "Monthly", "Once"];
const filters = [
    "Prefix",
    "LastModifyBeginTimeStamp",
    "LastModifyEndTimeStamp",
    "LowerSizeBound",
    "UpperSizeBound",
    "StorageClass",
];

/** Rules for lists of a bucket's objects. The lists themselves are written when the control API is asked to. */
export const bucketInventoryRoutes: readonly Route[] = [
    { ...inventoryRoute, operation: "PutBucketInventory", method: "PUT", parameters: ["inventoryId"], handle: put },
    {
        ...inventoryRoute,
        operation: "GetBucketInventory",
        method: "GET",
        parameters: ["inventoryId", "continuation-token"],
        handle: getOrList,
    },
    {
        ...inventoryRoute,
        operation: "DeleteBucketInventory",
        method: "DELETE",
        parameters: ["inventoryId"],
        handle: remove,
    },
];

/** documented: PutBucketInventory: 1,000 rules at most; an id that is in use with another rule is a conflict. */
function put({ request, bucket, body, state }: BucketCall): OperationResult {
    const rule = readRule(readXmlRoot(body, "InventoryConfiguration"));
    if (rule.id !== request.query.get("inventoryId")) {
        throw new OssError("malformedXml", [["ErrorDetail", "Id differs from inventoryId"]]);
    }
    const existing = bucket.inventories.find(({ id }) => id === rule.id);
    if (existing !== undefined && !isDeepStrictEqual(existing, rule)) {
        throw new OssError("inventoryExists");
    }
    if (existing === undefined && bucket.inventories.length >= maxRules) {
        throw new OssError("invalidArgument", [], `A bucket has at most ${maxRules} inventories.`);
    }
    const others = bucket.inventories.filter(({ id }) => id !== rule.id);
    const inventories = [...others, rule].sort((a, b) => (a.id < b.id ? -1 : 1));
    state.bucketTable.update(bucket, { inventories });
    return { status: 200 };
}

/** documented: GetBucketInventory with an id; ListBucketInventory without one, 100 a page. */
function getOrList({ request, bucket }: BucketCall): OperationResult {
    const id = request.query.get("inventoryId");
    if (id !== undefined && id !== "") {
        const rule = bucket.inventories.find((candidate) => candidate.id === id);
        if (rule === undefined) {
            throw new OssError("noSuchInventory");
        }
        return { status: 200, xml: writeXml("InventoryConfiguration", ruleElements(rule)) };
    }
    const token = request.query.get("continuation-token") ?? "";
    const left = bucket.inventories.filter((rule) => rule.id > token);
    if (left.length === 0 && token === "") {
        throw new OssError("noSuchInventory");
    }
    const page = left.slice(0, pageSize);
    const isTruncated = page.length < left.length;
    return {
        status: 200,
        xml: writeXml("ListInventoryConfigurationsResult", [
            ...page.map((rule): XmlNode => ["InventoryConfiguration", ruleElements(rule)]),
            ["IsTruncated", isTruncated],
            token === "" ? undefined : ["ContinuationToken", token],
            isTruncated ? ["NextContinuationToken", page.at(-1)?.id ?? ""] : undefined,
        ]),
    };
}

/** documented: DeleteBucketInventory, 204. assumed: also when there was none. */
function remove({ request, bucket, state }: BucketCall): OperationResult {
    const id = request.query.get("inventoryId") ?? "";
    state.bucketTable.update(bucket, { inventories: bucket.inventories.filter((rule) => rule.id !== id) });
    return { status: 204 };
}

function readRule(root: XmlElement): InventoryRule {
    if (at(root, "IncrementalInventory") !== undefined) {
        throw new OssError("notImplemented", [], "The local cloud has no incremental inventories.");
    }
    const destination = at(root, "Destination", "OSSBucketDestination");
    const filter = at(root, "Filter");
    const rule: InventoryRule = {
        id: textOf(root, "Id"),
        // verified: oss2 writes True.
        isEnabled: /^true$/i.test(textOf(root, "IsEnabled")),
        frequency: textOf(at(root, "Schedule"), "Frequency"),
        filter: Object.fromEntries((filter?.children ?? []).map(({ name, text }) => [name, text])),
        versions: textOf(root, "IncludedObjectVersions"),
        fields: (at(root, "OptionalFields")?.children ?? []).map(({ text }) => text),
        destination: {
            bucket: /^acs:oss:::(.+)$/.exec(textOf(destination, "Bucket"))?.[1] ?? "",
            prefix: textOf(destination, "Prefix"),
            accountId: textOf(destination, "AccountId"),
            roleArn: textOf(destination, "RoleArn"),
            encryption: readEncryption(at(destination, "Encryption")),
        },
    };
    const isValid =
        /^[\w-]{1,255}$/.test(rule.id) &&
        frequencies.includes(rule.frequency) &&
        ["All", "Current"].includes(rule.versions) &&
        rule.fields.every((field) => inventoryFields.includes(field)) &&
        Object.keys(rule.filter).every((name) => filters.includes(name)) &&
        textOf(destination, "Format") === "CSV" &&
        rule.destination.bucket !== "";
    if (!isValid) {
        throw new OssError("malformedXml");
    }
    return rule;
}

function readEncryption(element: XmlElement | undefined): EncryptionRule | undefined {
    const kms = at(element, "SSE-KMS");
    // verified: both at once are refused (live test of aliyun-oss-go-sdk). The code is assumed.
    if (kms !== undefined && at(element, "SSE-OSS") !== undefined) {
        throw new OssError("malformedXml");
    }
    if (kms !== undefined) {
        return { sseAlgorithm: "KMS", kmsMasterKeyId: textOf(kms, "KeyId") };
    }
    return at(element, "SSE-OSS") === undefined ? undefined : { sseAlgorithm: "AES256" };
}

function ruleElements(rule: InventoryRule): XmlNode[] {
    const { destination } = rule;
    const filter = Object.entries(rule.filter);
    return [
        ["Id", rule.id],
        ["IsEnabled", rule.isEnabled],
        [
            "Destination",
            [
                [
                    "OSSBucketDestination",
                    [
                        ["Format", "CSV"],
                        ["AccountId", destination.accountId],
                        ["RoleArn", destination.roleArn],
                        ["Bucket", `acs:oss:::${destination.bucket}`],
                        ["Prefix", destination.prefix],
                        encryptionElement(destination.encryption),
                    ],
                ],
            ],
        ],
        ["Schedule", [["Frequency", rule.frequency]]],
        filter.length === 0 ? undefined : ["Filter", filter],
        ["IncludedObjectVersions", rule.versions],
        ["OptionalFields", rule.fields.map((field): XmlNode => ["Field", field])],
    ];
}

function encryptionElement(encryption: EncryptionRule | undefined): XmlNode {
    if (encryption === undefined) {
        return undefined;
    }
    const { kmsMasterKeyId } = encryption;
    return ["Encryption", [kmsMasterKeyId === undefined ? ["SSE-OSS", ""] : ["SSE-KMS", [["KeyId", kmsMasterKeyId]]]]];
}

function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
    let found = element;
    for (const name of path) {
        found = found?.children.find((child) => child.name === name);
    }
    return found;
}

function textOf(element: XmlElement | undefined, name: string): string {
    return at(element, name)?.text ?? "";
}
