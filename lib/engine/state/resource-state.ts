import { parseProviderReference } from "../urn";
import {
    type CheckpointJson,
    fromCheckpoint,
    mapFromCheckpoint,
    mapToCheckpoint,
    type SecretSealer,
    type SecretWriter,
    toCheckpoint,
} from "../values/checkpoint-values";
import type { PropertyMap, PropertyValue } from "../values/property-value";
import type { CustomTimeouts, ResourceJson } from "./checkpoint-format";
import type { HookNames } from "./hook-names";

/** The state of one resource. A step fills it in while it runs. */
export interface ResourceState {
    urn: string;
    readonly type: string;
    /** Whether a provider manages it; otherwise it is a component. */
    readonly custom: boolean;
    /** Empty while it is not known. */
    id: string;
    /** Replaced, and still to be deleted. */
    delete: boolean;
    inputs: PropertyMap;
    outputs: PropertyMap;
    parent: string;
    protect: boolean;
    /** To be replaced by the next update in any case. */
    taint: boolean;
    /** Only read, never managed. */
    external: boolean;
    dependencies: readonly string[];
    initErrors: readonly string[];
    /** `<provider urn>::<id>` */
    provider: string;
    propertyDependencies: ReadonlyMap<string, readonly string[]>;
    /** Deleted for a replacement that has not been created yet. */
    pendingReplacement: boolean;
    additionalSecretOutputs: readonly string[];
    aliases: readonly string[];
    customTimeouts: CustomTimeouts;
    importId: string;
    retainOnDelete: boolean;
    deletedWith: string;
    replaceWith: readonly string[];
    created: string | undefined;
    modified: string | undefined;
    sourcePosition: string;
    ignoreChanges: readonly string[];
    hideDiff: readonly string[];
    replaceOnChanges: readonly string[];
    replacementTrigger: PropertyValue | undefined;
    stackTrace: CheckpointJson | undefined;
    /** To be read before each update and destroy, without being asked: its provider wants that. */
    refreshBeforeUpdate: boolean;
    resourceHooks: HookNames;
}

/** A state with nothing but its identity. */
export function emptyState(urn: string, type: string, custom: boolean): ResourceState {
    return {
        urn,
        type,
        custom,
        id: "",
        delete: false,
        inputs: {},
        outputs: {},
        parent: "",
        protect: false,
        taint: false,
        external: false,
        dependencies: [],
        initErrors: [],
        provider: "",
        propertyDependencies: new Map(),
        pendingReplacement: false,
        additionalSecretOutputs: [],
        aliases: [],
        customTimeouts: {},
        importId: "",
        retainOnDelete: false,
        deletedWith: "",
        replaceWith: [],
        created: undefined,
        modified: undefined,
        sourcePosition: "",
        ignoreChanges: [],
        hideDiff: [],
        replaceOnChanges: [],
        replacementTrigger: undefined,
        stackTrace: undefined,
        refreshBeforeUpdate: false,
        resourceHooks: {},
    };
}

/** Writes a state; fields that are empty are left out, as the CLI does. */
export function stateToJson(state: ResourceState, writeSecret: SecretWriter): ResourceJson {
    return withoutUndefined<ResourceJson>({
        urn: state.urn,
        custom: state.custom,
        delete: when(state.delete),
        id: filled(state.id),
        type: state.type,
        inputs: filledMap(state.inputs, writeSecret),
        outputs: filledMap(state.outputs, writeSecret),
        parent: filled(state.parent),
        protect: when(state.protect),
        taint: when(state.taint),
        external: when(state.external),
        dependencies: filledList(state.dependencies),
        initErrors: filledList(state.initErrors),
        provider: filled(state.provider),
        propertyDependencies:
            state.propertyDependencies.size === 0
                ? undefined
                : Object.fromEntries(
                      [...state.propertyDependencies.keys()]
                          .sort()
                          .map((key) => [key, [...(state.propertyDependencies.get(key) ?? [])]]),
                  ),
        pendingReplacement: when(state.pendingReplacement),
        additionalSecretOutputs: filledList(state.additionalSecretOutputs),
        aliases: filledList(state.aliases),
        customTimeouts: Object.values(state.customTimeouts).some(Boolean) ? state.customTimeouts : undefined,
        importID: filled(state.importId),
        retainOnDelete: when(state.retainOnDelete),
        deletedWith: filled(state.deletedWith),
        replaceWith: filledList(state.replaceWith),
        created: state.created,
        modified: state.modified,
        sourcePosition: filled(state.sourcePosition),
        stackTrace: state.stackTrace,
        ignoreChanges: filledList(state.ignoreChanges),
        hideDiff: filledList(state.hideDiff),
        replaceOnChanges: filledList(state.replaceOnChanges),
        replacementTrigger:
            state.replacementTrigger === undefined ? undefined : toCheckpoint(state.replacementTrigger, writeSecret),
        refreshBeforeUpdate: when(state.refreshBeforeUpdate),
        resourceHooks: hookNamesJson(state.resourceHooks),
    });
}

