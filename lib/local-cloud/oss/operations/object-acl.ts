import { writeXml } from "../../xml/xml-writer";
import { ownerElement } from "../bucket-elements";
import { OssError } from "../errors";
import { readObjectAcl } from "../object-settings";
import { requestedObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";

export const objectAclRoutes: readonly Route[] = [
    {
        operation: "PutObjectACL",
        method: "PUT",
        level: "object",
        access: "owner",
        action: "oss:PutObjectAcl",
        versionAction: "oss:PutObjectVersionAcl",
        selector: "acl",
        parameters: ["versionId"],
        handle: putObjectAcl,
    },
    {
        operation: "GetObjectACL",
        method: "GET",
        level: "object",
        access: "owner",
        action: "oss:GetObjectAcl",
        versionAction: "oss:GetObjectVersionAcl",
        selector: "acl",
        parameters: ["versionId"],
        handle: getObjectAcl,
    },
];

/** documented: PutObjectACL (doc 31986); the header is required. */
function putObjectAcl(call: ObjectCall): OperationResult {
    const { request, bucket, key, state } = call;
    const acl = readObjectAcl(request);
    if (acl === undefined) {
        throw new OssError(
            "invalidArgument",
            [["ArgumentName", "x-oss-object-acl"]],
            "The header x-oss-object-acl is missing.",
        );
    }
    const object = requestedObject(call);
    state.bucketTable.updateVersion(bucket, key, { ...object, acl });
    return { status: 200, headers: versionHeaders(bucket, object) };
}

/** documented: GetObjectACL (doc 31987). */
function getObjectAcl(call: ObjectCall): OperationResult {
    const { bucket } = call;
    const object = requestedObject(call);
    return {
        status: 200,
        headers: versionHeaders(bucket, object),
        xml: writeXml("AccessControlPolicy", [
            ["Owner", ownerElement(bucket.accountId)],
            ["AccessControlList", [["Grant", object.acl]]],
        ]),
    };
}
