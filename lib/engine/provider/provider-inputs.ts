import type { PropertyMap } from "../values/property-value";

/** The provider plugin that a program asks for. The engine has one plugin for all, but each request gets a provider resource of its own. */
export interface PluginRequest {
    /** A semantic version, or empty. */
    readonly version: string;
    /** The address to download it from, or empty. */
    readonly url: string;
}

/** The key of inputs that are for the engine only; the provider never gets them. */
const internalKey = "__internal";

/** The inputs of a provider, with the plugin that the program asked for (providers/registry.go, SetProviderVersion, SetProviderURL). */
export function withPlugin(inputs: PropertyMap, { version, url }: PluginRequest): PropertyMap {
    if (version === "" && url === "") return inputs;
    return {
        ...inputs,
        [internalKey]: url === "" ? {} : { pluginDownloadURL: url },
        ...(version === "" ? {} : { version }),
    };
}

/** A provider's inputs without those that are for the engine only. */
export function withoutInternal(inputs: PropertyMap): PropertyMap {
    const { [internalKey]: _internal, ...others } = inputs;
    return others;
}
