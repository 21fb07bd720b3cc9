import { isAbsolute, resolve } from "node:path";
import { UserError } from "../../errors";
import type { WrittenProject } from "./project-shape";

/** A provider plugin that `Pulumi.yaml` names. */
export interface DeclaredPlugin {
    readonly name: string;
    /** Undefined: it serves every version. */
    readonly version: string | undefined;
    /** An absolute path: its folder, or its executable. */
    readonly path: string;
}

/**
 * The provider plugins of `plugins.providers`, and those of `packages` that are given by a path. A package that is given by its name is
 * looked for where all plugins are.
 * @throws UserError `not-supported-by-embedded-engine` for packages that have to be downloaded or have parameters, and for the
 * project's own language and policy plugins
 */
export function declaredPlugins({ plugins, packages }: WrittenProject, root: string, file: string): DeclaredPlugin[] {
    const refuse = (what: string): never => {
        throw new UserError("not-supported-by-embedded-engine", `${what} is not supported by pulumi-embedded`, {
            file,
        });
    };
    const { providers, languages, analyzers } = plugins ?? {};
    if (languages && languages.length > 0) refuse('"plugins.languages" in Pulumi.yaml');
    if (analyzers && analyzers.length > 0) refuse('"plugins.analyzers" in Pulumi.yaml');
    const ofPackages = Object.entries(packages ?? {}).flatMap(([name, value]): DeclaredPlugin[] => {
        const { source, version, parameters = [] } = typeof value === "string" ? { source: value } : value;
        if (parameters.length > 0) refuse(`The parameterized package "${name}" in Pulumi.yaml`);
        if (isPath(source)) return [{ name, version: version ?? undefined, path: resolve(root, source) }];
        if (source.includes("/") || source.includes(":"))
            refuse(`The package "${name}" in Pulumi.yaml, which has to be downloaded from ${source},`);
        return [];
    });
    const ofPlugins = (providers ?? []).map(({ name, version, path }) => ({
        name,
        version: version ?? undefined,
        path: resolve(root, path),
    }));
    return [...ofPlugins, ...ofPackages];
}

const isPath = (source: string): boolean => /^\.{1,2}([\\/]|$)/.test(source) || isAbsolute(source);
