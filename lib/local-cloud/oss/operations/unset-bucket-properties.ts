import { writeXml } from "../../xml/xml-writer";
import { OssError, type OssErrorName } from "../errors";
import type { OperationResult, Route } from "../operation";

/**
 * Settings that no bucket of this server has. The provider of Terraform (and of `@pulumi/alicloud`, which is built on
 * it) reads all of these after each change of a bucket.
 */
export const unsetBucketPropertyRoutes: readonly Route[] = [
    missing("GetBucketCors", "cors", "noSuchCorsConfiguration"),
    missing("GetBucketLifecycle", "lifecycle", "noSuchLifecycle"),
    missing("GetBucketTransferAcceleration", "transferAcceleration", "noSuchTransferAcceleration"),
    missing("GetBucketWebsite", "website", "noSuchWebsiteConfiguration"),
    // documented: GetBucketLogging: an empty BucketLoggingStatus where no logging is set.
    empty("GetBucketLogging", "logging", writeXml("BucketLoggingStatus", [])),
    // verified: the clean-up of aliyun-oss-go-sdk's live tests lists live channels.
    {
        ...empty(
            "ListLiveChannel",
            "live",
            writeXml("ListLiveChannelResult", [
                ["Prefix", ""],
                ["Marker", ""],
                ["MaxKeys", 100],
                ["IsTruncated", false],
            ]),
        ),
        parameters: ["marker", "max-keys", "prefix"],
    },
    // documented: GetBucketReferer: every Referer, and no Referer, is allowed until a list is set.
    empty(
        "GetBucketReferer",
        "referer",
        writeXml("RefererConfiguration", [
            ["AllowEmptyReferer", true],
            ["RefererList", []],
        ]),
    ),
];

function missing(operation: string, name: string, error: OssErrorName): Route {
    return read(operation, name, () => {
        throw new OssError(error);
    });
}

function empty(operation: string, name: string, xml: string): Route {
    return read(operation, name, () => ({ status: 200, xml }));
}

function read(operation: string, name: string, handle: () => OperationResult): Route {
    return { operation, method: "GET", level: "bucket", selector: name, handle };
}
