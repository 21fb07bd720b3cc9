import { createHash } from "node:crypto";
import { type Bucket, defaultRegion } from "../cloud/bucket";
import type { Environment } from "../cloud/environment";
import { isHostAllowed } from "../cloud/host-guard";
import type { CloudState } from "../cloud/state";
import type { ObjectAcl, ObjectVersion } from "../cloud/stored-object";
import { firstHeader, type PreparedCall, type RequestBody, type RequestHead, type WireResponse } from "../cloud/wire";
import { permissionOn, requireAccess, requirePayment, requirePrincipal } from "./access";
import { type Address, type Addressing, readAddress } from "./addressing";
import { authenticate, type Identity } from "./authentication/authenticate";
import { hasEncryptionHeader } from "./encryption-headers";
import type { ErrorToReport } from "./error-document";
import { OssError, throttling } from "./errors";
import { bucketNamePattern, isObjectName, publicEndpointOf, regionIdPattern } from "./names";
import { type OperationCall, type OperationResult, type Route, smallBody } from "./operation";
import { type OssRequest, readOssRequest } from "./oss-request";
import { Responder } from "./responder";
import { findRoute, noSuchOperation } from "./routes";

/** A request's head, decoded. */
interface ReadRequest {
    readonly request: OssRequest;
    readonly addressing: Addressing;
    /** The operation that the likeliest address means. */
    readonly claimed: Route | undefined;
}

/** A request whose signature holds. */
interface AcceptedRequest extends ReadRequest {
    readonly identity: Identity;
    readonly route: Route | undefined;
}

