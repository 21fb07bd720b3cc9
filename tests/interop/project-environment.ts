import path from "node:path";
import { pathToFileURL } from "node:url";
import { withoutNpmSettings } from "./packed-package";

/**
 * The variables of commands in a project that has the package installed.
 * @param folder with the state in `state`
 * @param cloud the URL of the local cloud with the buckets
 */
export function projectEnvironment(folder: string, cloud: string): NodeJS.ProcessEnv {
    return {
        ...withoutNpmSettings(process.env),
        HOME: folder,
        PULUMI_HOME: path.join(folder, "home"),
        PULUMI_BACKEND_URL: pathToFileURL(path.join(folder, "state")).href,
        PULUMI_CONFIG_PASSPHRASE: "a passphrase",
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        OSS_ENDPOINT: cloud,
        OSS_REGION: "cn-hangzhou",
    };
}
