import { OssError } from "../errors";

/** The scope of a V4 signature. */
export interface CredentialScope {
    /** yyyymmdd */
    readonly date: string;
    readonly region: string;
}

export const v4Product = "oss";
export const v4Terminator = "aliyun_v4_request";

/** `<access key id>/<yyyymmdd>/<region>/oss/aliyun_v4_request` */
export function readCredential(credential: string): { accessKeyId: string; scope: CredentialScope } {
    const [accessKeyId, date, region, product, terminator, ...rest] = credential.split("/");
    if (!accessKeyId || date === undefined || region === undefined || product === undefined || rest.length > 0) {
        throw new OssError("malformedAuthorization");
    }
    if (!/^\d{8}$/.test(date)) {
        throw new OssError("invalidSigningDate");
    }
    if (product !== v4Product) {
        throw new OssError("invalidSigningProduct");
    }
    if (terminator !== v4Terminator) {
        throw new OssError("invalidSigningTerminator");
    }
    return { accessKeyId, scope: { date, region } };
}

export function scopeText(scope: CredentialScope): string {
    return `${scope.date}/${scope.region}/${v4Product}/${v4Terminator}`;
}
