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

/** Whether the configuration denies a package its default provider (default_providers.go, shouldDenyRequest). */
export function deniesDefaultProvider(packageName: string, config: StackConfig): boolean {
    const text = config.get("pulumi:disable-default-providers")?.text ?? "";
    return text.includes(`"${packageName}"`) || text.includes('"*"');
}

/**
 * The default provider of a package. It is configured by the values in the package's namespace, without the namespace; dynamic providers
 * get the whole configuration of the stack, with namespaces (target.go, GetPackageConfig).
 */
export function defaultProviderGoal(packageName: string, plugin: PluginRequest, config: StackConfig): Goal {
    const prefix = packageName === dynamicPackage ? "" : `${packageName}:`;
    const own = [...config].filter(([key]) => key.startsWith(prefix));
    return {
        type: providerTypeOf(packageName),
        name: defaultProviderName(plugin),
        custom: true,
        properties: withPlugin(
            Object.fromEntries(
                own.map(([key, { text, secret }]) => [key.slice(prefix.length), secret ? new Secret(text) : text]),
            ),
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
