import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type * as resource from "@pulumi/pulumi/proto/resource_pb";
import { UserError, unreadable } from "../../errors";
import type { Alias, Goal, ReadGoal } from "../deployment/goal";
import type { Project } from "../project/project-file";
import type { PluginRequest } from "../provider/provider-inputs";
import type { CustomTimeouts } from "../state/checkpoint-format";
import type { HookNames, HookType } from "../state/hook-names";
import { parsePropertyPath, pathText } from "../values/property-paths";
import {
    Archive,
    Asset,
    isPropertyList,
    isPropertyMap,
    mapProperties,
    type PropertyMap,
    type PropertyValue,
    Secret,
} from "../values/property-value";
import { fromWire, type Json, structToProperties } from "../values/wire-values";

/** Relative paths of assets start at `programFolder`, positions in source code at `root`. */
export type ProgramPlace = Pick<Project, "root" | "programFolder">;

/**
 * Reads a program's declaration of a resource.
 * @throws UserError `not-supported-by-embedded-engine` for options that the engine would otherwise ignore
 */
export function readRegisterRequest(
    request: resource.RegisterResourceRequest,
    { root, programFolder }: ProgramPlace,
): Goal {
    const name = request.getName();
    const refuse = (used: boolean, option: string): void => {
        if (!used) return;
        throw new UserError("not-supported-by-embedded-engine", `${option} is not supported by pulumi-embedded`, {
            resource: name,
        });
    };
    if (request.getCustom() && !/^[^:]+:[^:]*:[^:]+$/.test(request.getType())) {
        const type = request.getType();
        throw new UserError(
            "invalid-declaration",
            `Type '${type}' is not a valid type token (must have format '*:*:*')`,
            {
                resource: name,
            },
        );
    }
    refuse(request.getRemote(), "A component of another language (remote)");
    refuse(request.getPackageref() !== "", "A parameterized package");
    // The messages of SDKs before 3.220 lack the field.
    refuse((request.getEnvvarmappingsMap?.().getLength() ?? 0) > 0, 'The option "envVarMappings"');
    const carried = new Map<string, Set<string>>();
    const properties = withHashedAssets(structToProperties(request.getObject(), carried), programFolder) as PropertyMap;
    const dependencies = request.getDependenciesList();
    const trigger = request.getReplacementTrigger();
    return {
        type: request.getType(),
        name,
        custom: request.getCustom(),
        properties,
        parent: request.getParent(),
        protect: request.hasProtect() ? request.getProtect() : undefined,
        dependencies: [...new Set([...dependencies, ...[...carried.values()].flatMap((urns) => [...urns])])],
        provider: request.getProvider(),
        propertyDependencies: readPropertyDependencies(request, properties, carried),
        deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
        ignoreChanges: request.getIgnorechangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        importId: request.getImportid(),
        aliases: readAliases(request),
        customTimeouts: readTimeouts(request.getCustomtimeouts(), name),
        replaceOnChanges: request.getReplaceonchangesList(),
        retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
        deletedWith: request.getDeletedwith(),
        replaceWith: request.getReplaceWithList(),
        replacementTrigger: trigger === undefined ? undefined : fromWire(trigger.toJavaScript() as Json),
        hideDiff: request.getHidediffsList().map((text) => readHiddenPath(text, name)),
        sourcePosition: readPosition(request.getSourceposition(), root),
        plugin: readPlugin(request, name),
        resourceHooks: readHooks(request.getHooks()),
    };
}

/** Reads a path and returns it as the state spells it. */
function readHiddenPath(text: string, resource: string): string {
    const path = parsePropertyPath(text);
    if (path !== undefined) return pathText(path);
    throw new UserError("invalid-declaration", `hideDiffs: "${text}" is not a path to a property`, { resource });
}

/** @param resource what asks for it, for messages */
export function readPlugin(
    request: { getVersion(): string; getPlugindownloadurl(): string },
    resource: string,
): PluginRequest {
    const version = request.getVersion();
    if (version !== "" && !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version)) {
        throw new UserError("invalid-declaration", `"${version}" is not a version of a provider; an example is 1.2.3`, {
            resource,
        });
    }
    return { version, url: request.getPlugindownloadurl() };
}

function readHooks(hooks: resource.RegisterResourceRequest.ResourceHooksBinding | undefined): HookNames {
    if (hooks === undefined) return {};
    const names: Record<HookType, readonly string[]> = {
        BeforeCreate: hooks.getBeforeCreateList(),
        AfterCreate: hooks.getAfterCreateList(),
        BeforeUpdate: hooks.getBeforeUpdateList(),
        AfterUpdate: hooks.getAfterUpdateList(),
        BeforeDelete: hooks.getBeforeDeleteList(),
        AfterDelete: hooks.getAfterDeleteList(),
        OnError: hooks.getOnErrorList(),
    };
    return Object.fromEntries(Object.entries(names).filter(([, list]) => list.length > 0));
}

