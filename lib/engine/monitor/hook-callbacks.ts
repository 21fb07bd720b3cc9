import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { type ErrorHook, type HookCall, HookFailure, type ResourceHook } from "../deployment/resource-hooks";
import type { ResourceState } from "../state/resource-state";
import { urnName } from "../urn";
import type { PropertyMap } from "../values/property-value";
import { propertiesToStruct } from "../values/wire-values";
import { type CallbackClients, CallbackFailure, type CallbackFunction } from "./callbacks";

/** The messages of older SDKs have no field for a resource's options, and programs with such an SDK do not expect them. */
const carriesOptions = "ResourceOptions" in resource;

const everything = { secrets: true, resources: true, unknowns: true } as const;

/** A hook that the program registered for before or after a step (source_eval.go, wrapResourceHookCallback). */
export function readHook(request: resource.RegisterResourceHookRequest, callbacks: CallbackClients): ResourceHook {
    const callback = callbacks.functionOf(request.getCallback());
    return {
        name: request.getName(),
        onDryRun: request.getOnDryRun(),
        // The messages of older SDKs lack the field.
        ignoreErrors: request.getIgnoreErrors?.() ?? false,
        run: async (call) => {
            const message = withResource(new resource.ResourceHookRequest(), call);
            message.setNewOutputs(struct(call.newOutputs));
            const response = resource.ResourceHookResponse.deserializeBinary(await callHook(callback, message));
            if (response.getError() !== "") throw new HookFailure(response.getError());
        },
    };
}

/** A hook that the program registered for failed steps; it may request a retry. */
export function readErrorHook(request: resource.RegisterErrorHookRequest, callbacks: CallbackClients): ErrorHook {
    const callback = callbacks.functionOf(request.getCallback());
    return {
        name: request.getName(),
        run: async (call, operation, failures) => {
            const message = withResource(new resource.ErrorHookRequest(), call);
            message.setFailedOperation(operation);
            message.setErrorsList([...failures]);
            const response = resource.ErrorHookResponse.deserializeBinary(await callHook(callback, message));
            if (response.getError() !== "") throw new HookFailure(response.getError());
            return response.getRetry();
        },
    };
}

async function callHook(callback: CallbackFunction, message: { serializeBinary(): Uint8Array }): Promise<Uint8Array> {
    try {
        return await callback(message.serializeBinary());
    } catch (error) {
        if (error instanceof CallbackFailure) throw new HookFailure(error.message, { cause: error });
        throw error;
    }
}

function withResource<Request extends resource.ResourceHookRequest | resource.ErrorHookRequest>(
    message: Request,
    { state, old, new: now }: HookCall,
): Request {
    message.setUrn(state.urn);
    message.setId(state.id);
    message.setName(urnName(state.urn));
    message.setType(state.type);
    message.setNewInputs(struct(now?.inputs));
    message.setOldInputs(struct(old?.inputs));
    message.setOldOutputs(struct(old?.outputs));
    if (carriesOptions) {
        message.setOldOptions(optionsOf(old));
        message.setNewOptions(optionsOf(now));
    }
    return message;
}

const struct = (properties: PropertyMap | undefined): Struct | undefined =>
    properties === undefined ? undefined : propertiesToStruct(properties, everything);

/** A resource's options, as far as its state has them (resource_options.go). */
function optionsOf(state: ResourceState | undefined): resource.ResourceOptions | undefined {
    if (state === undefined) return undefined;
    const options = new resource.ResourceOptions();
    options.setDependsOnList([...state.dependencies]);
    options.setIgnoreChangesList([...state.ignoreChanges]);
    options.setReplaceOnChangesList([...state.replaceOnChanges]);
    options.setProvider(state.provider);
    options.setDeletedWith(state.deletedWith);
    options.setImport(state.importId);
    options.setHideDiffList([...state.hideDiff]);
    options.setReplaceWithList([...state.replaceWith]);
    options.setParent(state.parent);
    options.setAliasesList(state.aliases.map((urn) => new Alias().setUrn(urn)));
    options.setAdditionalSecretOutputsList([...state.additionalSecretOutputs]);
    options.setProtect(state.protect);
    options.setRetainOnDelete(state.retainOnDelete);
    const { BeforeCreate, AfterCreate, BeforeUpdate, AfterUpdate, BeforeDelete, AfterDelete, OnError } =
        state.resourceHooks;
    if (Object.keys(state.resourceHooks).length > 0) {
        const hooks = new resource.RegisterResourceRequest.ResourceHooksBinding();
        hooks.setBeforeCreateList([...(BeforeCreate ?? [])]);
        hooks.setAfterCreateList([...(AfterCreate ?? [])]);
        hooks.setBeforeUpdateList([...(BeforeUpdate ?? [])]);
        hooks.setAfterUpdateList([...(AfterUpdate ?? [])]);
        hooks.setBeforeDeleteList([...(BeforeDelete ?? [])]);
        hooks.setAfterDeleteList([...(AfterDelete ?? [])]);
        hooks.setOnErrorList([...(OnError ?? [])]);
        options.setHooks(hooks);
    }
    const timeouts = Object.entries(state.customTimeouts).filter(([, seconds]) => seconds);
    if (timeouts.length > 0) {
        const { create, update, delete: deletion } = state.customTimeouts;
        const message = new resource.RegisterResourceRequest.CustomTimeouts();
        if (create) message.setCreate(durationText(create));
        if (update) message.setUpdate(durationText(update));
        if (deletion) message.setDelete(durationText(deletion));
        options.setCustomTimeouts(message);
    }
    return options;
}

/** Seconds in the form of Go's durations: `1h30m0s`, `5m0s`, `1.5s`. */
function durationText(seconds: number): string {
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const rest = Math.round((seconds % 60) * 1e9) / 1e9;
    if (seconds < 1) return `${Math.round(seconds * 1e6) / 1e3}ms`;
    return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${rest}s`;
}
