import { type EndpointFault, parseEndpointUrl } from "../shared/endpoint-url";

/** As a user writes it, see `parseEndpointUrl`. An endpoint of Alibaba Cloud is a fault: its S3 API has no bucket encryption. */
export function parseEndpoint(text: string): URL | EndpointFault {
    const url = parseEndpointUrl(text, { example: "https://s3.eu-central-1.amazonaws.com", mayHavePath: true });
    if (url instanceof URL && /(^|\.)aliyuncs\.com(\.cn)?$/.test(url.hostname)) {
        return {
            code: "not-allowed",
            message: `the endpoint "${url.hostname}" is Alibaba Cloud's, which offers no bucket encryption over the S3 API; omit \`store\`, or set it to "oss"`,
        };
    }
    return url;
}

const domains =
    "amazonaws\\.com(?:\\.cn)?|amazonaws\\.eu|c2s\\.ic\\.gov|sc2s\\.sgov\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov";
const region = "[a-z]{2,4}(?:-[a-z]+)+-\\d+";
// Below amazonaws.com are also other people's servers (load balancers, instances), so all of the name is looked at.
const awsHost = new RegExp(
    `^(?:.+\\.)?s3(?:-fips|-accelerate)?(?:\\.dualstack)?(?:[.-](?<region>${region})|-external-1)?(?:\\.vpce)?\\.(?:${domains})$`,
);

/**
 * Whether AWS itself answers there.
 * Source: https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export function isAwsHost(hostname: string): boolean {
    return awsHost.test(hostname);
}

/** The region that an AWS endpoint names. */
export function regionOfEndpoint(hostname: string): string | undefined {
    return awsHost.exec(hostname)?.groups?.region;
}
