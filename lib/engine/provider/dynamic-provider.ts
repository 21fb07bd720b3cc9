import { randomBytes } from "node:crypto";
import { Client, credentials, type Metadata, status } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Message } from "google-protobuf";
import { emptyMessage } from "../processes/empty-message";
import { grpcOptions } from "../processes/grpc-options";
import type { ResourceState } from "../state/resource-state";
import { urnName } from "../urn";
import { annotateSecrets } from "../values/annotate-secrets";
import { containsUnknowns, type PropertyMap, Secret } from "../values/property-value";
import { propertiesToStruct, structToProperties } from "../values/wire-values";
import { InitializationFailure, ProviderFailure } from "./provider-failure";
import type { ProviderHost } from "./provider-host";

export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

/** A provider's answer to Diff. `unknown`: the engine compares the inputs. */
export interface ProviderDiff {
    readonly changes: "none" | "some" | "unknown";
    readonly replaces: readonly string[];
    /** The top-level properties that changed, if the provider names them. */
    readonly changedKeys: readonly string[];
    readonly deleteBeforeReplace: boolean;
}

export interface ReadResult {
    /** Empty: the resource is gone. */
    readonly id: string;
    /** Undefined when the provider returns none; it then has no such resource. */
    readonly outputs: PropertyMap | undefined;
    /** Undefined when the provider returns none. */
    readonly inputs: PropertyMap | undefined;
}

/** The resource that a call is about. */
export type Target = Pick<ResourceState, "urn" | "type">;

type Method = "check" | "diff" | "create" | "update" | "read" | "delete" | "configure" | "cancel";

/** This provider accepts neither secrets nor references, as its answer to Configure says. */
const plain = { secrets: false, resources: false, unknowns: true } as const;
const plainHashes = { ...plain, assetHashesOnly: true } as const;
/** Outside previews, unknown values are left out. */
const known = { ...plain, unknowns: false } as const;

/**
 * The dynamic provider host as the engine calls it, with the fields that the real engine sends (sdk/go/common/resource/plugin/provider_plugin.go).
 * It gets secrets in plain text; an output is marked as secret again where the input was one.
 */
export class DynamicProvider {
    readonly #client: Client;
    #known = true;

    readonly #host: ProviderHost;

    constructor(host: ProviderHost) {
        this.#host = host;

        this.#client = new Client(`127.0.0.1:${host.port}`, credentials.createInsecure(), grpcOptions);
    }

    /** Whether the provider has its configuration. In a preview the configuration may depend on resources that do not exist yet. */
    get isConfigured(): boolean {
        return this.#known;
    }

