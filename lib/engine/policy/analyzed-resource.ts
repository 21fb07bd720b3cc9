import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { ResourceState } from "../state/resource-state";
import { urnName } from "../urn";
import type { PropertyMap } from "../values/property-value";
import { propertiesToStruct } from "../values/wire-values";

/** A resource as policies see it: its state, and facts that only the running program provides. */
export interface AnalyzedResource {
    readonly state: ResourceState;
    readonly properties: PropertyMap;
    readonly provider: ResourceState | undefined;
    readonly deleteBeforeReplace: boolean | undefined;
}

const wire = { secrets: true, resources: true, unknowns: true } as const;

/** The request about one resource. */
export const analyzeRequest = (resource: AnalyzedResource, properties: PropertyMap): analyzer.AnalyzeRequest =>
    fill(new analyzer.AnalyzeRequest(), resource, properties);

/** Fills in a message about a resource, alone or as one of its stack. */
export function fill<Target extends analyzer.AnalyzeRequest | analyzer.AnalyzerResource>(
    message: Target,
    { state, provider, deleteBeforeReplace }: AnalyzedResource,
    properties: PropertyMap,
): Target {
    message.setUrn(state.urn);
    message.setType(state.type);
    message.setName(urnName(state.urn));
    message.setProperties(propertiesToStruct(properties, wire));
    const options = new analyzer.AnalyzerResourceOptions();
    options.setProtect(state.protect);
    options.setIgnorechangesList([...state.ignoreChanges]);
    options.setDeletebeforereplace(deleteBeforeReplace ?? false);
    options.setDeletebeforereplacedefined(deleteBeforeReplace !== undefined);
    options.setAdditionalsecretoutputsList([...state.additionalSecretOutputs]);
    options.setAliasesList([...state.aliases]);
    const { create = 0, update = 0, delete: deletion = 0 } = state.customTimeouts;
    const timeouts = new analyzer.AnalyzerResourceOptions.CustomTimeouts();
    timeouts.setCreate(create);
    timeouts.setUpdate(update);
    timeouts.setDelete(deletion);
    options.setCustomtimeouts(timeouts);
    options.setParent(state.parent);
    message.setOptions(options);
    if (provider !== undefined) {
        const about = new analyzer.AnalyzerProviderResource();
        about.setUrn(provider.urn);
        about.setType(provider.type);
        about.setName(urnName(provider.urn));
        about.setProperties(propertiesToStruct(withoutInternal(provider.inputs), wire));
        message.setProvider(about);
    }
    return message;
}

/** Policies do not get keys such as `__provider`, which only the SDK uses. */
export const withoutInternal = (properties: PropertyMap): PropertyMap =>
    Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
