import { writeXml } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readConfiguration } from "../read-configuration";

/** Who pays for requests. Here the setting only decides whether other accounts must state that they pay. */
export const requestPaymentRoutes: readonly Route[] = [
    {
        operation: "PutBucketRequestPayment",
        method: "PUT",
        level: "bucket",
        selector: "requestPayment",
        handle: putRequestPayment,
    },
    {
        operation: "GetBucketRequestPayment",
        method: "GET",
        level: "bucket",
        selector: "requestPayment",
        handle: getRequestPayment,
    },
];

/** documented: PutBucketRequestPayment. */
function putRequestPayment({ bucket, body, state }: BucketCall): OperationResult {
    const payer = readConfiguration(body, "RequestPaymentConfiguration", ["Payer"]).get("Payer");
    if (payer !== "BucketOwner" && payer !== "Requester") {
        throw new OssError("malformedXml");
    }
    state.bucketTable.update(bucket, { requestPayer: payer });
    return { status: 200 };
}

/** documented: GetBucketRequestPayment. */
function getRequestPayment({ bucket }: BucketCall): OperationResult {
    return { status: 200, xml: writeXml("RequestPaymentConfiguration", [["Payer", bucket.requestPayer]]) };
}
