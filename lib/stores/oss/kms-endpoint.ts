import type { KeyQuestion } from "../store-family";

/**
 * The KMS endpoint for a key: the configured one, or else the region's own. The region's own is not asked for a bucket
 * behind an endpoint that is not Alibaba Cloud's (a local cloud, a proxy), unless the declaration asks for the lookup: KMS on the
 * internet may be out of reach there.
 *
 * The gateway of a KMS instance (`<instance>.cryptoservice.kms.aliyuncs.com`) offers business operations only, and DescribeKey is a
 * management operation. When it is configured, the region's own endpoint is asked.
 * Sources: https://help.aliyun.com/en/kms/key-management-service/developer-reference/regions-and-endpoints,
 * https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/classic-kms-sdkclassic-kms-sdk/
 * @param configured the setting, and behind it the environment
 */
export function kmsEndpoint(
    configured: unknown,
    { region, endpoint = "", isAskedFor }: Omit<KeyQuestion, "name">,
): string | undefined {
    const isGateway = typeof configured === "string" && /\.cryptoservice\.kms\.aliyuncs\.com\/?$/.test(configured);
    if (typeof configured === "string" && configured !== "" && !isGateway) {
        return configured.includes("://") ? configured : `https://${configured}`;
    }
    const isOfAlibabaCloud = endpoint === "" || /\.aliyuncs\.com\/?$/.test(endpoint);
    if (region === undefined || !(isAskedFor || isOfAlibabaCloud)) return undefined;
    return /-internal\.aliyuncs\.com\/?$/.test(endpoint)
        ? `https://kms-vpc.${region}.aliyuncs.com`
        : `https://kms.${region}.aliyuncs.com`;
}
