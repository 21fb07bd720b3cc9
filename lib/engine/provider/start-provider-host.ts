import { UserError } from "../../errors";
import { InProcessProviderHost, type ProviderScript } from "../in-process/in-process-provider-host";
import { HostProcess } from "../processes/host-process";
import { resolveSdk } from "../processes/sdk-location";
import type { Project } from "../project/project-file";
import type { PluginLocation } from "./plugin-location";
import type { ProviderHost } from "./provider-host";

/**
 * Whether this process hosts a dynamic provider.
 * @param text the provider's text in the state
 * @param folder where the text would be evaluated
 */
export type HostingRule = (text: string, folder: string) => boolean;

/** The input for starting each host of an operation. */
export interface HostPlace {
    readonly project: Project;
    /** `host:port` of the engine's services. */
    readonly engineAddress: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly onLine: (line: string) => void;
    /** Evaluate hosts that are scripts of Node in this process. */
    readonly inProcess: boolean;
    /** Which dynamic providers this process hosts itself; by default none. */
    readonly hosts?: HostingRule | undefined;
}

/** Starts the SDK's host of dynamic providers. */
export async function startDynamicHost(place: HostPlace): Promise<ProviderHost> {
    const { project } = place;
    const script = resolveSdk(project.programFolder, "cmd/dynamic-provider");
    const environment = {
        ...hostEnvironment(place),
        PULUMI_NODEJS_PROJECT: project.name,
        PULUMI_CONFIG: "{}",
    };
    return await startScript("dynamic provider host", script, environment, place);
}

/**
 * Starts a provider plugin.
 * @param config the package's configuration, by names without a namespace
 * @throws UserError `provider-failed`
 */
export async function startPlugin(
    name: string,
    location: PluginLocation,
    config: Readonly<Record<string, string>>,
    place: HostPlace,
): Promise<ProviderHost> {
    const title = `provider plugin "${name}"`;
    const environment = { ...hostEnvironment(place), PULUMI_CONFIG: JSON.stringify(config) };
    const { executable, script } = location;
    if (script !== undefined && (place.inProcess || executable === undefined))
        return await startScript(title, script, environment, place);
    if (executable === undefined)
        throw new UserError("plugin-not-found", `The folder ${location.folder} has nothing that starts ${title}`);
    const { engineAddress, project, onLine } = place;
    return await HostProcess.startExecutable(
        title,
        executable,
        [engineAddress],
        project.programFolder,
        environment,
        onLine,
    );
}

function startScript(
    title: string,
    script: string,
    environment: NodeJS.ProcessEnv,
    { project, engineAddress, onLine, inProcess }: HostPlace,
): Promise<ProviderHost> {
    const folder = project.programFolder;
    if (!inProcess) return HostProcess.start(title, [script, engineAddress], folder, environment, onLine);
    const inside: ProviderScript = {
        title,
        script,
        folder,
        environment,
        engineAddress,
        project: project.name,
        onLine,
    };
    return InProcessProviderHost.start(inside);
}

/** The runtime's options are for dynamic hosts, which for instance find an interpreter by them. */
function hostEnvironment({ project, environment }: HostPlace): NodeJS.ProcessEnv {
    const options = [...project.runtime.all].map(([name, value]) => [`PULUMI_RUNTIME_${name.toUpperCase()}`, value]);
    return { ...environment, ...Object.fromEntries(options), PULUMI_PROJECT: project.name };
}
