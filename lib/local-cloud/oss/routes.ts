import type { Address } from "./addressing";
import { OssError } from "./errors";
import type { Route } from "./operation";
import { APPEND_OBJECT_ROUTES } from "./operations/append-object";
import { BUCKET_ENCRYPTION_ROUTES } from "./operations/bucket-encryption";
import { BUCKET_PROPERTY_ROUTES } from "./operations/bucket-properties";
import { BUCKET_TAGGING_ROUTES } from "./operations/bucket-tagging";
import { BUCKET_ROUTES } from "./operations/buckets";
import { COPY_OBJECT_ROUTES } from "./operations/copy-object";
import { DELETE_OBJECTS_ROUTES } from "./operations/delete-objects";
import { LIST_OBJECTS_ROUTES } from "./operations/list-objects";
import { MULTIPART_LIST_ROUTES } from "./operations/multipart-lists";
import { MULTIPART_ROUTES } from "./operations/multipart-uploads";
import { OBJECT_ROUTES } from "./operations/objects";
import { UNSET_BUCKET_PROPERTY_ROUTES } from "./operations/unset-bucket-properties";
import type { OssRequest } from "./oss-request";

/** The table of operations. A further one is a row in its topic's file. */
export const ROUTES: readonly Route[] = [
    ...BUCKET_ROUTES,
    ...BUCKET_PROPERTY_ROUTES,
    ...BUCKET_ENCRYPTION_ROUTES,
    ...BUCKET_TAGGING_ROUTES,
    ...UNSET_BUCKET_PROPERTY_ROUTES,
    ...LIST_OBJECTS_ROUTES,
    ...DELETE_OBJECTS_ROUTES,
    ...COPY_OBJECT_ROUTES,
    ...OBJECT_ROUTES,
    ...APPEND_OBJECT_ROUTES,
    ...MULTIPART_ROUTES,
    ...MULTIPART_LIST_ROUTES,
];

const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"];

/**
 * The operation that a request asks for, undefined when it isn't one that this server has.
 * @param ignored query parameters that belong to the signature
 */
export function findRoute(request: OssRequest, address: Address, ignored: readonly string[]): Route | undefined {
    const names = [...request.query.keys()].filter((name) => !ignored.includes(name));
    const candidates = ROUTES.filter(
        (route) =>
            route.method === request.method &&
            concerns(route, address) &&
            (route.selectingHeader === undefined || request.header(route.selectingHeader) !== undefined),
    );
    const route =
        candidates.find(({ selector }) => selector !== undefined && names.includes(selector.name)) ??
        candidates.find(({ selector }) => selector === undefined);
    if (route === undefined) {
        return undefined;
    }
    const { selector, parameters = [], refusedHeaders = [] } = route;
    const understood =
        names.every((name) => name === selector?.name || parameters.includes(name)) &&
        (selector?.value === undefined || request.query.get(selector.name) === selector.value) &&
        !refusedHeaders.some((name) => request.header(name) !== undefined);
    return understood ? route : undefined;
}

/**
 * Something that OSS may well know and this server doesn't is never answered with a success.
 * documented: 405 for a method that OSS has no use for (http-status-code-405).
 */
export function noSuchOperation(request: OssRequest): OssError {
    if (!METHODS.includes(request.method)) {
        return new OssError("methodNotAllowed", [["Method", request.method]]);
    }
    const query = [...request.query.keys()].join(", ");
    return new OssError(
        "notImplemented",
        [],
        `The local cloud has no operation for this request (${request.method}${query === "" ? "" : `, query ${query}`}).`,
    );
}

function concerns(route: Route, address: Address): boolean {
    switch (route.level) {
        case "service":
            return address.bucket === undefined;
        case "object":
            return address.key !== undefined;
        default:
            return address.bucket !== undefined && address.key === undefined;
    }
}
