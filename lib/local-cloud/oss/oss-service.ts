import { createHash } from "node:crypto";
import { type Bucket, DEFAULT_REGION } from "../cloud/bucket";
import type { Environment } from "../cloud/environment";
import { isHostAllowed } from "../cloud/host-guard";
import type { CloudState } from "../cloud/state";
import { firstHeader, type PreparedCall, type RequestBody, type RequestHead, type WireResponse } from "../cloud/wire";
import { permissionOn, requireAccess, requirePrincipal } from "./access";
import { type Addressing, readAddress } from "./addressing";
import { authenticate, type Identity } from "./authentication/authenticate";
import { hasEncryptionHeader } from "./encryption-headers";
import type { ErrorToReport } from "./error-document";
import { OssError, THROTTLING } from "./errors";
import { BUCKET_NAME, isObjectName, publicEndpointOf, REGION_ID } from "./names";
import { type OperationCall, type OperationResult, type Route, SMALL_BODY } from "./operation";
import { type OssRequest, readOssRequest } from "./oss-request";
import { Responder } from "./responder";
import { findRoute, noSuchOperation } from "./routes";

/** A request's head, decoded. */
interface ReadRequest {
    readonly request: OssRequest;
    readonly addressing: Addressing;
}

/** A request whose signature holds. */
interface AcceptedRequest extends ReadRequest {
    readonly identity: Identity;
    readonly route: Route | undefined;
}

/**
 * OSS as a function of requests over the cloud's state. Every request goes the same way: read, authenticate, find the
 * operation; then, with its body, check the region, the bucket and the caller's rights, and do it.
 */
export class OssService {
    readonly #state: CloudState;
    readonly #environment: Environment;

    constructor(state: CloudState, environment: Environment) {
        this.#state = state;
        this.#environment = environment;
    }

