import { hostName } from "../cloud/host-guard";
import { OssError } from "./errors";
import { regionOfEndpointLabel } from "./names";
import { decodePercent, type OssRequest } from "./oss-request";

/** The target of a request: the service (no bucket), a bucket (no key) or an object. */
export interface Address {
    readonly bucket: string | undefined;
    readonly key: string | undefined;
}

export interface Addressing {
    /** The region whose endpoint the Host names; undefined on loopback addresses and on endpoints of several regions. */
    readonly endpointRegion: string | undefined;
    /** The possible targets, the likelier first. The signature decides between them. */
    readonly candidates: readonly [Address, ...Address[]];
}

/**
 * verified with all official SDKs: the bucket is the Host's first label under aliyuncs.com and localhost, else the
 * path's first segment. ali-oss with `sldEnable` sends both, and then signs the path without the bucket.
 * verified: on a regional endpoint of the real service the path style is refused with SecondLevelDomainForbidden; on
 * loopback it has to work, since most SDKs fall back to it for an IP address.
 */
export function readAddress(request: OssRequest): Addressing {
    const host = hostName(request.header("host") ?? "") ?? "";
    const virtual = readVirtualHost(host);
    if (virtual === undefined) {
        return { endpointRegion: undefined, candidates: [pathStyle(request.encodedPath)] };
    }
    const { bucket, endpointRegion } = virtual;
    if (bucket === "") {
        if (request.encodedPath !== "") {
            throw new OssError("secondLevelDomainForbidden");
        }
        return { endpointRegion, candidates: [{ bucket: undefined, key: undefined }] };
    }
    const address = { bucket, key: readKey(request.encodedPath) };
    const both = pathStyle(request.encodedPath);
    return { endpointRegion, candidates: both.bucket === bucket ? [address, both] : [address] };
}

function readVirtualHost(host: string): { bucket: string; endpointRegion: string | undefined } | undefined {
    if (host.endsWith(".localhost")) {
        return { bucket: host.slice(0, -".localhost".length), endpointRegion: undefined };
    }
    if (!host.endsWith(".aliyuncs.com")) {
        return undefined;
    }
    const labels = host.slice(0, -".aliyuncs.com".length).split(".");
    const endpoint = labels.pop() ?? "";
    // ali-oss lists buckets with an empty first label.
    return { bucket: labels.join("."), endpointRegion: regionOfEndpointLabel(endpoint) };
}

function pathStyle(encodedPath: string): Address {
    if (encodedPath === "") {
        return { bucket: undefined, key: undefined };
    }
    const slash = encodedPath.indexOf("/");
    // A bucket name that is not valid UTF-8 cannot exist, so any invalid name may replace it.
    const bucket = decodePercent(slash < 0 ? encodedPath : encodedPath.slice(0, slash)) ?? "\ufffd";
    return { bucket, key: slash < 0 ? undefined : readKey(encodedPath.slice(slash + 1)) };
}

/** verified with oss2: a slash inside a key may be percent-encoded, so the key is decoded as a whole. */
function readKey(encoded: string): string | undefined {
    if (encoded === "") {
        return undefined;
    }
    const key = decodePercent(encoded);
    if (key === undefined) {
        throw new OssError("invalidObjectName");
    }
    return key;
}
