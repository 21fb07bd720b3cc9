import type { Address } from "./addressing";
import { signatureParameters } from "./authentication/presented-credentials";
import { OssError } from "./errors";
import type { Route } from "./operation";
import { appendObjectRoutes } from "./operations/append-object";
import { bucketEncryptionRoutes } from "./operations/bucket-encryption";
import { bucketInventoryRoutes } from "./operations/bucket-inventory";
import { bucketPolicyRoutes } from "./operations/bucket-policy";
import { bucketPropertyRoutes } from "./operations/bucket-properties";
import { bucketTaggingRoutes } from "./operations/bucket-tagging";
import { bucketVersioningRoutes } from "./operations/bucket-versioning";
import { bucketWormRoutes } from "./operations/bucket-worm";
import { bucketRoutes } from "./operations/buckets";
import { completeMultipartUploadRoutes } from "./operations/complete-multipart-upload";
import { copyObjectRoutes } from "./operations/copy-object";
import { deleteObjectRoutes } from "./operations/delete-object";
import { deleteObjectsRoutes } from "./operations/delete-objects";
import { listObjectVersionsRoutes } from "./operations/list-object-versions";
import { listObjectsRoutes } from "./operations/list-objects";
import { multipartListRoutes } from "./operations/multipart-lists";
import { multipartRoutes } from "./operations/multipart-uploads";
import { objectAclRoutes } from "./operations/object-acl";
import { objectTaggingRoutes } from "./operations/object-tagging";
import { overwriteConfigRoutes } from "./operations/overwrite-config";
import { publicAccessBlockRoutes } from "./operations/public-access-block";
import { putBucketAclRoutes } from "./operations/put-bucket-acl";
import { putObjectRoutes } from "./operations/put-object";
import { readObjectRoutes } from "./operations/read-object";
import { requestPaymentRoutes } from "./operations/request-payment";
import { restoreObjectRoutes } from "./operations/restore-object";
import { symlinkRoutes } from "./operations/symlink";
import { unsetBucketPropertyRoutes } from "./operations/unset-bucket-properties";
import type { OssRequest } from "./oss-request";
import { unsupportedSubresources } from "./unsupported-subresources";

/** The table of operations. A new operation is a row in its topic's file. */
export const ossRoutes: readonly Route[] = [
    ...bucketRoutes,
    ...putBucketAclRoutes,
    ...publicAccessBlockRoutes,
    ...bucketPropertyRoutes,
    ...bucketEncryptionRoutes,
    ...bucketTaggingRoutes,
    ...bucketVersioningRoutes,
    ...bucketPolicyRoutes,
    ...bucketWormRoutes,
    ...overwriteConfigRoutes,
    ...bucketInventoryRoutes,
    ...requestPaymentRoutes,
    ...unsetBucketPropertyRoutes,
    ...listObjectVersionsRoutes,
    ...listObjectsRoutes,
    ...deleteObjectsRoutes,
    ...copyObjectRoutes,
    ...putObjectRoutes,
    ...readObjectRoutes,
    ...deleteObjectRoutes,
    ...objectAclRoutes,
    ...objectTaggingRoutes,
    ...restoreObjectRoutes,
    ...symlinkRoutes,
    ...appendObjectRoutes,
    ...multipartRoutes,
    ...completeMultipartUploadRoutes,
    ...multipartListRoutes,
];

const knownMethods = ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"];

/** Query parameters that choose an operation, also one that this server does not have. */
const knownSubresources: ReadonlySet<string> = new Set([
    ...unsupportedSubresources,
    ...ossRoutes.flatMap((route) => selectorOf(route)?.name ?? []),
]);

/** The parameter that chooses the operation, with its value unless any will do. */
export function selectorOf({ selector }: Route): { readonly name: string; readonly value?: string } | undefined {
    return typeof selector === "string" ? { name: selector, value: "" } : selector;
}

/**
 * The operation that a request asks for, undefined when this server does not have it. Query parameters that mean
 * nothing to the operation are ignored, as the service does.
 * @param isStrict whether they are refused instead, so that a test finds parameters that its client sends needlessly
 */
export function findRoute(request: OssRequest, address: Address, isStrict: boolean): Route | undefined {
    const names = [...request.query.keys()].filter((name) => !signatureParameters.has(name));
    const candidates = ossRoutes.filter(
        (route) =>
            route.method === request.method &&
            concerns(route, address) &&
            (route.selectingHeader === undefined || request.header(route.selectingHeader) !== undefined),
    );
    const selected = candidates.find((route) => {
        const selector = selectorOf(route);
        return selector !== undefined && names.includes(selector.name);
    });
    const route = selected ?? candidates.find(({ selector }) => selector === undefined);
    if (route === undefined || route.refusedHeaders?.some((name) => request.header(name) !== undefined)) {
        return undefined;
    }
    const { parameters = [] } = route;
    const selector = selectorOf(route);
    const unknown = names.filter((name) => name !== selector?.name && !parameters.includes(name));
    if (selector?.value && request.query.get(selector.name) !== selector.value) {
        return undefined;
    }
    if (isStrict && selector?.value === "" && request.query.get(selector.name) !== "") {
        return undefined;
    }
    const refused = isStrict
        ? unknown
        : unknown.filter((name) => selected === undefined && knownSubresources.has(name));
    return refused.length > 0 || names.some((name) => unsupportedEverywhere.has(name)) ? undefined : route;
}

/** Parameters that change what any operation does. */
const unsupportedEverywhere: ReadonlySet<string> = new Set([
    "callback",
    "comp",
    "x-oss-process",
    "x-oss-async-process",
]);

/**
 * An operation that this server does not have is never answered with a success.
 * documented: 405 for a method that OSS does not support (http-status-code-405).
 */
export function noSuchOperation(request: OssRequest): OssError {
    if (!knownMethods.includes(request.method)) {
        return new OssError("methodNotAllowed", [["Method", request.method]]);
    }
    const query = [...request.query.keys()].filter((name) => !signatureParameters.has(name)).join(", ");
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
