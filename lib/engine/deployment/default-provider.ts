import type { StackConfig } from "../project/stack-settings";
import type { PluginRequest } from "../provider/provider-inputs";
import { withPlugin } from "../provider/provider-inputs";
import { dynamicPackage } from "../provider/provider-registry";
import { providerTypeOf } from "../urn";
import { Secret } from "../values/property-value";
import type { Goal } from "./goal";

/** The name of the provider for resources that name none (ProviderRequest.DefaultName). */
export function defaultProviderName({ version, url }: PluginRequest): string {
    const parts = version === "" ? [] : [version.replaceAll(/[^A-Za-z0-9]/g, "_")];
    if (url !== "") {
        const segments = url.split("/").filter((segment) => segment !== "");
        parts.push(
            segments.map((text) => text.replaceAll(/[^A-Za-z0-9_.-]/g, "_").replace(/^[^A-Za-z_]/, "_")).join("/"),
        );
    }
    return ["default", ...parts].join("_");
}

/** Dynamic providers get the whole configuration of the stack, with namespaces (target.go, GetPackageConfig). */
export function defaultProviderGoal(plugin: PluginRequest, config: StackConfig): Goal {
    return {
        type: providerTypeOf(dynamicPackage),
        name: defaultProviderName(plugin),
        custom: true,
        properties: withPlugin(
            Object.fromEntries([...config].map(([key, { text, secret }]) => [key, secret ? new Secret(text) : text])),
            plugin,
        ),
        parent: "",
        protect: undefined,
        dependencies: [],
        provider: "",
        propertyDependencies: new Map(),
        deleteBeforeReplace: undefined,
        ignoreChanges: [],
        additionalSecretOutputs: [],
        importId: "",
        aliases: [],
        customTimeouts: {},
        replaceOnChanges: [],
        retainOnDelete: undefined,
        deletedWith: "",
        replaceWith: [],
        replacementTrigger: undefined,
        hideDiff: [],
        sourcePosition: "",
        plugin: { version: "", url: "" },
        resourceHooks: {},
    };
}