export function readReadRequest(
    request: resource.ReadResourceRequest,
    { root, programFolder }: ProgramPlace,
): ReadGoal {
    return {
        type: request.getType(),
        name: request.getName(),
        id: request.getId(),
        parent: request.getParent(),
        properties: withHashedAssets(structToProperties(request.getProperties()), programFolder) as PropertyMap,
        dependencies: request.getDependenciesList(),
        provider: request.getProvider(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        sourcePosition: readPosition(request.getSourceposition(), root),
        plugin: readPlugin(request, request.getName()),
    };
}

/** The resources that each property depends on. Without them every property depends on all dependencies. */
function readPropertyDependencies(
    request: resource.RegisterResourceRequest,
    properties: PropertyMap,
    carried: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, readonly string[]> {
    const declared = request.getPropertydependenciesMap();
    const result = new Map<string, readonly string[]>();
    if (declared.getLength() === 0) {
        const all = request.getDependenciesList();
        if (all.length > 0) for (const key of Object.keys(properties)) result.set(key, all);
    } else {
        declared.forEach((dependencies, key) => {
            result.set(key, dependencies.getUrnsList());
        });
    }
    for (const [key, urns] of carried) result.set(key, [...new Set([...(result.get(key) ?? []), ...urns])]);
    return result;
}

function readAliases(request: resource.RegisterResourceRequest): Alias[] {
    const urns = request.getAliasurnsList().map((urn) => ({ urn }));
    return [
        ...urns,
        ...request.getAliasesList().flatMap((alias): Alias[] => {
            const spec = alias.getSpec();
            if (spec === undefined) return alias.getUrn() === "" ? [] : [{ urn: alias.getUrn() }];
            return [
                {
                    name: spec.getName(),
                    type: spec.getType(),
                    stack: spec.getStack(),
                    project: spec.getProject(),
                    parent: spec.getParenturn(),
                    noParent: spec.getNoparent(),
                },
            ];
        }),
    ];
}

function readTimeouts(
    timeouts: resource.RegisterResourceRequest.CustomTimeouts | undefined,
    name: string,
): CustomTimeouts {
    if (timeouts === undefined) return {};
    const texts = { create: timeouts.getCreate(), update: timeouts.getUpdate(), delete: timeouts.getDelete() };
    return Object.fromEntries(
        Object.entries(texts)
            .filter(([, text]) => text !== "")
            .map(([call, text]) => [call, seconds(text, name)]),
    );
}

const unitSeconds: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Reads a duration such as `1h30m` or `5m` into seconds. */
function seconds(text: string, resource: string): number {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
    if (parts.map(([part]) => part).join("") !== text) {
        throw new UserError(
            "invalid-declaration",
            `"${text}" in customTimeouts is not a duration such as "5m" or "1h30m"`,
            { resource },
        );
    }
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitSeconds[unit ?? ""] ?? 0), 0);
}

/** `project:///<path from the project's root>#<line>,<column>` (source_eval.go, parseSourcePosition). */
function readPosition(
    position: { getUri(): string; getLine(): number; getColumn(): number } | undefined,
    root: string,
): string {
    if (position === undefined || !position.getUri().startsWith("file://")) return "";
    const path = relative(root, fileURLToPath(position.getUri())).split(sep).join("/");
    return `project:///${encodeURI(path)}#${position.getLine()}${position.getColumn() > 0 ? `,${position.getColumn()}` : ""}`;
}

/** Assets are compared by the SHA-256 of their content, which the engine computes (sdk/go/common/resource/asset). */
function withHashedAssets(value: PropertyValue, folder: string): PropertyValue {
    if (value instanceof Secret) return new Secret(withHashedAssets(value.value, folder));
    if (value instanceof Asset) return new Asset(assetHash(value, folder), value.source);
    if (value instanceof Archive)
        throw new UserError(
            "not-supported-by-embedded-engine",
            "Archives among a resource's properties are not supported by pulumi-embedded",
        );
    if (isPropertyList(value)) return value.map((item) => withHashedAssets(item, folder));
    if (isPropertyMap(value)) return mapProperties(value, (item) => withHashedAssets(item, folder));
    return value;
}

function assetHash(asset: Asset, folder: string): string {
    const { source } = asset;
    if (source === undefined) return asset.hash;
    if ("uri" in source)
        throw new UserError("not-supported-by-embedded-engine", "Remote assets are not supported by pulumi-embedded");
    const content =
        "text" in source ? source.text : readAsset(isAbsolute(source.path) ? source.path : join(folder, source.path));
    return createHash("sha256").update(content).digest("hex");
}

function readAsset(file: string): Buffer {
    try {
        return readFileSync(file);
    } catch (cause) {
        throw unreadable("invalid-declaration", file, cause, "The file of an asset cannot be read");
    }
}
