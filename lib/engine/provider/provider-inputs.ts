import type { PluginRequest } from "../deployment/goal";
import type { PropertyMap } from "../values/property-value";

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
