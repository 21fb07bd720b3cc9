import type { AccessKey, AccessKeyTable } from "../../cloud/access-key-table";
import { OssError } from "../errors";

/**
 * Step 2: finds the key that signed and checks its token. The token is checked before the signature, since the real
 * service can only find a temporary key by its token.
 */
export function findAccessKey(
    accessKeys: AccessKeyTable,
    presented: { accessKeyId: string; securityToken: string | undefined },
    now: number,
): AccessKey {
    const { accessKeyId, securityToken } = presented;
    const key = accessKeys.get(accessKeyId);
    if (securityToken === undefined) {
        // assumed, as commonly reported: a temporary key without its token is an unknown key.
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
