import type { AccessKey, AccessKeyTable } from "../../cloud/access-key-table";
import { OssError } from "../errors";

/**
 * Step 2: finds the key that signed and checks its token. The token comes before the signature, as the real service can
 * know a temporary key only through its token.
 */
export function findAccessKey(
    accessKeys: AccessKeyTable,
    presented: { accessKeyId: string; securityToken: string | undefined },
    now: number,
): AccessKey {
    const { accessKeyId, securityToken } = presented;
    const key = accessKeys.get(accessKeyId);
    if (securityToken === undefined) {
        // assumed, as commonly seen: a temporary key without its token is not known at all.
        if (key === undefined || key.session !== undefined) {
            throw new OssError("invalidAccessKeyId", [["OSSAccessKeyId", accessKeyId]]);
        }
        return key;
    }
    const keyOfToken = accessKeys.ofToken(securityToken);
    if (keyOfToken?.session === undefined) {
        throw new OssError("invalidSecurityToken");
    }
    if (keyOfToken.id !== accessKeyId) {
        throw new OssError("securityTokenNotMatch");
    }
    if (keyOfToken.session.expiresAt <= now) {
        throw new OssError("securityTokenExpired");
    }
    return keyOfToken;
}
