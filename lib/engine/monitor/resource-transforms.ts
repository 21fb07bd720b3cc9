import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { signatureKey, signatures } from "../values/signatures";
import { structOf } from "../values/wire-values";
import { type CallbackClients, CallbackFailure, type CallbackFunction } from "./callbacks";

/** A resource's declaration after its transforms. */
export interface TransformedRequest {
    readonly request: resource.RegisterResourceRequest;
    /** The transforms in the resource's own options; they also apply to its children. */
    readonly own: readonly CallbackFunction[];
}

/**
 * Functions of a program that change declarations before the engine looks at them: a resource's own transforms first, then those of
 * its ancestors, then the stack's (source_eval.go, RegisterResource).
 */
export class ResourceTransforms {
    readonly #stack: CallbackFunction[] = [];
    readonly #byResource = new Map<string, readonly CallbackFunction[]>();
    readonly #parents = new Map<string, string>();

    readonly #callbacks: CallbackClients;

    constructor(callbacks: CallbackClients) {
        this.#callbacks = callbacks;
    }

    registerForStack(callback: Callback): void {
        this.#stack.push(this.#callbacks.functionOf(callback));
    }

    /** Remembers a resource that is registered, for the transforms of its children. */
    keep(urn: string, parent: string, own: readonly CallbackFunction[]): void {
        this.#parents.set(urn, parent);
        if (own.length > 0) this.#byResource.set(urn, own);
    }

    /** @throws CallbackFailure when a transform fails */
    async apply(request: resource.RegisterResourceRequest): Promise<TransformedRequest> {
        const own = request.getTransformsList().map((callback) => this.#callbacks.functionOf(callback));
        const transforms = [...own, ...this.#ofAncestors(request.getParent()), ...this.#stack];
        if (transforms.length === 0) return { request, own };
        if (own.length > 0) carryDependencies(request);
        let options = optionsOf(request);
        for (const transform of transforms) options = await applyOne(transform, request, options);
        takeOptions(request, options);
        // A resource with its own transforms depends only on what its options and properties contain now.
        if (own.length > 0) {
            request.setDependenciesList(options.getDependsOnList());
            request.getPropertydependenciesMap().clear();
        }
        addDependencyEntries(request);
        return { request, own };
    }

    #ofAncestors(parent: string): CallbackFunction[] {
        const found: CallbackFunction[] = [];
        for (let urn = parent; urn !== ""; urn = this.#parents.get(urn) ?? "")
            found.push(...(this.#byResource.get(urn) ?? []));
        return found;
    }
}

async function applyOne(
    transform: CallbackFunction,
    request: resource.RegisterResourceRequest,
    options: resource.TransformResourceOptions,
): Promise<resource.TransformResourceOptions> {
    const message = new resource.TransformRequest();
    message.setName(request.getName());
    message.setType(request.getType());
    message.setCustom(request.getCustom());
    message.setParent(request.getParent());
    message.setProperties(request.getObject() ?? new Struct());
    message.setOptions(options);
    let content: Uint8Array;
    try {
        content = await transform(message.serializeBinary());
    } catch (error) {
        if (error instanceof CallbackFailure)
            throw new CallbackFailure(`invoke transform: ${error.message}`, { cause: error });
        throw error;
    }
    const response = resource.TransformResponse.deserializeBinary(content);
    const properties = response.getProperties();
    if (properties !== undefined) request.setObject(properties);
    return response.getOptions() ?? options;
}

/** Adds to each property the resources that it depends on, so that they stay with a value that a transform moves. */
function carryDependencies(request: resource.RegisterResourceRequest): void {
    const properties = { ...(request.getObject()?.toJavaScript() as { [key: string]: unknown } | undefined) };
    const declared = request.getPropertydependenciesMap();
    for (const [key, value] of Object.entries(properties)) {
        const urns =
            declared.getLength() === 0 ? request.getDependenciesList() : (declared.get(key)?.getUrnsList() ?? []);
        if (urns.length > 0) properties[key] = outputValue(value, urns);
    }
    request.setObject(structOf(properties));
}

function outputValue(value: unknown, dependencies: readonly string[]): unknown {
    const tagged = value as { [key: string]: unknown } | null;
    if (typeof tagged === "object" && tagged?.[signatureKey] === signatures.outputValue) {
        const known = (tagged.dependencies as string[] | undefined) ?? [];
        return { ...tagged, dependencies: [...new Set([...known, ...dependencies])] };
    }
    return { [signatureKey]: signatures.outputValue, value, dependencies };
}

/** States for each property that a transform added that it depends on nothing. */
function addDependencyEntries(request: resource.RegisterResourceRequest): void {
    const entries = request.getPropertydependenciesMap();
    for (const key of Object.keys(request.getObject()?.toJavaScript() ?? {}))
        if (!entries.has(key)) entries.set(key, new resource.RegisterResourceRequest.PropertyDependencies());
}

function optionsOf(request: resource.RegisterResourceRequest): resource.TransformResourceOptions {
    const options = new resource.TransformResourceOptions();
    options.setImport(request.getImportid());
    options.setDependsOnList(request.getDependenciesList());
    if (request.hasProtect()) options.setProtect(request.getProtect() as boolean);
    options.setIgnoreChangesList(request.getIgnorechangesList());
    options.setReplaceOnChangesList(request.getReplaceonchangesList());
    options.setReplacementTrigger(request.getReplacementTrigger());
    options.setVersion(request.getVersion());
    const aliases = request.getAliasurnsList().map((urn) => new Alias().setUrn(urn));
    options.setAliasesList([...aliases, ...request.getAliasesList()]);
    options.setProvider(request.getProvider());
    request.getProvidersMap().forEach((reference, name) => {
        options.getProvidersMap().set(name, reference);
    });
    options.setHideDiffList(request.getHidediffsList());
    options.setCustomTimeouts(request.getCustomtimeouts());
    options.setPluginDownloadUrl(request.getPlugindownloadurl());
    if (request.hasRetainondelete()) options.setRetainOnDelete(request.getRetainondelete() as boolean);
    options.setDeletedWith(request.getDeletedwith());
    options.setReplaceWithList(request.getReplaceWithList());
    if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
    options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
    options.setHooks(request.getHooks());
    return options;
}

/** Only a resource with its own transforms gets the dependencies from the transformed declaration. */
function takeOptions(request: resource.RegisterResourceRequest, options: resource.TransformResourceOptions): void {
    request.setImportid(options.getImport());
    if (options.hasProtect()) request.setProtect(options.getProtect() as boolean);
    else request.clearProtect();
    request.setIgnorechangesList(options.getIgnoreChangesList());
    request.setReplaceonchangesList(options.getReplaceOnChangesList());
    request.setReplacementTrigger(options.getReplacementTrigger());
    request.setVersion(options.getVersion());
    request.setAliasurnsList([]);
    request.setAliasesList(options.getAliasesList());
    request.setProvider(options.getProvider());
    request.setHidediffsList(options.getHideDiffList());
    request.setCustomtimeouts(options.getCustomTimeouts());
    request.setPlugindownloadurl(options.getPluginDownloadUrl());
    if (options.hasRetainOnDelete()) request.setRetainondelete(options.getRetainOnDelete() as boolean);
    else request.clearRetainondelete();
    request.setDeletedwith(options.getDeletedWith());
    request.setReplaceWithList(options.getReplaceWithList());
    request.setDeletebeforereplacedefined(options.hasDeleteBeforeReplace());
    request.setDeletebeforereplace(options.getDeleteBeforeReplace() ?? false);
    request.setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList());
    request.setHooks(options.getHooks());
}
