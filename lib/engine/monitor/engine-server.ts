import { Server, ServerCredentials, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { UserError } from "../../errors";
import { Aborted } from "../deployment/aborted";
import { Deferred } from "../deployment/deferred";
import type { DeploymentLog } from "../deployment/deployment-log";
import type { Severity } from "../deployment/engine-event";
import type { Registered, Registrar } from "../deployment/registrar";
import { HookFailure, type ResourceHooks } from "../deployment/resource-hooks";
import { keepNewest } from "../keep-newest";
import { emptyMessage } from "../processes/empty-message";
import { grpcOptions } from "../processes/grpc-options";
import type { PropertyMap } from "../values/property-value";
import { propertiesToStruct, structToProperties } from "../values/wire-values";
import { CallbackClients, CallbackFailure } from "./callbacks";
import { readErrorHook, readHook } from "./hook-callbacks";
import { InvokeFailure, ProgramFunctions } from "./program-functions";
import { type ProgramPlace, readReadRequest, readRegisterRequest } from "./register-request";
import { ResourceTransforms } from "./resource-transforms";

/** The features that programs may use (source_eval.go, supportsFeatureID). */
const supportedFeatures = new Set([
    "secrets",
    "resourceReferences",
    "outputValues",
    "aliasSpecs",
    "replacementTrigger",
    "deletedWith",
    "replaceWith",
    "parameterization",
    "transforms",
    "invokeTransforms",
    "resourceHooks",
    "errorHooks",
    "sendsOptionsToHooks",
]);

/** The parts of an operation that the services need. */
export interface ProgramHost {
    readonly registrar: Registrar;
    readonly hooks: ResourceHooks;
    readonly place: ProgramPlace;
    readonly isPreview: boolean;
    /** Called when the program has declared everything; resolves when everything is done. */
    readonly allDeclared: () => Promise<void>;
    /** Resolves when no step runs any more. */
    readonly idle: () => Promise<void>;
    /** Called with an error that ends the operation: an unsupported feature, or a defect of this engine. */
    readonly onFailure: (error: unknown) => void;
}

/**
 * The ports of the engines of this process that ended last. The SDK's clients share connections by address, for some seconds after their
 * end. At the port of an ended engine, a program of this process would find that engine's broken connection ("No connection established").
 */
const endedPorts = new Set<number>();
/**
 * A process that runs very many engines uses ports again: there are about 28,000. A program that never ended keeps its connection, and so
 * its port is not to be used again for long.
 */
const mostEndedPorts = 20_000;

/** Another free port with each call: a server also keeps those that it has. */
function bind(server: Server): Promise<number> {
    return new Promise((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
            error === null ? resolve(port) : reject(error),
        );
    });
}

/** The engine's gRPC services on a port of loopback: the resource monitor and the engine service that programs and providers call. */
export class EngineServer {
    #rootUrn = "";
    /** Calls of the program wait for this. The program is started before the engine is ready, because it takes long to start. */
    readonly #host = new Deferred<ProgramHost>();
    readonly #callbacks = new CallbackClients();
    readonly #transforms = new ResourceTransforms(this.#callbacks);
    readonly #functions = new ProgramFunctions(this.#callbacks);

    readonly #server: Server;
    readonly #log: DeploymentLog;
    #port: number;

    private constructor(server: Server, log: DeploymentLog, port: number) {
        this.#server = server;
        this.#log = log;
        this.#port = port;
    }

