import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Registrar } from "../deployment/registrar";
import { ProviderFailure } from "../provider/provider-failure";
import { propertiesToStruct, structToProperties } from "../values/wire-values";
import type { CallbackClients, CallbackFunction } from "./callbacks";
import { readPlugin } from "./register-request";

/** A function of a provider failed. The program gets this as the error of its call. */
export class InvokeFailure extends Error {}

/** Calls the functions of providers for a program, after the program's own transforms of such calls (source_eval.go, Invoke). */
export class ProgramFunctions {
    readonly #transforms: CallbackFunction[] = [];
    readonly #callbacks: CallbackClients;

    constructor(callbacks: CallbackClients) {
        this.#callbacks = callbacks;
    }

    registerTransform(callback: Callback): void {
        this.#transforms.push(this.#callbacks.functionOf(callback));
    }

    /** @throws CallbackFailure when a transform fails, InvokeFailure when the function does */
    async invoke(
        request: resource.ResourceInvokeRequest,
        registrar: Registrar,
        preview: boolean,
    ): Promise<provider.InvokeResponse> {
        const token = request.getTok();
        for (const transform of this.#transforms) await applyTransform(transform, request);
        const plugin = readPlugin(request, token);
        const client = await registrar.providerFor(token, request.getProvider(), plugin);
        const { result, failures } = await client
            .invoke(token, structToProperties(request.getArgs()), preview)
            .catch((error: unknown) => {
                if (!(error instanceof ProviderFailure)) throw error;
                const message = `invocation of ${token} returned an error: ${error.message}`;
                throw new InvokeFailure(message, { cause: error });
            });
        const resources = request.getAcceptresources();
        return new provider.InvokeResponse()
            .setReturn(propertiesToStruct(result, { secrets: true, resources, unknowns: true }))
            .setFailuresList(
                failures.map(({ property, reason }) =>
                    new provider.CheckFailure().setProperty(property).setReason(reason),
                ),
            );
    }
}

async function applyTransform(transform: CallbackFunction, request: resource.ResourceInvokeRequest): Promise<void> {
    const options = new resource.TransformInvokeOptions()
        .setProvider(request.getProvider())
        .setPluginDownloadUrl(request.getPlugindownloadurl())
        .setVersion(request.getVersion());
    const message = new resource.TransformInvokeRequest()
        .setToken(request.getTok())
        .setArgs(request.getArgs() ?? new Struct())
        .setOptions(options);
    const answer = resource.TransformInvokeResponse.deserializeBinary(await transform(message.serializeBinary()));
    if (answer.hasArgs()) request.setArgs(answer.getArgs());
    const changed = answer.getOptions();
    if (changed === undefined) return;
    request.setProvider(changed.getProvider());
    request.setVersion(changed.getVersion());
    request.setPlugindownloadurl(changed.getPluginDownloadUrl());
}
