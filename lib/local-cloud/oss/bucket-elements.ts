import { type Bucket, type BucketAcl, bucketAcls } from "../cloud/bucket";
import type { XmlNode } from "../xml/xml-writer";
import { apiTime } from "./api-values";
import { OssError } from "./errors";
import { internalEndpointOf, locationOf, publicEndpointOf } from "./names";
import type { OssRequest } from "./oss-request";

/** The elements that ListBuckets and GetBucketInfo share. */
export function bucketSummary(bucket: Bucket): XmlNode[] {
    return [
        ["CreationDate", apiTime(bucket.creationDate)],
        ["ExtranetEndpoint", publicEndpointOf(bucket.region)],
        ["IntranetEndpoint", internalEndpointOf(bucket.region)],
        ["Location", locationOf(bucket.region)],
        ["Name", bucket.name],
        ["StorageClass", bucket.storageClass],
    ];
}

export function ownerElement(accountId: string): XmlNode[] {
    return [
        ["ID", accountId],
        ["DisplayName", accountId],
    ];
}

/**
 * The header x-oss-acl, when it is there.
 * assumed: an empty one is an absent one, since Terraform's provider sends it for a bucket without an ACL in its
 * configuration.
 * @throws OssError InvalidArgument
 */
export function readAcl(request: OssRequest): BucketAcl | undefined {
    const acl = request.header("x-oss-acl") || undefined;
    if (acl !== undefined && !bucketAcls.includes(acl as BucketAcl)) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "x-oss-acl"],
            ["ArgumentValue", acl],
        ]);
    }
    return acl as BucketAcl | undefined;
}
