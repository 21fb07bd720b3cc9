import type { PropertyMap } from "../values/property-value";

/** The provider plugin that a program asks for. The engine has one plugin for all, but each request gets a provider resource of its own. */
export interface PluginRequest {
    /** A semantic version, or empty. */
    readonly version: string;
    /** The address to download it from, or empty. */
    readonly url: string;
}

/** Where a provider's inputs have what only the engine wants to know; the provider never sees it. */
const internalKey = "__internal";

/** The inputs of a provider with the plugin that was asked for (providers/registry.go, SetProviderVersion, SetProviderURL). */
export function withPlugin(inputs: PropertyMap, { version, url }: PluginRequest): PropertyMap {
    if (version === "" && url === "") return inputs;
    return {
        ...inputs,
        [internalKey]: url === "" ? {} : { pluginDownloadURL: url },
        ...(version === "" ? {} : { version }),
    };
}

/** A provider's inputs as the provider itself gets them. */
export function withoutInternal(inputs: PropertyMap): PropertyMap {
    const { [internalKey]: _internal, ...others } = inputs;
    return others;
}
