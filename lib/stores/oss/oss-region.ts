import { quoted } from "../../rule";
import { suggestion } from "../shared/target-issues";

/** Two letters, then parts of lower-case letters and digits: `cn-hangzhou`, `ap-southeast-1`, `cn-north-2-gov-1`. */
const regionShape = /^[a-z]{2}(-[a-z0-9]+)+$/;

/**
 * Says what is wrong with a region id, or nothing when it has the right shape. Regions come and go, so their names
 * are not kept here: an unknown one fails on the first request.
 * Source: https://help.aliyun.com/en/oss/user-guide/regions-and-endpoints ("Region ID", not "OSS region ID")
 */
export function regionFault(region: string): string | undefined {
    if (regionShape.test(region) && !region.endsWith("-internal")) return undefined;
    const meant = region
        .trim()
        .toLowerCase()
        .replace(/^https?:\/\//, "")
        .replace(/\.aliyuncs\.com\/?$/, "")
        .replace(/\.oss$/, "")
        .replace(/^oss-/, "")
        .replace(/-internal$/, "")
        .replaceAll(/[_ ]+/g, "-");
    return `${quoted(region, 80)} is not a region id such as "cn-hangzhou"${suggestion(meant, regionShape)}`;
}

/**
 * Whether a region's OSS endpoints carry the region's id. The finance cloud's do not (`oss-cn-hzfinance` is
 * cn-hangzhou-finance, `oss-cn-shanghai-finance-1-pub` is cn-shanghai-finance-1), so nothing is concluded from either.
 */
export function isNamedInItsEndpoints(region: string): boolean {
    return !/finance|hzjbp/.test(region);
}