    static async start(log: DeploymentLog): Promise<EngineServer> {
        const server = new Server(grpcOptions);
        const services = new EngineServer(server, log, 0);
        server.addService(ResourceMonitorService, services.#monitor());
        server.addService(EngineService, services.#engine());
        do services.#port = await bind(server);
        while (endedPorts.has(services.#port));
        return services;
    }

    /** `host:port` */
    get address(): string {
        return `127.0.0.1:${this.#port}`;
    }

    serve(host: ProgramHost): void {
        this.#host.resolve(host);
    }

    close(): void {
        this.#callbacks.close();
        this.#server.forceShutdown();
        endedPorts.add(this.#port);
        keepNewest(endedPorts, mostEndedPorts);
    }

    #monitor(): UntypedServiceImplementation {
        return {
            supportsFeature: this.#answer(async (request: resource.SupportsFeatureRequest) =>
                new resource.SupportsFeatureResponse().setHassupport(supportedFeatures.has(request.getId())),
            ),
            registerResource: this.#answer((request: resource.RegisterResourceRequest, host) =>
                this.#register(request, host),
            ),
            readResource: this.#answer((request: resource.ReadResourceRequest, host) => this.#read(request, host)),
            registerResourceOutputs: this.#answer(
                async (request: resource.RegisterResourceOutputsRequest, { registrar }) => {
                    await registrar.registerOutputs(request.getUrn(), structToProperties(request.getOutputs()));
                    return emptyMessage();
                },
            ),
            signalAndWaitForShutdown: this.#answer(async (_request: Empty, { allDeclared }) => {
                await allDeclared();
                return emptyMessage();
            }),
            invoke: this.#answer((request: resource.ResourceInvokeRequest, { registrar, isPreview }) =>
                this.#functions.invoke(request, registrar, isPreview),
            ),
            call: this.#answer(async (request: resource.ResourceCallRequest) => {
                throw new UserError(
                    "not-supported-by-embedded-engine",
                    `The method ${request.getTok()} of a component of another language is not supported by pulumi-embedded`,
                );
            }),
            registerStackTransform: this.#answer(async (request: Callback) => {
                this.#transforms.registerForStack(request);
                return emptyMessage();
            }),
            registerStackInvokeTransform: this.#answer(async (request: Callback) => {
                this.#functions.registerTransform(request);
                return emptyMessage();
            }),
            registerResourceHook: this.#answer(async (request: resource.RegisterResourceHookRequest, { hooks }) => {
                hooks.register(readHook(request, this.#callbacks));
                return emptyMessage();
            }),
            registerErrorHook: this.#answer(async (request: resource.RegisterErrorHookRequest, { hooks }) => {
                hooks.registerErrorHook(readErrorHook(request, this.#callbacks));
                return emptyMessage();
            }),
            registerPackage: this.#answer(async (request: resource.RegisterPackageRequest) => {
                throw new UserError(
                    "not-supported-by-embedded-engine",
                    `The parameterized package "${request.getName()}" is not supported by pulumi-embedded`,
                );
            }),
        };
    }

    #engine(): UntypedServiceImplementation {
        return {
            log: answerAtOnce((request: engine.LogRequest) => {
                const severity = (["debug", "info", "warning", "error"] as const)[request.getSeverity()] ?? "info";
                this.#say(severity, request.getMessage(), request.getUrn(), request.getEphemeral());
                return emptyMessage();
            }),
            getRootResource: answerAtOnce(() => new engine.GetRootResourceResponse().setUrn(this.#rootUrn)),
            setRootResource: answerAtOnce((request: engine.SetRootResourceRequest) => {
                this.#rootUrn = request.getUrn();
                return new engine.SetRootResourceResponse();
            }),
            requirePulumiVersion: answerAtOnce(() => new engine.RequirePulumiVersionResponse()),
        };
    }

    #say(severity: Severity, message: string, urn: string, ephemeral: boolean): void {
        const missing = /The Pulumi CLI does not support ([^.]+)\./.exec(message)?.[1];
        if (missing !== undefined) {
            // The SDK takes this engine for an old CLI.
            this.#log.says(
                "error",
                new UserError(
                    "not-supported-by-embedded-engine",
                    `The SDK's feature "${missing}" is not supported by pulumi-embedded`,
                ).message,
            );
        }
        this.#log.says(severity, message, urn === "" ? this.#rootUrn : urn, ephemeral);
    }

    async #register(
        declared: resource.RegisterResourceRequest,
        { registrar, place }: ProgramHost,
    ): Promise<resource.RegisterResourceResponse> {
        const { request, own } = await this.#transforms.apply(declared);
        const { state, outcome } = await registrar.register(readDeclaration(() => readRegisterRequest(request, place)));
        this.#transforms.keep(state.urn, request.getParent(), own);
        const outputs: PropertyMap = state.custom ? state.outputs : {};
        const response = new resource.RegisterResourceResponse();
        response.setUrn(state.urn);
        response.setId(state.id);
        response.setResult(results[outcome]);
        response.setObject(
            propertiesToStruct(outputs, {
                secrets: request.getAcceptsecrets(),
                resources: request.getAcceptresources(),
                unknowns: true,
            }),
        );
        return response;
    }

    async #read(
        request: resource.ReadResourceRequest,
        { registrar, place }: ProgramHost,
    ): Promise<resource.ReadResourceResponse> {
        const { state } = await registrar.read(readDeclaration(() => readReadRequest(request, place)));
        const response = new resource.ReadResourceResponse();
        response.setUrn(state.urn);
        response.setProperties(
            propertiesToStruct(state.outputs, {
                secrets: request.getAcceptsecrets(),
                resources: request.getAcceptresources(),
                unknowns: true,
            }),
        );
        return response;
    }

    /** Turns a function into a gRPC handler. An error ends the operation; the program gets UNAVAILABLE. */
    #answer<Request, Response>(handle: (request: Request, host: ProgramHost) => Promise<Response>) {
        return (
            call: { readonly request: Request },
            callback: (error: object | null, response?: Response) => void,
        ): void => {
            void this.#host.promise.then(async (host) => {
                try {
                    callback(null, await handle(call.request, host));
                } catch (error) {
                    if (isOfProgram(error)) {
                        // The error is the program's own, so the program reports it.
                        callback({ code: status.UNKNOWN, details: error.message });
                        return;
                    }
                    // The program ends on this answer, and running steps may still call its functions.
                    if (error instanceof Aborted) await host.idle();
                    callback({
                        code: status.UNAVAILABLE,
                        details: "resource monitor shut down while waiting on step's done channel",
                    });
                    if (!(error instanceof Aborted)) host.onFailure(error);
                }
            });
        };
    }
}

/** Providers call these also while no program runs: in a refresh before it, and in a destroy without it. */
function answerAtOnce<Request, Response>(handle: (request: Request) => Response) {
    return (call: { readonly request: Request }, callback: (error: object | null, response?: Response) => void): void =>
        callback(null, handle(call.request));
}

const results = {
    succeeded: resource.Result.SUCCESS,
    failed: resource.Result.FAIL,
    skipped: resource.Result.SKIP,
} as const satisfies Record<Registered["outcome"], resource.Result>;

/** A declaration is invalid. The program gets this as the error of its call. */
class DeclarationFault extends Error {}

function readDeclaration<Declaration>(read: () => Declaration): Declaration {
    try {
        return read();
    } catch (error) {
        if (!(error instanceof UserError && error.kind === "invalid-declaration")) throw error;
        throw new DeclarationFault(error.message, { cause: error });
    }
}

const isOfProgram = (error: unknown): error is Error =>
    error instanceof CallbackFailure ||
    error instanceof HookFailure ||
    error instanceof InvokeFailure ||
    error instanceof DeclarationFault;
