/**
 * Returns why a place gave no credentials, from an error of `@alicloud/credentials` 2.4. Its texts quote whole files and answers,
 * keys included, so only parts that are known to be harmless are passed on: an error code of STS and an HTTP status. An unknown
 * text only loses its detail.
 */
export function describeLibraryFailure(error: unknown): string {
    const text = error instanceof Error ? error.message : "";
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === "ENOENT") return "a file that it names does not exist";
    if (code === "EACCES") return "a file that it names cannot be read";
    for (const [pattern, meaning] of meanings) {
        if (pattern.test(text)) return meaning;
    }
    if (stsRefusal.test(text)) {
        const refusal = /"Code"\s*:\s*"([A-Za-z][A-Za-z.]{0,60})"/.exec(text)?.[1];
        return refusal === undefined
            ? "the security token service refused"
            : `the security token service refused: ${refusal}`;
    }
    const status = /httpStatus: (\d{3})\b|\/ (\d{3})$/.exec(text);
    return status === null ? "it failed" : `the answer was HTTP ${status[1] ?? status[2]}`;
}

const meanings: readonly (readonly [RegExp, string])[] = [
    [/^reading aliyun cli config from /, "it cannot be read"],
    [/^parse aliyun cli config from /, "it is not JSON"],
    [/^no any configured profiles in /, "it has no profiles"],
    [/^unable to get profile with /, "it has no such profile"],
    [/^unsupported profile mode /, "the profile has an unknown mode"],
    [/^Can not find credential type for /, "it has no such section with a `type`"],
    [/^Invalid type option, /, "the section has an unknown `type`"],
    [/^the access key id is empty$/, "the access key id is missing"],
    [/^the access key secret is empty$/, "the access key secret is missing"],
    [/^the access key secret is invalid$/, "its access key secret is wrong"],
    [/^the security token is empty$/, "the security token is missing"],
    [/^the RoleArn is empty$/, "the role's ARN is missing"],
    [/^session duration should be /, "its session would last less than 900 seconds"],
    [/^process_command is empty$/, "its command is missing"],
    [/^invalid (StsToken )?credential response: /, "its command printed no complete credentials"],
    [/^failed to execute external command: /, "its command failed"],
    [/^failed to parse external command output: /, "its command printed no JSON"],
    [/^CloudSSO access token is empty or expired/, "its sign-in has expired: run `aliyun configure`"],
    [
        /^(failed to refresh OAuth token|get session token from OAuth failed)/,
        "its sign-in has ended: run `aliyun configure`",
    ],
    [/Timeout\b/, "no answer came in time"],
    [/^(socket hang up|aborted|read ECONNRESET)/, "the connection broke before the answer was complete"],
    [/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\b/, "it cannot be reached"],
    [/json parse failed|unmarshal fail/, "the answer was not JSON"],
    [/^error retrieving credentials from credentialsURI /, "the answer held no complete credentials"],
    [/^get sts token failed( with OIDC)?$|, fail to get credentials\b/, "the answer held no complete credentials"],
    [/^refresh Ecs sts token err, Code is not Success$/, "the answer reports no success"],
    [
        /^invalid (UTC format time|UTC format date|year|month|date|hours|minutes|seconds|ms) (string|value)$/,
        "the answer held no time of expiry such as 2030-01-01T00:00:00Z",
    ],
];

const stsRefusal =
    /^(refresh session token failed|get sts token failed with OIDC|get session token from CloudSSO failed): /;
