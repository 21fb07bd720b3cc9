import type { ErrorDescription } from "./error-description";

/** What can go wrong with the provider plugin as such. */
export const pluginErrors = {
    "unknown-type": {
        meaning: "A program asks the plugin for a resource type or a function that it does not have.",
        cure: "Use one of the named types, or install the version of the plugin that has it.",
    },
    "plugin-not-installed": {
        meaning: "`bucket-encryption plugin install` or `pack` did not install or pack the plugin.",
        cure: "Install the pulumi command, or give it the archive that `bucket-encryption plugin pack` writes: `pulumi plugin install resource bucket-encryption VERSION --file ARCHIVE`.",
    },
} as const satisfies Record<string, ErrorDescription>;
