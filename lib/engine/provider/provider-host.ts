import { HostProcess } from "../processes/host-process";
import { resolveSdk } from "../processes/sdk-location";
import type { Project } from "../project/project-file";

/** Serves the provider protocol on a port of loopback. */
export interface ProviderHost {
    readonly port: number;
    /** Undefined while it runs; otherwise how it ended and the last lines that it printed. */
    readonly exitText: string | undefined;
    /** Resolves when the host has ended and its output was read, at the latest after `limitMs` milliseconds. */
    exited(limitMs: number): Promise<void>;
    end(): Promise<void>;
}

/**
 * Starts the SDK's dynamic provider host.
 * @param engineAddress `host:port` of the engine's services
 */
export async function startProviderHost(
    project: Project,
    engineAddress: string,
    environment: NodeJS.ProcessEnv,
    onLine: (line: string) => void,
): Promise<ProviderHost> {
    const options = [...project.runtime.all].map(([name, value]) => [`PULUMI_RUNTIME_${name.toUpperCase()}`, value]);
    return await HostProcess.start(
        "dynamic provider host",
        [resolveSdk(project.programFolder, "cmd/dynamic-provider"), engineAddress],
        project.programFolder,
        {
            ...environment,
            ...Object.fromEntries(options),
            PULUMI_NODEJS_PROJECT: project.name,
            PULUMI_PROJECT: project.name,
            PULUMI_CONFIG: "{}",
        },
        onLine,
    );
}
