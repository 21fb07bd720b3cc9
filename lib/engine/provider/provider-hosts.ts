import { HostedProviders } from "../in-process/hosted-providers";
import type { StackConfig } from "../project/stack-settings";
import type { ResourceState } from "../state/resource-state";
import { DynamicProvider } from "./dynamic-provider";
import { locatePlugin } from "./plugin-location";
import { comparedVersions } from "./plugin-version";
import type { Provider } from "./provider";
import { ProviderClient } from "./provider-client";
import { type HostPlace, startDynamicHost, startPlugin } from "./start-provider-host";

/** Starts the provider hosts of one operation. */
export class ProviderHosts {
    readonly #place: HostPlace;
    readonly #config: StackConfig;
    readonly #warn: (text: string) => void;
    readonly #warned = new Set<string>();
    /** Whether the state has a resource that is not hosted in this process. */
    readonly #needsHost: boolean;

    /**
     * @param states the state's resources
     * @param warn tells the user something once
     */
    constructor(place: HostPlace, config: StackConfig, states: readonly ResourceState[], warn: (text: string) => void) {
        const { hosts, project } = place;
        this.#needsHost = states.some(({ outputs: { __provider: text } }) => {
            return typeof text === "string" && hosts?.(text, project.programFolder) === false;
        });
        this.#place = place;
        this.#config = config;
        this.#warn = (text) => {
            if (!this.#warned.has(text)) warn(text);
            this.#warned.add(text);
        };
    }

    /** The provider of dynamic resources. */
    async dynamic(): Promise<Provider> {
        const start = async () => new ProviderClient(await startDynamicHost(this.#place));
        const { project, hosts } = this.#place;
        if (hosts === undefined) return await start();
        const folder = project.programFolder;
        const hosted = new HostedProviders({ ...this.#place, project: project.name, folder });
        const provider = new DynamicProvider((text) => hosts(text, folder), hosted, start);
        if (this.#needsHost) provider.prepare();
        return provider;
    }

    /** @param version a semantic version, or empty. @throws UserError `plugin-not-found`, `provider-failed` */
    async plugin(name: string, version: string): Promise<ProviderClient> {
        const { project, environment, engineAddress } = this.#place;
        const location = locatePlugin(name, version, project.plugins, environment);
        const file = `pulumi-resource-${name}`;
        if (location.isAmbient) this.#warn(`using ${file} from $PATH at ${location.executable}`);
        const host = await startPlugin(name, location, packageConfig(this.#config, name), this.#place);
        const client = new ProviderClient(host);
        try {
            await client.handshake(engineAddress, location.folder);
            const found = await client.version();
            if (version !== "" && (found === "" || comparedVersions(found, version) < 0)) {
                this.#warn(
                    `resource plugin ${name} is expected to have version >=${version}, but has ${found}; ` +
                        "the wrong version may be on your path, or this may be a bug in the plugin",
                );
            }
            return client;
        } catch (error) {
            await client.close();
            throw error;
        }
    }
}

/** The configuration of a package as texts, by names without the namespace. */
function packageConfig(config: StackConfig, name: string): Record<string, string> {
    const prefix = `${name}:`;
    return Object.fromEntries(
        [...config].flatMap(([key, { text }]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), text]] : [])),
    );
}
