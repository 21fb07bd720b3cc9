import type { HeaderLine } from "../cloud/wire";
import { accessErrors } from "./errors/access-errors";
import { authenticationErrors } from "./errors/authentication-errors";
import { bucketErrors } from "./errors/bucket-errors";
import { encryptionErrors } from "./errors/encryption-errors";
import type { ErrorEntry } from "./errors/error-entry";
import { objectErrors } from "./errors/object-errors";
import { requestErrors } from "./errors/request-errors";

/**
 * Every error that this server answers with. The comments mark each as documented (page), verified (who saw this answer
 * of the real service) or assumed.
 */
export const ossErrors = {
    ...authenticationErrors,
    ...accessErrors,
    ...bucketErrors,
    ...encryptionErrors,
    ...objectErrors,
    ...requestErrors,
};

/** documented: http-status-code-503 (bucket management), 429-error. Only a fault makes this server answer so. */
export const throttling = {
    503: {
        status: 503,
        code: "MetaOperationQpsLimitExceeded",
        message: "The number of meta operations per second exceeds the limit of the account.",
    },
    429: { status: 429, code: "QpsLimitExceeded", message: "Please reduce your request rate." },
} as const satisfies Record<number, ErrorEntry>;

export type OssErrorName = keyof typeof ossErrors;

/** Elements of the error document beside the common ones, in order; an element holds text or further elements. */
export type ErrorDetails = readonly (readonly [element: string, content: string | ErrorDetails])[];

/** Ends the handling of a request: its response is this error's document. */
export class OssError extends Error {
    readonly entry: ErrorEntry;
    readonly details: ErrorDetails;
    /** Headers beside the common ones. */
    readonly headers: readonly HeaderLine[];

    /** @param message replaces the usual text with a more precise one */
    constructor(name: OssErrorName, details: ErrorDetails = [], message?: string, headers: readonly HeaderLine[] = []) {
        const entry: ErrorEntry = ossErrors[name];
        super(message ?? entry.message);
        this.entry = entry;
        this.details = details;
        this.headers = headers;
    }
}
