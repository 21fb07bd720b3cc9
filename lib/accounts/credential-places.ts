import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type * as Library from "@alicloud/credentials";
import type { CredentialParts } from "./complete-credentials";
import { acceptsConnection, metadataAddress, probeMilliseconds } from "./metadata-probe";

export type AlicloudLibrary = typeof Library;
/** What is used of the library's providers. */
export interface LibraryProvider {
    getCredentials(): Promise<CredentialParts>;
}

/** One place where credentials may be. */
export interface CredentialPlace {
    /** How a message calls it: names of variables and files, never a value. */
    readonly name: string;
    /** Why the place has no credentials, or `undefined` if it may have some. Makes no request. */
    readonly absence: () => string | undefined | Promise<string | undefined>;
    /**
     * The variable by which the environment chooses this place. If it then has no credentials, no later place is asked: those
     * there may be another account's.
     */
    readonly chosenBy?: () => string | undefined;
    /** The library's provider for this place. */
    readonly provider: (library: AlicloudLibrary) => LibraryProvider;
}

/**
 * The places of the library's default chain, in its order. They are asked one by one here, and not by the library's own
 * chain, for three reasons that its source shows (2.4.7, dist/src/providers): it keeps the last place it tried even when
 * that failed, it asks a host named "undefined" when there is no credentials URI, and its one joined error text, which
 * quotes files, cannot be taken apart again.
 */
export function credentialPlaces({ metadataProbe = probeMetadata, profile }: PlacesOptions = {}): CredentialPlace[] {
    if (profile !== undefined) return profilePlaces(profile);
    return [
        {
            name: "the environment variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            absence: () => (isSet("ALIBABA_CLOUD_ACCESS_KEY_ID") ? undefined : "not set"),
            provider: (library) => library.EnvironmentVariableCredentialsProvider.builder().build(),
        },
        {
            name: `an OIDC role by ${oidcVariables.join(", ")}`,
            absence: oidcAbsence,
            // A role alone may be for another tool.
            chosenBy: () => firstSet("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
            provider: (library) => library.OIDCRoleArnCredentialsProvider.builder().build(),
        },
        ...profilePlaces(undefined),
        {
            name: `the instance role by the ECS metadata service at ${metadataAddress.host}`,
            absence: async () => {
                if (isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED"))
                    return "switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED";
                // A machine that names the role is an instance, and gets the library's longer time-outs.
                if (isSet("ALIBABA_CLOUD_ECS_METADATA") || (await metadataProbe())) return undefined;
                return `no connection within ${probeMilliseconds} ms`;
            },
            chosenBy: () => firstSet("ALIBABA_CLOUD_ECS_METADATA"),
            provider: (library) => library.ECSRAMRoleCredentialsProvider.builder().build(),
        },
        {
            name: "the address that ALIBABA_CLOUD_CREDENTIALS_URI names",
            absence: () => (isSet("ALIBABA_CLOUD_CREDENTIALS_URI") ? undefined : "not set"),
            provider: (library) => library.URICredentialsProvider.builder().build(),
        },
    ];
}

/** What the places depend on beside this machine and its environment. */
export interface PlacesOptions {
    readonly metadataProbe?: () => Promise<boolean>;
    /** A profile by its name: then only the places that have profiles are looked at. */
    readonly profile?: string;
}

function profilePlaces(profile: string | undefined): CredentialPlace[] {
    const chosen = profile === undefined ? "" : `the profile ${JSON.stringify(profile)} in `;
    const disabled = () => isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED");
    const file = () => process.env.ALIBABA_CLOUD_CREDENTIALS_FILE || join(homedir(), ".alibabacloud", "credentials");
    const fileName = isSet("ALIBABA_CLOUD_CREDENTIALS_FILE")
        ? "the file that ALIBABA_CLOUD_CREDENTIALS_FILE names"
        : "~/.alibabacloud/credentials";
    const named = <Builder extends { withProfileName(name: string): Builder }>(builder: Builder): Builder =>
        profile === undefined ? builder : builder.withProfileName(profile);
    return [
        {
            name: `${chosen}~/.aliyun/config.json`,
            absence: () => {
                if (disabled()) return "switched off by ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
                return existsSync(join(homedir(), ".aliyun", "config.json")) ? undefined : "no such file";
            },
            provider: (library) => named(library.CLIProfileCredentialsProvider.builder()).build(),
        },
        {
            name: `${chosen}${fileName}`,
            absence: () => (existsSync(file()) ? undefined : "no such file"),
            chosenBy: () => firstSet("ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"),
            provider: (library) => named(library.ProfileCredentialsProvider.builder()).build(),
        },
    ];
}

const oidcVariables = [
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
] as const;

function oidcAbsence(): string | undefined {
    const missing = oidcVariables.filter((name) => !isSet(name));
    if (missing.length === 0) return undefined;
    return missing.length === oidcVariables.length ? "not set" : `${missing.join(" and ")} not set`;
}

function probeMetadata(): Promise<boolean> {
    return acceptsConnection(metadataAddress, probeMilliseconds);
}

/** An empty variable counts as not set, as for the library. */
export function isSet(variable: string): boolean {
    return (process.env[variable] ?? "") !== "";
}

function firstSet(...variables: readonly string[]): string | undefined {
    return variables.find(isSet);
}

function isTrue(variable: string): boolean {
    return process.env[variable]?.toLowerCase() === "true";
}
