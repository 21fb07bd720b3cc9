/**
 * The endpoint of STS: that of the configuration or the environment; otherwise the one endpoint for all regions, as for Alibaba
 * Cloud's tools, or a region's with `ALIBABA_CLOUD_STS_REGION`. Source:
 * https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-endpoint
 */
export function stsEndpoint(configured: string | undefined, environment: NodeJS.ProcessEnv): string {
    const endpoint = configured || environment.ALIBABA_CLOUD_STS_ENDPOINT;
    if (endpoint) return endpoint.includes("://") ? endpoint : `https://${endpoint}`;
    const region = environment.ALIBABA_CLOUD_STS_REGION;
    if (!region) return "https://sts.aliyuncs.com";
    const isPrivate = environment.ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED?.toLowerCase() === "true";
    return `https://${isPrivate ? "sts-vpc" : "sts"}.${region}.aliyuncs.com`;
}
