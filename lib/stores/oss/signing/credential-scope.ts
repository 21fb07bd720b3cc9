/**
 * What a V4 signature is valid for: `<yyyymmdd>/<region>/oss/aliyun_v4_request`.
 * @param timestamp `yyyymmddThhmmssZ`
 * @param region region id, for instance `cn-hangzhou`
 */
export function credentialScope(timestamp: string, region: string): string {
    return `${timestamp.slice(0, 8)}/${region}/oss/aliyun_v4_request`;
}
