import type { StackConfig } from "../project/stack-settings";
import { locatePlugin } from "./plugin-location";
import { comparedVersions } from "./plugin-version";
import { ProviderClient } from "./provider-client";
import type { ProviderHost } from "./provider-host";
import type { ProviderStarter } from "./provider-registry";
import { type HostPlace, startDynamicHost, startPlugin } from "./start-provider-host";

/** Starts the provider hosts of one operation. */
export class ProviderHosts implements ProviderStarter {
    readonly #place: HostPlace;
    readonly #config: StackConfig;
    readonly #warn: (text: string) => void;
    readonly #warned = new Set<string>();

    /** @param warn tells the user something once */
    constructor(place: HostPlace, config: StackConfig, warn: (text: string) => void) {
        this.#place = place;
        this.#config = config;
        this.#warn = (text) => {
            if (!this.#warned.has(text)) warn(text);
            this.#warned.add(text);
        };
    }

    dynamicHost(): Promise<ProviderHost> {
        return startDynamicHost(this.#place);
    }

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
