import * as pulumi from "@pulumi/pulumi";
import { packageVersion } from "./package-version";

/**
 * The options of a resource of the plugin: the version of the plugin, and an alias for the resource that it was before.
 * @param dynamicType of the dynamic class, whose resource of the same name becomes this one without a change
 */
export function nativeOptions(
    { aliases = [], ...options }: pulumi.CustomResourceOptions,
    dynamicType: string,
): pulumi.CustomResourceOptions {
    // A resource that is renamed or gets another parent at the same time is found by both.
    const moved = aliases.flatMap((alias): GivenAlias[] =>
        isRenaming(alias) ? [alias, { ...alias, type: dynamicType }] : [alias],
    );
    return { version: packageVersion(), ...options, aliases: [...moved, { type: dynamicType }] };
}

type GivenAlias = pulumi.Input<pulumi.URN | pulumi.Alias>;

function isRenaming(alias: GivenAlias): alias is pulumi.Alias {
    return typeof alias === "object" && !pulumi.Output.isInstance(alias) && !("then" in alias) && !("type" in alias);
}
