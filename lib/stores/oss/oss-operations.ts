import type { IncomingHttpHeaders } from "node:http";

/** One kind of request to OSS: how it is sent, and how messages name it. */
export interface OssOperation {
    readonly method: "GET" | "PUT" | "DELETE";
    /** What fails, for messages, for instance `read the default encryption rule`. */
    readonly aim: string;
    /** The action that RAM grants for it. */
    readonly action: string;
    /** Removes what must not stay, so it also runs after a cancellation. */
    readonly cleansUp?: boolean;
}

/** Requests about a bucket's rule. */
export const ruleOperations = {
    GET: { method: "GET", aim: "read the default encryption rule", action: "oss:GetBucketEncryption" },
    PUT: { method: "PUT", aim: "write the default encryption rule", action: "oss:PutBucketEncryption" },
    DELETE: { method: "DELETE", aim: "remove the default encryption rule", action: "oss:DeleteBucketEncryption" },
} as const satisfies Record<OssOperation["method"], OssOperation>;

/** Requests about buckets besides their rules. */
export const directoryOperations = {
    list: { method: "GET", aim: "list the buckets of the account", action: "oss:ListBuckets" },
    describe: { method: "GET", aim: "read the bucket's information", action: "oss:GetBucketInfo" },
    tags: { method: "GET", aim: "read the bucket's tags", action: "oss:GetBucketTagging" },
} as const satisfies Record<string, OssOperation>;

/** Requests about the object that proves a rule; see `OssEncryptionStore.encryptProof`. */
export const proofOperations = {
    write: { method: "PUT", aim: "write the object that proves the rule", action: "oss:PutObject" },
    read: { method: "GET", aim: "read the object that proves the rule", action: "oss:GetObject" },
    remove: {
        method: "DELETE",
        aim: "delete the object that proves the rule",
        action: "oss:DeleteObject",
        cleansUp: true,
    },
} as const satisfies Record<string, OssOperation>;

/** Requests about objects that a rollout's workers share. */
export const objectOperations = {
    write: { method: "PUT", aim: "write an object of the rollout's shared place", action: "oss:PutObject" },
    read: { method: "GET", aim: "read an object of the rollout's shared place", action: "oss:GetObject" },
} as const satisfies Record<string, OssOperation>;

/** A request for one operation. */
export interface OssRequest<Answer> {
    readonly operation: OssOperation;
    /** Left out for a request about the account. */
    readonly bucket?: string;
    /** Key of an object in the bucket; only characters that a URL's path holds as they are. */
    readonly object?: string;
    /** Query parameters, not encoded; an empty value is written as the name alone. */
    readonly query?: Readonly<Record<string, string>>;
    /** An XML document, or an object's content. */
    readonly body?: string;
    /** What no message shows, besides the credentials. */
    readonly hidden?: readonly string[];
    /** Reads a success. A DocumentFault that it throws becomes an `invalid-answer`. */
    readonly understand: (body: Buffer, headers: IncomingHttpHeaders) => Answer;
}
