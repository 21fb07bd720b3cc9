import type { OverwriteRule } from "../../cloud/bucket";
import type { XmlElement } from "../../xml/xml-reader";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readXmlRoot } from "../read-configuration";

const maxRules = 100;

/** Keys that cannot be overwritten. */
export const overwriteConfigRoutes: readonly Route[] = [
    {
        operation: "PutBucketOverwriteConfig",
        method: "PUT",
        level: "bucket",
        selector: "overwriteConfig",
        handle: putOverwriteConfig,
    },
    {
        operation: "GetBucketOverwriteConfig",
        method: "GET",
        level: "bucket",
        selector: "overwriteConfig",
        handle: getOverwriteConfig,
    },
    {
        operation: "DeleteBucketOverwriteConfig",
        method: "DELETE",
        level: "bucket",
        selector: "overwriteConfig",
        handle: deleteOverwriteConfig,
    },
];

/** documented: PutBucketOverwriteConfig: 100 rules at most, which replace the present ones; a rule without an id gets one. */
function putOverwriteConfig({ bucket, body, state, environment }: BucketCall): OperationResult {
    const rules = readXmlRoot(body, "OverwriteConfiguration").children;
    if (rules.length > maxRules || rules.some(({ name }) => name !== "Rule")) {
        throw new OssError("malformedXml");
    }
    const overwriteRules = rules.map((rule) => readRule(rule, () => environment.newId()));
    state.bucketTable.update(bucket, { overwriteRules });
    return { status: 200 };
}

function readRule({ children }: XmlElement, newId: () => string): OverwriteRule {
    const text = (name: string) => children.find((child) => child.name === name)?.text ?? "";
    if (text("Action") !== "forbid") {
        throw new OssError("malformedXml");
    }
    const principals = children.find(({ name }) => name === "Principals")?.children ?? [];
    return {
        id: text("ID") || newId(),
        prefix: text("Prefix"),
        suffix: text("Suffix"),
        principals: principals.map((principal) => principal.text),
    };
}

/** documented: GetBucketOverwriteConfig: 404 where there is none. */
function getOverwriteConfig({ bucket }: BucketCall): OperationResult {
    if (bucket.overwriteRules.length === 0) {
        throw new OssError("noSuchOverwriteConfig");
    }
    return { status: 200, xml: writeXml("OverwriteConfiguration", bucket.overwriteRules.map(ruleElement)) };
}

function ruleElement({ id, prefix, suffix, principals }: OverwriteRule): XmlNode {
    return [
        "Rule",
        [
            ["ID", id],
            ["Action", "forbid"],
            ["Prefix", prefix],
            ["Suffix", suffix],
            principals.length === 0
                ? undefined
                : ["Principals", principals.map((principal): XmlNode => ["Principal", principal])],
        ],
    ];
}

/** documented: DeleteBucketOverwriteConfig, 204. */
function deleteOverwriteConfig({ bucket, state }: BucketCall): OperationResult {
    state.bucketTable.update(bucket, { overwriteRules: [] });
    return { status: 204 };
}
