import type { CallerDescription } from "../../accounts";
import { NoCredentials } from "./s3-errors";
import type { S3Requests } from "./s3-requests";

/** What the SDK's chain marks credentials with, and where they come from in words. The last mark that is there is the outermost. */
const origins: readonly (readonly [mark: string, place: string])[] = [
    ["CREDENTIALS_CODE", "the program"],
    ["CREDENTIALS_ENV_VARS", "the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"],
    [
        "CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN",
        "the web identity that AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN name",
    ],
    ["CREDENTIALS_HTTP", "the credential service of the container"],
    ["CREDENTIALS_IMDS", "the role of the instance"],
    ["CREDENTIALS_LOGIN", "a login of the AWS CLI"],
    ["CREDENTIALS_PROCESS", "the command of a profile"],
    ["CREDENTIALS_SSO", "IAM Identity Center"],
    ["CREDENTIALS_SSO_LEGACY", "IAM Identity Center"],
    ["CREDENTIALS_PROFILE", "a profile of the shared AWS files"],
    ["CREDENTIALS_PROFILE_LOGIN", "a profile with a login of the AWS CLI"],
    ["CREDENTIALS_PROFILE_PROCESS", "a profile with a command"],
    ["CREDENTIALS_PROFILE_SSO", "a profile with IAM Identity Center"],
    ["CREDENTIALS_PROFILE_SSO_LEGACY", "a profile with IAM Identity Center"],
    ["CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN", "a profile with a web identity"],
    ["CREDENTIALS_STS_ASSUME_ROLE", "a role that a profile names"],
];

/** The parts of the SDK's credentials that are no secrets. */
interface AwsCredentials {
    readonly accessKeyId: string;
    readonly sessionToken?: string;
    readonly accountId?: string;
    /** Only the SDK's own chain sets it. */
    readonly $source?: Readonly<Record<string, string>>;
}

/** The credentials that sign requests. Sends no request to S3. @throws S3ServiceError of kind `no-credentials` */
export async function describeS3Caller(requests: S3Requests, profile: string | undefined): Promise<CallerDescription> {
    const {
        accessKeyId,
        sessionToken,
        accountId,
        $source = {},
    } = await requests.make(
        { operation: "list" },
        (client): Promise<AwsCredentials> =>
            client.config.credentials().catch((error) => Promise.reject(new NoCredentials(error))),
    );
    const place = origins.findLast(([mark]) => mark in $source)?.[1] ?? "the AWS SDK's chain";
    return {
        origin: profile === undefined ? place : `${place} (${profile})`,
        keyId: accessKeyId,
        isTemporary: sessionToken !== undefined,
        identity: accountId === undefined ? { notAsked: "S3 does not report it" } : { account: accountId },
    };
}