    /** Sends the provider resource's inputs to the host, unless one of them is not known yet. */
    async configure(target: Target, id: string, inputs: PropertyMap): Promise<void> {
        this.#known = !containsUnknowns(inputs);
        if (!this.#known) return;
        const request = new provider.ConfigureRequest();
        for (const key of Object.keys(inputs).sort()) {
            if (key === "version") continue;
            const value = inputs[key];
            const shown = value instanceof Secret ? value.value : value;
            request
                .getVariablesMap()
                .set(`pulumi-nodejs:config:${key}`, typeof shown === "string" ? shown : JSON.stringify(shown));
        }
        request.setArgs(propertiesToStruct(inputs, { secrets: true, resources: true, unknowns: true }));
        request.setAcceptsecrets(true);
        request.setAcceptresources(true);
        request.setSendsOldInputs(true);
        request.setSendsOldInputsToDelete(true);
        request.setId(id);
        request.setUrn(target.urn);
        request.setName(urnName(target.urn));
        request.setType(target.type);
        await this.#call("configure", request);
    }

    async check(
        target: Target,
        olds: PropertyMap,
        news: PropertyMap,
    ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
        if (!this.#known) return { inputs: news, failures: [] };
        const request = new provider.CheckRequest();
        address(request, target);
        request.setOlds(propertiesToStruct(olds, plainHashes));
        request.setNews(propertiesToStruct(news, plain));
        request.setRandomseed(randomBytes(32));
        const response = await this.#call<provider.CheckResponse>("check", request);
        return {
            inputs: annotateSecrets(structToProperties(response.getInputs()), news),
            failures: response
                .getFailuresList()
                .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
        };
    }

    /** @param old the resource's outputs and inputs; in a refresh those that were read */
    async diff(
        target: Target,
        old: Pick<ResourceState, "id" | "inputs" | "outputs">,
        news: PropertyMap,
        ignoreChanges: readonly string[] = [],
    ): Promise<ProviderDiff> {
        const request = new provider.DiffRequest();
        address(request, target);
        request.setId(old.id);
        request.setOlds(propertiesToStruct(old.outputs, plainHashes));
        request.setOldInputs(propertiesToStruct(old.inputs, plainHashes));
        request.setNews(propertiesToStruct(news, plainHashes));
        request.setIgnorechangesList([...ignoreChanges]);
        const response = await this.#call<provider.DiffResponse>("diff", request);
        const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
        return {
            changes:
                response.getChanges() === DIFF_NONE ? "none" : response.getChanges() === DIFF_SOME ? "some" : "unknown",
            replaces: response.getReplacesList(),
            changedKeys: response.getDiffsList(),
            deleteBeforeReplace: response.getDeletebeforereplace(),
        };
    }

    /** @param timeout in seconds; 0 for none */
    async create(target: Target, inputs: PropertyMap, timeout: number): Promise<{ id: string; outputs: PropertyMap }> {
        const request = new provider.CreateRequest();
        address(request, target);
        request.setProperties(propertiesToStruct(inputs, known));
        request.setTimeout(timeout);
        const response = await this.#call<provider.CreateResponse>("create", request, inputs);
        if (response.getId() === "") throw new ProviderFailure("the provider created the resource without an id");
        return { id: response.getId(), outputs: annotateSecrets(structToProperties(response.getProperties()), inputs) };
    }

    async update(
        target: Target,
        old: Pick<ResourceState, "id" | "inputs" | "outputs">,
        news: PropertyMap,
        timeout: number,
        ignoreChanges: readonly string[],
    ): Promise<PropertyMap> {
        const request = new provider.UpdateRequest();
        address(request, target);
        request.setId(old.id);
        request.setOlds(propertiesToStruct(old.outputs, plainHashes));
        request.setOldInputs(propertiesToStruct(old.inputs, plainHashes));
        request.setNews(propertiesToStruct(news, known));
        request.setTimeout(timeout);
        request.setIgnorechangesList([...ignoreChanges]);
        const response = await this.#call<provider.UpdateResponse>("update", request, news);
        return annotateSecrets(structToProperties(response.getProperties()), news);
    }

    async read(target: Target, id: string, outputs: PropertyMap, inputs: PropertyMap | undefined): Promise<ReadResult> {
        if (!this.#known) return { id, outputs: {}, inputs: {} };
        const request = new provider.ReadRequest();
        address(request, target);
        request.setId(id);
        request.setProperties(propertiesToStruct(outputs, plainHashes));
        if (inputs !== undefined) request.setInputs(propertiesToStruct(inputs, plainHashes));
        const response = await this.#call<provider.ReadResponse>("read", request, outputs);
        const read = response.getProperties();
        const readInputs = response.getInputs();
        return {
            id: response.getId(),
            outputs:
                read === undefined
                    ? undefined
                    : annotateSecrets(annotateSecrets(structToProperties(read), outputs), inputs ?? {}),
            inputs:
                readInputs === undefined ? undefined : annotateSecrets(structToProperties(readInputs), inputs ?? {}),
        };
    }

    async delete(
        target: Target,
        old: Pick<ResourceState, "id" | "inputs" | "outputs">,
        timeout: number,
    ): Promise<void> {
        const request = new provider.DeleteRequest();
        address(request, target);
        request.setId(old.id);
        request.setProperties(propertiesToStruct(old.outputs, plainHashes));
        request.setOldInputs(propertiesToStruct(old.inputs, plainHashes));
        request.setTimeout(timeout);
        await this.#call("delete", request);
    }

    /** Asks the provider to end its running calls soon; each call still reports its own result. */
    signalCancellation(): void {
        this.#call("cancel", emptyMessage()).catch(() => undefined);
    }

    /** Ends the host. */
    async close(): Promise<void> {
        this.#client.close();
        await this.#host.end();
    }

    async #call<Response>(method: Method, request: Message, inputs: PropertyMap = {}): Promise<Response> {
        const { path, requestSerialize, responseDeserialize } = ResourceProviderService[method];
        try {
            return await new Promise<Response>((resolve, reject) => {
                this.#client.makeUnaryRequest(
                    path,
                    requestSerialize as (message: Message) => Buffer,
                    responseDeserialize as (bytes: Buffer) => Response,
                    request,
                    (error, response) => (error === null ? resolve(response as Response) : reject(error)),
                );
            });
        } catch (error) {
            throw await this.#failureOf(error as GrpcError, inputs);
        }
    }

    async #failureOf(error: GrpcError, inputs: PropertyMap): Promise<Error> {
        if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED) {
            // The connection is usually lost a moment before the process's end is reported.
            await this.#host.exited(2000);
            return new ProviderFailure(
                this.#host.exitText ?? `the dynamic provider host cannot be reached: ${error.details}`,
                { cause: error },
            );
        }
        const details = error.metadata?.get("grpc-status-details-bin")[0];
        for (const any of Buffer.isBuffer(details) ? Status.deserializeBinary(details).getDetailsList() : []) {
            const failed = any.unpack<provider.ErrorResourceInitFailed>(
                provider.ErrorResourceInitFailed.deserializeBinary,
                "pulumirpc.ErrorResourceInitFailed",
            );
            if (failed !== null) {
                return new InitializationFailure(
                    failed.getId(),
                    annotateSecrets(structToProperties(failed.getProperties()), inputs),
                    failed.getReasonsList(),
                );
            }
        }
        return new ProviderFailure(error.details, { cause: error });
    }
}

type GrpcError = Error & { code: status; details: string; metadata?: Metadata };

function address(
    request: { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
    target: Target,
): void {
    request.setUrn(target.urn);
    request.setName(urnName(target.urn));
    request.setType(target.type);
}
