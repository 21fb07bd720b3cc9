import type { MultipartUpload } from "../../cloud/bucket";
import { OssError, type OssErrorName } from "../errors";
import type { ObjectCall } from "../operation";
import type { OssRequest } from "../oss-request";

const maxPartNumber = 10_000;

/** The upload that `uploadId` names. @throws OssError NoSuchUpload */
export function findUpload({ request, bucket, key }: ObjectCall): MultipartUpload {
    const id = request.query.get("uploadId") ?? "";
    const upload = bucket.uploads.get(id);
    if (upload === undefined || upload.key !== key) {
        throw new OssError(errorFor(request), [["UploadId", id]]);
    }
    return upload;
}

/** documented: 1 to 10,000; else InvalidArgument (UploadPart). */
export function readPartNumber(text: string): number {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > maxPartNumber) {
        throw new OssError(
            "invalidArgument",
            [
                ["ArgumentName", "partNumber"],
                ["ArgumentValue", text],
            ],
            `Part number must be an integer between 1 and ${maxPartNumber}.`,
        );
    }
    return number;
}

function errorFor(request: OssRequest): OssErrorName {
    if (request.method !== "PUT") {
        return "noSuchUpload";
    }
    return request.header("x-oss-copy-source") === undefined ? "noSuchUploadForPart" : "noSuchUploadForCopy";
}