    prepare(head: RequestHead): PreparedCall {
        const started = this.#environment.now();
        const respond = new Responder(head, this.#environment.newId(), started);
        const answer = (work: () => OperationResult): WireResponse => {
            try {
                return respond.result(work(), this.#environment.now());
            } catch (error) {
                return respond.thrown(error, this.#environment.now());
            }
        };
        const base = {
            method: head.method,
            throttled: (status: 503 | 429) => respond.error(THROTTLING[status], this.#environment.now()),
            fail: (error: ErrorToReport) => respond.error(error, this.#environment.now()),
        };
        let read: ReadRequest | undefined;
        try {
            read = readHead(head);
            const accepted = this.#accept(read);
            const { identity, route } = accepted;
            return {
                ...base,
                bucket: identity.address.bucket,
                operation: route?.operation,
                account: identity.principal?.accountId,
                bodyLimit: route?.bodyLimit ?? SMALL_BODY,
                run: (body) => answer(() => this.#run(accepted, body)),
            };
        } catch (error) {
            const refuse = () => {
                throw error;
            };
            return { ...base, ...claimOf(read), account: undefined, bodyLimit: 0, run: () => answer(refuse) };
        }
    }

    #accept(read: ReadRequest): AcceptedRequest {
        const { request, addressing } = read;
        const identity = authenticate(request, addressing.candidates, this.#state.accessKeys, this.#environment.now());
        return { ...read, identity, route: findRoute(request, identity.address, identity.queryParameters) };
    }

    #run(accepted: AcceptedRequest, body: RequestBody): OperationResult {
        const { request, identity, addressing, route } = accepted;
        this.#checkRegion(accepted);
        if (route === undefined) {
            throw noSuchOperation(request);
        }
        if (body === "too large") {
            throw new OssError("entityTooLarge", [["MaxSizeAllowed", String(route.bodyLimit ?? SMALL_BODY)]]);
        }
        checkDigest(request, body);
        if (route.encryptionHeaders === undefined && hasEncryptionHeader(request)) {
            throw new OssError("encryptionHeaderNotApplicable");
        }
        return this.#dispatch(route, identity, {
            request,
            body,
            state: this.#state,
            environment: this.#environment,
            principal: identity.principal,
            region: addressing.endpointRegion ?? identity.signedRegion,
        });
    }

    /**
     * An endpoint takes signatures for its own region only, and serves no bucket of another one. On a loopback address
     * there is no endpoint's name, so the bucket's own region stands for it.
     * verified: 400 for the scope (alibabacloud-oss-go-sdk-v2#29). documented: 403 for the bucket
     * (http-status-code-403), with the right one in Endpoint.
     */
    #checkRegion({ identity, addressing, route }: AcceptedRequest): void {
        const { endpointRegion } = addressing;
        const bucket = this.#state.buckets.get(identity.address.bucket ?? "");
        const bucketRegion = route?.level === "new-bucket" ? undefined : bucket?.region;
        const expected = endpointRegion ?? bucketRegion;
        const { signedRegion } = identity;
        if (
            signedRegion !== undefined &&
            (!REGION_ID.test(signedRegion) || (expected ?? signedRegion) !== signedRegion)
        ) {
            throw new OssError("invalidSigningRegion");
        }
        if (bucketRegion !== undefined && endpointRegion !== undefined && endpointRegion !== bucketRegion) {
            throw new OssError("wrongEndpoint", [
                ["Bucket", bucket?.name ?? ""],
                ["Endpoint", publicEndpointOf(bucketRegion)],
            ]);
        }
    }

    /** The route was found by the address, so what its level needs is there. */
    #dispatch(route: Route, { principal, address }: Identity, call: OperationCall): OperationResult {
        const { bucket: bucketName = "", key = "" } = address;
        const { action = `oss:${route.operation}` } = route;
        switch (route.level) {
            case "service":
            case "new-bucket": {
                const accountId = principal?.accountId ?? "";
                const { region = DEFAULT_REGION } = call;
                const place = { name: bucketName === "" ? "*" : bucketName, accountId, region };
                const allowed = requirePrincipal(principal, permissionOn(place, undefined, action));
                return route.level === "service"
                    ? route.handle({ ...call, principal: allowed })
                    : route.handle({ ...call, principal: allowed, bucketName });
            }
            case "bucket": {
                const bucket = this.#findBucket(bucketName);
                if (route.checksAccess === undefined) {
                    requireAccess(bucket, principal, "owner", permissionOn(bucket, undefined, action));
                }
                return route.handle({ ...call, bucket });
            }
            case "object": {
                const bucket = this.#findBucket(bucketName);
                requireAccess(bucket, principal, route.access, permissionOn(bucket, key, action));
                if (!isObjectName(key)) {
                    throw new OssError("invalidObjectName");
                }
                return route.handle({ ...call, bucket, key });
            }
        }
    }

    #findBucket(name: string): Bucket {
        if (!BUCKET_NAME.test(name)) {
            throw new OssError("invalidBucketName", [["BucketName", name]]);
        }
        const bucket = this.#state.buckets.get(name);
        if (bucket === undefined) {
            throw new OssError("noSuchBucket", [["BucketName", name]]);
        }
        return bucket;
    }
}

function readHead(head: RequestHead): ReadRequest {
    if (!isHostAllowed(firstHeader(head.headers, "host"))) {
        throw new OssError("hostForbidden");
    }
    const request = readOssRequest(head);
    return { request, addressing: readAddress(request) };
}

/** What a request that is refused was about, as far as it could be read. */
function claimOf(read: ReadRequest | undefined): { bucket: string | undefined; operation: string | undefined } {
    const address = read?.addressing.candidates[0];
    const route = read && address && findRoute(read.request, address, []);
    return { bucket: address?.bucket, operation: route?.operation };
}

/** documented: Content-MD5 is verified wherever it is sent, also when the body is empty. */
function checkDigest(request: OssRequest, body: Uint8Array): void {
    const digest = request.header("content-md5");
    if (digest !== undefined && digest !== createHash("md5").update(body).digest("base64")) {
        throw new OssError("invalidDigest", [["Content-MD5", digest]]);
    }
}
