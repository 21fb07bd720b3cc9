import { canonicalizeRule } from "../../rule";
import type { BucketFacts, BucketSummary } from "../bucket-directory";
import { ruleOfFields } from "./encryption-document";
import { childOf, childrenOf, childText, DocumentFault, parseXml, type XmlContent } from "./xml-document";

/** One page of an account's buckets. */
export interface BucketPage {
    readonly buckets: readonly BucketSummary[];
    /** Where the next page begins; `undefined` on the last. */
    readonly nextMarker: string | undefined;
}

/**
 * Reads the body of ListBuckets (GetService).
 * Source: https://help.aliyun.com/en/oss/developer-reference/listbuckets
 */
export function parseBucketPage(body: Buffer): BucketPage {
    const content = contentOf(body, "ListAllMyBucketsResult");
    const owner = childText(childOf(content, "Owner") ?? "", "ID");
    const isTruncated = childText(content, "IsTruncated") === "true";
    const nextMarker = childText(content, "NextMarker");
    if (isTruncated && nextMarker === undefined)
        throw new DocumentFault("it is not complete and does not name its next page");
    const buckets = childrenOf(childOf(content, "Buckets") ?? "", "Bucket").map((bucket) => summaryOf(bucket, owner));
    return { buckets, nextMarker: isTruncated ? nextMarker : undefined };
}

/**
 * Reads the body of GetBucketInfo. The rule stands there without its wrapper, and without a rule its algorithm is `None`.
 * Source: https://help.aliyun.com/en/oss/developer-reference/getbucketinfo
 */
export function parseBucketInfo(body: Buffer): BucketFacts {
    const bucket = childOf(contentOf(body, "BucketInfo"), "Bucket");
    if (bucket === undefined || Array.isArray(bucket)) throw new DocumentFault("it does not have exactly one Bucket");
    const owner = childText(childOf(bucket, "Owner") ?? "", "ID");
    if (owner === undefined) throw new DocumentFault("it names no owner");
    return { ...summaryOf(bucket, owner), owner, rule: reportedRule(childOf(bucket, "ServerSideEncryptionRule")) };
}

/**
 * Reads the body of GetBucketTags.
 * Source: https://help.aliyun.com/en/oss/developer-reference/getbuckettags
 */
export function parseBucketTags(body: Buffer): Record<string, string> {
    const tags = childrenOf(childOf(contentOf(body, "Tagging"), "TagSet") ?? "", "Tag");
    return Object.fromEntries(tags.map((tag) => [required(tag, "Key"), childText(tag, "Value") ?? ""]));
}

function contentOf(body: Buffer, name: string): XmlContent {
    const { root, content } = parseXml(body);
    if (root !== name) throw new DocumentFault(`its root element is not ${name}`);
    return content;
}

function summaryOf(bucket: XmlContent, owner: string | undefined): BucketSummary {
    return {
        name: required(bucket, "Name"),
        // Newer answers name the region id; a location is the name that the region has in its endpoints.
        region: childText(bucket, "Region") ?? required(bucket, "Location").replace(/^oss-/, ""),
        owner,
        createdAt: childText(bucket, "CreationDate"),
        storageClass: childText(bucket, "StorageClass"),
    };
}

function reportedRule(element: XmlContent | undefined): BucketFacts["rule"] {
    const rule = ruleOfFields((field) => childText(element ?? "", field));
    if (rule === undefined) return "not-reported";
    return rule.sseAlgorithm === "None" ? "none" : canonicalizeRule(rule);
}

function required(content: XmlContent, name: string): string {
    const text = childText(content, name);
    if (text === undefined) throw new DocumentFault(`a part of it has no ${name}`);
    return text;
}
