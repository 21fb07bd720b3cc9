import type { ErrorEntry } from "./error-entry";

/** Objects, versions and uploads. */
export const objectErrors = {
    /** documented: doc 185804 and oss2 exceptions.py (ObjectNotAppendable, PositionNotEqualToLength). */
    objectNotAppendable: { status: 409, code: "ObjectNotAppendable", message: "The object is not appendable." },
    positionNotEqualToLength: {
        status: 409,
        code: "PositionNotEqualToLength",
        message: "Position is not equal to file length",
    },
    /** documented: PutObject, x-oss-forbid-overwrite. */
    fileAlreadyExists: {
        status: 409,
        code: "FileAlreadyExists",
        message: "The object you specified already exists and can not be overwritten.",
    },
    /** documented: GetObject, If-Match and If-Unmodified-Since. */
    preconditionFailed: {
        status: 412,
        code: "PreconditionFailed",
        message: "At least one of the pre-conditions you specified did not hold.",
    },
    /** documented: GetObject, x-oss-range-behavior: standard. */
    invalidRange: { status: 416, code: "InvalidRange", message: "The requested range cannot be satisfied." },
    /** documented: UploadPart, CompleteMultipartUpload and oss2 exceptions.py; EC page 0042-00000002. */
    noSuchUpload: {
        status: 404,
        code: "NoSuchUpload",
        ec: "0042-00000002",
        message:
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    },
    /** verified: live test of alibabacloud-oss-go-sdk-v2 (client_integration_test.go), its spelling included. */
    completeAllWithBody: {
        status: 400,
        code: "InvalidArgument",
        ec: "0042-00000216",
        message: "Should not speficy both complete all header and http body.",
    },
    /** verified: live test of alibabacloud-oss-go-sdk-v2: UploadPart has an EC of its own. */
    noSuchUploadForPart: {
        status: 404,
        code: "NoSuchUpload",
        ec: "0042-00000104",
        message:
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    },
    /** verified: as above, for UploadPartCopy. */
    noSuchUploadForCopy: {
        status: 404,
        code: "NoSuchUpload",
        ec: "0042-00000311",
        message:
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    },
    invalidPart: {
        status: 400,
        code: "InvalidPart",
        message:
            "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
    },
    invalidPartOrder: {
        status: 400,
        code: "InvalidPartOrder",
        message: "The list of parts was not in ascending order. Parts list must be specified in order by part number.",
    },
    /** documented: status and code in oss2 exceptions.py; the text is assumed. */
    partNotSequential: {
        status: 400,
        code: "PartNotSequential",
        message: "The parts of a sequential upload have to be uploaded in order.",
    },
    entityTooSmall: {
        status: 400,
        code: "EntityTooSmall",
        message: "Your proposed upload is smaller than the minimum allowed object size.",
    },
    /** verified: live test of oss2 (tests/test_exception_ec.py). */
    noSuchKey: { status: 404, code: "NoSuchKey", ec: "0026-00000001", message: "The specified key does not exist." },
    /** verified: live test of oss2 (tests/test_object.py). */
    invalidObjectName: { status: 400, code: "InvalidObjectName", message: "The specified object name is not valid." },

    // Versions.
    /** verified: live test of aliyun-oss-go-sdk (bucket_test.go). */
    noSuchVersion: {
        status: 404,
        code: "NoSuchVersion",
        message: "The specified version does not exist.",
    },

    // Storage classes.
    /** documented: GetObject (doc 31980), an archived object that is not restored. */
    invalidObjectState: {
        status: 403,
        code: "InvalidObjectState",
        message: "The operation is not valid for the object's state.",
    },
    /** documented: RestoreObject; status and code in oss2 exceptions.py. */
    restoreAlreadyInProgress: {
        status: 409,
        code: "RestoreAlreadyInProgress",
        message: "The restore operation is in progress.",
    },
    /** documented: RestoreObject; status and code in oss2 exceptions.py. */
    operationNotSupported: {
        status: 400,
        code: "OperationNotSupported",
        message: "The operation is not supported for this resource.",
    },

    // Symbolic links. documented: GetSymlink, GetObject.
    /** documented: GetSymlink. */
    notSymlink: {
        status: 400,
        code: "NotSymlink",
        message: "The object is not a symbolic link.",
    },
    /** documented: GetObject, a link whose target is missing. */
    symlinkTargetMissing: {
        status: 404,
        code: "SymlinkTargetNotExist",
        message: "The symlink object you request points to an object that does not exist.",
    },
    /** documented: GetObject, a link whose target is a link. */
    symlinkToSymlink: {
        status: 400,
        code: "InvalidTargetType",
        message: "The symbolic link points to a symbolic link.",
    },

    // Protection.
    /** documented: retention policy, http-status-code-409 (FileImmutable). */
    fileImmutable: {
        status: 409,
        code: "FileImmutable",
        message: "The object you specified is immutable.",
    },
} as const satisfies Record<string, ErrorEntry>;