/** Fields in the given order, of which any optional one may be undefined. */
type WithUndefined<Fields> = {
    [Name in keyof Fields]: object extends Pick<Fields, Name> ? Fields[Name] | undefined : Fields[Name];
};

const withoutUndefined = <Fields extends object>(fields: WithUndefined<Fields>): Fields =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;

export function stateFromJson(json: ResourceJson, sealer: () => SecretSealer): ResourceState {
    return {
        urn: json.urn,
        type: json.type,
        custom: json.custom,
        id: json.id ?? "",
        delete: json.delete ?? false,
        inputs: mapFromCheckpoint(json.inputs ?? {}, sealer),
        outputs: mapFromCheckpoint(json.outputs ?? {}, sealer),
        parent: json.parent ?? "",
        protect: json.protect ?? false,
        taint: json.taint ?? false,
        external: json.external ?? false,
        dependencies: json.dependencies ?? [],
        initErrors: json.initErrors ?? [],
        provider: json.provider ?? "",
        propertyDependencies: new Map(
            Object.entries(json.propertyDependencies ?? {}).map(([key, urns]) => [key, urns ?? []]),
        ),
        pendingReplacement: json.pendingReplacement ?? false,
        additionalSecretOutputs: json.additionalSecretOutputs ?? [],
        aliases: json.aliases ?? [],
        customTimeouts: json.customTimeouts ?? {},
        importId: json.importID ?? "",
        retainOnDelete: json.retainOnDelete ?? false,
        deletedWith: json.deletedWith ?? "",
        replaceWith: json.replaceWith ?? [],
        created: json.created,
        modified: json.modified,
        sourcePosition: json.sourcePosition ?? "",
        stackTrace: json.stackTrace,
        ignoreChanges: json.ignoreChanges ?? [],
        hideDiff: Array.isArray(json.hideDiff) ? json.hideDiff.map(String) : [],
        replaceOnChanges: json.replaceOnChanges ?? [],
        replacementTrigger:
            json.replacementTrigger === undefined ? undefined : fromCheckpoint(json.replacementTrigger, sealer),
        refreshBeforeUpdate: json.refreshBeforeUpdate ?? false,
        resourceHooks: (json.resourceHooks ?? {}) as HookNames,
    };
}

/** Every URN that a resource refers to, except its provider's. */
export function referencedUrns(
    json: Pick<ResourceJson, "parent" | "dependencies" | "propertyDependencies" | "deletedWith" | "replaceWith">,
): string[] {
    return [
        ...(json.parent ? [json.parent] : []),
        ...(json.dependencies ?? []),
        ...Object.values(json.propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
        ...(json.deletedWith ? [json.deletedWith] : []),
        ...(json.replaceWith ?? []),
    ];
}

/** Every URN that a state names: its parent, its provider, and everything that it depends on. */
export function namedUrns(state: ResourceState): string[] {
    return [...dependedUrns(state), state.parent, parseProviderReference(state.provider)?.urn ?? ""].filter(Boolean);
}

/** The URNs that a state depends on, without its parent and its provider. */
export const dependedUrns = (state: ResourceState): string[] => [
    ...state.dependencies,
    ...[...state.propertyDependencies.values()].flat(),
    state.deletedWith,
    ...state.replaceWith,
];

function hookNamesJson(hooks: HookNames): CheckpointJson | undefined {
    const used = Object.entries(hooks).sort(([left], [right]) => (left < right ? -1 : 1));
    if (used.length === 0) return undefined;
    return Object.fromEntries(used.map(([type, names]) => [type, [...names]]));
}

const when = (flag: boolean): true | undefined => (flag ? true : undefined);
const filled = (text: string): string | undefined => (text === "" ? undefined : text);
const filledList = (list: readonly string[]): string[] | undefined => (list.length === 0 ? undefined : [...list]);
const filledMap = (map: PropertyMap, writeSecret: SecretWriter): { [key: string]: CheckpointJson } | undefined =>
    Object.keys(map).length === 0 ? undefined : mapToCheckpoint(map, writeSecret);
