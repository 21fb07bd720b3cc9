import type { ErrorEntry } from "./error-entry";

/** Buckets and their settings. */
export const bucketErrors = {
    /** documented: EC 0015-00000101 in the fixtures of the official SDKs. */
    noSuchBucket: {
        status: 404,
        code: "NoSuchBucket",
        ec: "0015-00000101",
        message: "The specified bucket does not exist.",
    },
    /** documented: PutBucket (doc 31959), another owner's name. */
    bucketAlreadyExists: {
        status: 409,
        code: "BucketAlreadyExists",
        ec: "0015-00000104",
        message:
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
    },
    /** documented: DeleteBucket; EC in the fixtures of the official SDKs. */
    bucketNotEmpty: {
        status: 409,
        code: "BucketNotEmpty",
        ec: "0015-00000301",
        message: "The bucket has objects. Please delete them first.",
    },
    /** documented: doc 185228. */
    invalidBucketName: { status: 400, code: "InvalidBucketName", message: "The specified bucket is not valid." },

    /** documented: PutBucketTagging, its limits; the code is assumed from oss2 exceptions.py and PutObjectTagging. */
    invalidTag: { status: 400, code: "InvalidTag", message: "The tags you provided are not valid." },

    // Settings that no bucket here has. documented: the codes and messages of HTTP 404 (doc 185804); no source gives an
    // EC.
    noSuchCorsConfiguration: {
        status: 404,
        code: "NoSuchCORSConfiguration",
        message: "The CORS Configuration does not exist.",
    },
    noSuchLifecycle: { status: 404, code: "NoSuchLifecycle", message: "No Row found in Lifecycle Table." },
    noSuchBucketPolicy: {
        status: 404,
        code: "NoSuchBucketPolicy",
        message: "The specified bucket policy does not exist.",
    },
    noSuchTransferAcceleration: {
        status: 404,
        code: "NoSuchTransferAccelerationConfiguration",
        message: "The bucket you specified does not have transfer acceleration configuration.",
    },
    noSuchWebsiteConfiguration: {
        status: 404,
        code: "NoSuchWebsiteConfiguration",
        message: "The specified bucket does not have a website configuration.",
    },

    // Retention, overwrite protection, inventory.
    /** documented: oss2 exceptions.py; verified: live test of oss2 (tests/test_bucket_worm.py). */
    noSuchWorm: {
        status: 404,
        code: "NoSuchWORMConfiguration",
        message: "The bucket has no WORM configuration.",
    },
    /** verified: live test of oss2 (tests/test_bucket_worm.py). */
    wormLocked: {
        status: 403,
        code: "WORMConfigurationLocked",
        message: "The WORM configuration is locked.",
    },
    /** verified: live test of oss2 (tests/test_bucket_worm.py). */
    invalidWorm: {
        status: 400,
        code: "InvalidWORMConfiguration",
        message: "The WORM configuration is not valid.",
    },
    /** documented: InitiateBucketWorm: one policy at a time; the code is assumed. */
    wormExists: {
        status: 409,
        code: "WORMConfigurationAlreadyExists",
        message: "The bucket has a WORM configuration.",
    },
    /** documented: GetBucketOverwriteConfig, 404; the code is assumed. */
    noSuchOverwriteConfig: {
        status: 404,
        code: "NoSuchBucketOverwriteConfig",
        message: "The bucket has no overwrite configuration.",
    },
    /** documented: GetBucketInventory; code in oss2 exceptions.py. */
    noSuchInventory: {
        status: 404,
        code: "NoSuchInventory",
        message: "The specified inventory does not exist.",
    },
    /** documented: PutBucketInventory, an id that is in use with another rule; the code is assumed. */
    inventoryExists: {
        status: 409,
        code: "InventoryAlreadyExist",
        message: "The inventory id is in use.",
    },
    /** documented: PutBucketPolicy; the code is in common usage. */
    malformedPolicy: {
        status: 400,
        code: "InvalidPolicyDocument",
        message: "The policy document is not valid.",
    },
} as const satisfies Record<string, ErrorEntry>;