/**
 * OSS as a function of requests over the cloud's state. Every request takes the same steps: read, look for the bucket,
 * authenticate, find the operation; then, with the body, check the region and the caller's rights, and do the work.
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
            throttled: (status: 503 | 429) => respond.error(throttling[status], this.#environment.now()),
            fail: (error: ErrorToReport) => respond.error(error, this.#environment.now()),
        };
        let read: ReadRequest | undefined;
        try {
            read = this.#read(head);
            this.#requireBucket(read);
            const accepted = this.#accept(read);
            const { identity, route } = accepted;
            return {
                ...base,
                bucket: identity.address.bucket,
                operation: route?.operation,
                account: identity.principal?.accountId,
                bodyLimit: route?.bodyLimit ?? smallBody,
                run: (body) => answer(() => this.#run(accepted, body)),
            };
        } catch (error) {
            const refuse = () => {
                throw error;
            };
            return { ...base, ...claimOf(read), account: undefined, bodyLimit: 0, run: () => answer(refuse) };
        }
    }

    #read(head: RequestHead): ReadRequest {
        if (!isHostAllowed(firstHeader(head.headers, "host"))) {
            throw new OssError("hostForbidden");
        }
        const request = readOssRequest(head);
        const addressing = readAddress(request);
        return { request, addressing, claimed: this.#findRoute(request, addressing.candidates[0]) };
    }

    #findRoute(request: OssRequest, address: Address): Route | undefined {
        return findRoute(request, address, this.#environment.isStrict === true);
    }

    /**
     * verified: the bucket is looked for before the signature is checked: a missing bucket is 404 NoSuchBucket even for
     * an unknown access key (live tests of alibabacloud-oss-go-sdk-v2, client_integration_test.go, and of
     * alibabacloud-oss-v2).
     * assumed: also for any other fault of the signature.
     */
    #requireBucket({ request, addressing }: ReadRequest): void {
        const { candidates } = addressing;
        const [{ bucket }] = candidates;
        const mayCreate = candidates.some((address) => this.#findRoute(request, address)?.level === "new-bucket");
        if (bucket !== undefined && !mayCreate) {
            this.#findBucket(bucket);
        }
    }

    #accept(read: ReadRequest): AcceptedRequest {
        const { request, addressing } = read;
        const identity = authenticate(request, addressing.candidates, this.#state.accessKeys, this.#environment.now());
        return { ...read, identity, route: this.#findRoute(request, identity.address) };
    }

    #run(accepted: AcceptedRequest, body: RequestBody): OperationResult {
        const { request, identity, addressing, route } = accepted;
        this.#checkRegion(accepted);
        if (route === undefined) {
            throw noSuchOperation(request);
        }
        if (body === "too large") {
            throw new OssError("entityTooLarge", [["MaxSizeAllowed", String(route.bodyLimit ?? smallBody)]]);
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
     * An endpoint takes signatures for its own region only, and serves no bucket of another one. A loopback address
     * names no endpoint, so the bucket's region is used.
     * verified: 400 for the scope (alibabacloud-oss-go-sdk-v2#29).
     * documented: 403 for the bucket (http-status-code-403), with the right one in Endpoint.
     */
    #checkRegion({ request, identity, addressing, route }: AcceptedRequest): void {
        const { endpointRegion } = addressing;
        const bucket = this.#state.buckets.get(identity.address.bucket ?? "");
        const bucketRegion = route?.level === "new-bucket" ? undefined : bucket?.region;
        const expected = endpointRegion ?? bucketRegion;
        const { signedRegion } = identity;
        if (
            signedRegion !== undefined &&
            (!regionIdPattern.test(signedRegion) || (expected ?? signedRegion) !== signedRegion)
        ) {
            // verified: the text for a signed URL (live test of oss2, tests/test_sign.py).
            throw new OssError(
                "invalidSigningRegion",
                [],
                request.query.has("x-oss-credential") ? "The signing region in credential is invalid." : undefined,
            );
        }
        if (bucketRegion !== undefined && endpointRegion !== undefined && endpointRegion !== bucketRegion) {
            throw new OssError("wrongEndpoint", [
                ["Bucket", bucket?.name ?? ""],
                ["Endpoint", publicEndpointOf(bucketRegion)],
            ]);
        }
    }

    /** The route was chosen by the address, so the address has what the route's level needs. */
    #dispatch(route: Route, { principal, address }: Identity, call: OperationCall): OperationResult {
        const { bucket: bucketName = "", key = "" } = address;
        const { action = `oss:${route.operation}` } = route;
        switch (route.level) {
            case "service":
            case "new-bucket": {
                const accountId = principal?.accountId ?? "";
                const { region = defaultRegion } = call;
                const place = { name: bucketName === "" ? "*" : bucketName, accountId, region };
                const allowed = requirePrincipal(principal, permissionOn(place, undefined, action));
                return route.level === "service"
                    ? route.handle({ ...call, principal: allowed })
                    : route.handle({ ...call, principal: allowed, bucketName });
            }
            case "bucket": {
                const bucket = this.#findBucket(bucketName);
                requirePayment(bucket, principal, call.request);
                if (route.checksAccess === undefined) {
                    requireAccess(bucket, principal, "owner", permissionOn(bucket, undefined, action));
                }
                return route.handle({ ...call, bucket });
            }
            case "object": {
                const bucket = this.#findBucket(bucketName);
                if (!isObjectName(key)) {
                    throw new OssError("invalidObjectName");
                }
                const versionId = call.request.query.get("versionId") ?? "";
                const acl = objectAcl(bucket.objects.get(key), versionId);
                const actions = [action, ...(versionId === "" ? [] : [route.versionAction ?? action])];
                requirePayment(bucket, principal, call.request);
                for (const needed of new Set(actions)) {
                    requireAccess(bucket, principal, route.access, permissionOn(bucket, key, needed), acl);
                }
                return route.handle({ ...call, bucket, key });
            }
        }
    }

    #findBucket(name: string): Bucket {
        if (!bucketNamePattern.test(name)) {
            throw new OssError("invalidBucketName", [["BucketName", name]]);
        }
        const bucket = this.#state.buckets.get(name);
        if (bucket === undefined) {
            throw new OssError("noSuchBucket", [["BucketName", name]]);
        }
        return bucket;
    }
}

function objectAcl(versions: readonly ObjectVersion[] = [], versionId: string): ObjectAcl {
    const version = versionId === "" ? versions[0] : versions.find((candidate) => candidate.versionId === versionId);
    return version === undefined || version.isDeleteMarker ? "default" : version.acl;
}

/** The target and the operation of a refused request, as far as they could be read. */
function claimOf(read: ReadRequest | undefined): { bucket: string | undefined; operation: string | undefined } {
    return { bucket: read?.addressing.candidates[0].bucket, operation: read?.claimed?.operation };
}

/** documented: Content-MD5 is verified wherever it is sent, also when the body is empty. */
function checkDigest(request: OssRequest, body: Uint8Array): void {
    const digest = request.header("content-md5");
    if (digest !== undefined && digest !== createHash("md5").update(body).digest("base64")) {
        throw new OssError("invalidDigest", [["Content-MD5", digest]]);
    }
}
