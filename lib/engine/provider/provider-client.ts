import { randomBytes } from "node:crypto";
import { Client, credentials, type MethodDefinition, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { emptyMessage } from "../processes/empty-message";
import { grpcOptions } from "../processes/grpc-options";
import { answerOf, unaryCall } from "../processes/unary-call";
import type { ResourceState } from "../state/resource-state";
import { packageOfType, urnName } from "../urn";
import { annotateSecrets } from "../values/annotate-secrets";
import { containsSecrets, containsUnknowns, mapProperties, type PropertyMap, Secret } from "../values/property-value";
import { propertiesToStruct, structToProperties, toWire, type WireAbilities } from "../values/wire-values";
import { acceptsUnfinished, failureBesideAnswer, statusDetails } from "./failure-details";
import { type PackageSchema, parsePackageSchema } from "./package-schema";
import { type ProviderDiff, readDiff } from "./provider-diff";
import { InitializationFailure, ProviderFailure } from "./provider-failure";
import type { ProviderHost } from "./provider-host";

export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

export interface CheckResult {
    readonly inputs: PropertyMap;
    readonly failures: readonly CheckFailure[];
}

/** A provider's answer about a resource that it created, updated or read. */
interface Provided {
    /** Whether the resource is to be read before each update, see `ResourceState.refreshBeforeUpdate`. */
    readonly refreshBeforeUpdate: boolean;
}

export interface CreateResult extends Provided {
    /** Empty in a preview if the id is not known yet. */
    readonly id: string;
    readonly outputs: PropertyMap;
}

export interface UpdateResult extends Provided {
    readonly outputs: PropertyMap;
}

export interface ReadResult extends Provided {
    /** Empty: the resource is gone. */
    readonly id: string;
    /** Undefined when the provider returns none; it then has no such resource. */
    readonly outputs: PropertyMap | undefined;
    /** Undefined when the provider returns none. */
    readonly inputs: PropertyMap | undefined;
}

/** The resource that a call is about. */
export type Target = Pick<ResourceState, "urn" | "type">;
/** Its properties in the state. */
export type Known = Pick<ResourceState, "id" | "inputs" | "outputs">;

/** The capabilities of a provider, from its answer to Handshake or to Configure. */
interface Abilities {
    readonly secrets: boolean;
    readonly resources: boolean;
    /** Whether it is asked for creates and updates in previews too. */
    readonly previews: boolean;
}

/** How long the report of a host's end is waited for after its connection was lost. */
const endReportMs = 10_000;

/** Configuration is sent without marks; what was secret is marked again in the answer. */
const plain: WireAbilities = { secrets: false, resources: false, unknowns: true };

/**
 * A provider as the engine calls it, with the fields that the real engine sends (sdk/go/common/resource/plugin/provider_plugin.go).
 * A provider that does not accept secrets gets them in plain text; an output is marked as secret again where the input was one.
 */
export class ProviderClient {
    readonly #client: Client;
    readonly #host: ProviderHost;
    #abilities: Abilities = { secrets: false, resources: false, previews: false };
    #isConfigured = true;
    #hasShakenHands = false;

    constructor(host: ProviderHost) {
        this.#host = host;
        this.#client = new Client(host.address, credentials.createInsecure(), grpcOptions);
    }

    /** Whether the provider has its configuration. In a preview the configuration may depend on resources that do not exist yet. */
    get isConfigured(): boolean {
        return this.#isConfigured;
    }

    /** Introduces engine and provider to each other; older providers do without. @param folder the plugin's */
    async handshake(engineAddress: string, folder: string): Promise<void> {
        const request = new provider.ProviderHandshakeRequest();
        request.setEngineAddress(engineAddress);
        request.setRootDirectory(folder);
        request.setProgramDirectory(folder);
        request.setConfigureWithUrn(true);
        // The messages of older SDKs lack these fields.
        request.setSupportsRefreshBeforeUpdate?.(true);
        request.setInvokeWithPreview?.(true);
        const answer = await this.#unlessUnimplemented(this.#call(ResourceProviderService.handshake, request));
        if (answer === undefined) return;
        this.#hasShakenHands = true;
        this.#abilities = {
            secrets: answer.getAcceptSecrets(),
            resources: answer.getAcceptResources(),
            previews: true,
        };
    }

    /** The plugin's own version; empty if it does not say one. */
    async version(): Promise<string> {
        return (await this.#call(ResourceProviderService.getPluginInfo, emptyMessage())).getVersion();
    }

    /** The schema of the provider's package. @throws ProviderFailure */
    async schema(): Promise<PackageSchema> {
        const answer = await this.#call(ResourceProviderService.getSchema, new provider.GetSchemaRequest());
        return parsePackageSchema(answer.getSchema());
    }

    /** Lets the provider check its configuration. */
    async checkConfig(target: Target, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
        const request = new provider.CheckRequest();
        address(request, target);
        request.setOlds(propertiesToStruct(olds, plain));
        request.setNews(propertiesToStruct(news, plain));
        const call = this.#call(ResourceProviderService.checkConfig, request);
        const answer = await this.#unlessUnimplemented(call);
        if (answer === undefined) return { inputs: news, failures: [] };
        return {
            inputs: annotateSecrets(structToProperties(answer.getInputs()), news),
            failures: failuresOf(answer),
        };
    }

    /** The effect of another configuration on the provider's resources. */
    async diffConfig(
        target: Target,
        old: Pick<ResourceState, "inputs" | "outputs">,
        news: PropertyMap,
        ignoreChanges: readonly string[] = [],
    ): Promise<ProviderDiff> {
        const request = new provider.DiffRequest();
        address(request, target);
        request.setOldInputs(propertiesToStruct(old.inputs, plain));
        request.setOlds(propertiesToStruct(old.outputs, plain));
        request.setNews(propertiesToStruct(news, plain));
        request.setIgnorechangesList([...ignoreChanges]);
        const call = this.#call(ResourceProviderService.diffConfig, request);
        return readDiff((await this.#unlessUnimplemented(call)) ?? new provider.DiffResponse());
    }

    /** Sends the provider resource's inputs to the host, unless one of them is not known yet. */
    async configure(target: Target, id: string, inputs: PropertyMap): Promise<void> {
        this.#isConfigured = !containsUnknowns(inputs);
        if (!this.#isConfigured) return;
        const request = new provider.ConfigureRequest();
        for (const key of Object.keys(inputs).sort()) {
            if (key === "version") continue;
            const shown = toWire(inputs[key] ?? null, plain);
            const text = typeof shown === "string" ? shown : JSON.stringify(shown);
            request.getVariablesMap().set(`${packageOfType(target.type)}:config:${key}`, text);
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
        const answer = await this.#call(ResourceProviderService.configure, request);
        if (this.#hasShakenHands) return;
        this.#abilities = {
            secrets: answer.getAcceptsecrets(),
            resources: answer.getAcceptresources(),
            previews: answer.getSupportspreview(),
        };
    }

    /** @param preview whether values may be unknown; in a deployment those of failed resources are left out */
    async check(target: Target, olds: PropertyMap, news: PropertyMap, preview = false): Promise<CheckResult> {
        if (!this.#isConfigured) return { inputs: news, failures: [] };
        const request = new provider.CheckRequest();
        address(request, target);
        request.setOlds(propertiesToStruct(olds, this.#former));
        request.setNews(propertiesToStruct(news, { ...this.#values, unknowns: preview }));
        request.setRandomseed(randomBytes(32));
        const answer = await this.#call(ResourceProviderService.check, request);
        return { inputs: this.#read(answer.getInputs(), news), failures: failuresOf(answer) };
    }

    /** @param old the resource's outputs and inputs; in a refresh those that were read */
    async diff(
        target: Target,
        old: Known,
        news: PropertyMap,
        ignoreChanges: readonly string[] = [],
    ): Promise<ProviderDiff> {
        const request = new provider.DiffRequest();
        address(request, target);
        request.setId(old.id);
        request.setOlds(propertiesToStruct(old.outputs, this.#former));
        request.setOldInputs(propertiesToStruct(old.inputs, this.#former));
        request.setNews(propertiesToStruct(news, this.#former));
        request.setIgnorechangesList([...ignoreChanges]);
        return readDiff(await this.#call(ResourceProviderService.diff, request));
    }

    /** @param timeout in seconds; 0 for none */
    async create(target: Target, inputs: PropertyMap, timeout: number, preview = false): Promise<CreateResult> {
        const foreseen = preview ? this.#foreseen(inputs) : undefined;
        if (foreseen !== undefined) return { id: "", outputs: foreseen, refreshBeforeUpdate: false };
        const request = new provider.CreateRequest();
        address(request, target);
        request.setProperties(propertiesToStruct(inputs, { ...this.#values, unknowns: preview }));
        request.setTimeout(timeout);
        request.setPreview(preview);
        const answer = await this.#change(ResourceProviderService.create, request, (made) => made.getId(), inputs);
        if (answer.getId() === "" && !preview)
            throw new ProviderFailure("the provider created the resource without an id");
        return {
            id: answer.getId(),
            outputs: this.#read(answer.getProperties(), inputs),
            refreshBeforeUpdate: refreshesBeforeUpdate(answer),
        };
    }

    async update(
        target: Target,
        old: Known,
        news: PropertyMap,
        timeout: number,
        ignoreChanges: readonly string[],
        preview = false,
    ): Promise<UpdateResult> {
        const foreseen = preview ? this.#foreseen(news) : undefined;
        if (foreseen !== undefined) return { outputs: foreseen, refreshBeforeUpdate: false };
        const request = new provider.UpdateRequest();
        address(request, target);
        request.setId(old.id);
        request.setOlds(propertiesToStruct(old.outputs, this.#former));
        request.setOldInputs(propertiesToStruct(old.inputs, this.#former));
        request.setNews(propertiesToStruct(news, { ...this.#values, unknowns: preview }));
        request.setTimeout(timeout);
        request.setIgnorechangesList([...ignoreChanges]);
        request.setPreview(preview);
        const answer = await this.#change(ResourceProviderService.update, request, () => old.id, news);
        return {
            outputs: this.#read(answer.getProperties(), news),
            refreshBeforeUpdate: refreshesBeforeUpdate(answer),
        };
    }

    /** Outputs and inputs are undefined where none are known: in an import. */
    async read(
        target: Target,
        id: string,
        outputs: PropertyMap | undefined,
        inputs: PropertyMap | undefined,
    ): Promise<ReadResult> {
        if (!this.#isConfigured) return { id, outputs: {}, inputs: {}, refreshBeforeUpdate: false };
        const request = new provider.ReadRequest();
        address(request, target);
        request.setId(id);
        if (outputs !== undefined) request.setProperties(propertiesToStruct(outputs, this.#former));
        if (inputs !== undefined) request.setInputs(propertiesToStruct(inputs, this.#former));
        const answer = await this.#call(ResourceProviderService.read, request, outputs ?? {});
        const [readOutputs, readInputs] = [answer.getProperties(), answer.getInputs()];
        return {
            id: answer.getId(),
            outputs: readOutputs && annotateSecrets(this.#read(readOutputs, outputs ?? {}), this.#secretsOf(inputs)),
            inputs: readInputs && this.#read(readInputs, inputs ?? {}),
            refreshBeforeUpdate: refreshesBeforeUpdate(answer),
        };
    }

    async delete(target: Target, old: Known, timeout: number): Promise<void> {
        const request = new provider.DeleteRequest();
        address(request, target);
        request.setId(old.id);
        request.setProperties(propertiesToStruct(old.outputs, this.#former));
        request.setOldInputs(propertiesToStruct(old.inputs, this.#former));
        request.setTimeout(timeout);
        await this.#call(ResourceProviderService.delete, request);
    }

    /** Calls a function of the provider. @returns what it returns, or what is wrong with the arguments */
    async invoke(
        token: string,
        args: PropertyMap,
        preview: boolean,
    ): Promise<{ readonly result: PropertyMap; readonly failures: readonly CheckFailure[] }> {
        if (!this.#isConfigured) return { result: {}, failures: [] };
        const request = new provider.InvokeRequest();
        request.setTok(token);
        request.setArgs(propertiesToStruct(args, { ...this.#values, unknowns: false }));
        request.setPreview?.(preview);
        const answer = await this.#call(ResourceProviderService.invoke, request);
        const result = structToProperties(answer.getReturn());
        const hidesAll = containsSecrets(args) && !this.#abilities.secrets;
        return {
            result: hidesAll
                ? mapProperties(result, (value) => (value instanceof Secret ? value : new Secret(value)))
                : result,
            failures: failuresOf(answer),
        };
    }

    /** Asks the provider to end its running calls soon; each call still reports its own result. */
    signalCancellation(): void {
        this.#call(ResourceProviderService.cancel, emptyMessage()).catch(() => undefined);
    }

    /** Ends the host. */
    async close(): Promise<void> {
        this.#client.close();
        await this.#host.end();
    }

    get #values(): WireAbilities {
        const { secrets, resources } = this.#abilities;
        return { secrets, resources, unknowns: true };
    }

    /** Values of a state: assets by their hashes alone. */
    get #former(): WireAbilities {
        return { ...this.#values, assetHashesOnly: true };
    }

    /** The outputs that a preview shows without asking the provider; undefined where it is to be asked. */
    #foreseen(inputs: PropertyMap): PropertyMap | undefined {
        if (!this.#isConfigured) return {};
        return this.#abilities.previews ? undefined : inputs;
    }

    #secretsOf(inputs: PropertyMap | undefined): PropertyMap {
        return this.#abilities.secrets ? {} : (inputs ?? {});
    }

    /** @param sent by this the provider's answer is marked, where the provider does not do that itself */
    #read(answer: Parameters<typeof structToProperties>[0], sent: PropertyMap): PropertyMap {
        return annotateSecrets(structToProperties(answer), this.#secretsOf(sent));
    }

    async #unlessUnimplemented<Response>(call: Promise<Response>): Promise<Response | undefined> {
        try {
            return await call;
        } catch (error) {
            const { cause } = error as { cause?: { code?: status } };
            if (cause?.code === status.UNIMPLEMENTED) return undefined;
            throw error;
        }
    }

    async #call<Request, Response>(
        method: MethodDefinition<Request, Response>,
        request: Request,
        inputs: PropertyMap = {},
    ): Promise<Response> {
        try {
            return await unaryCall(this.#client, method, request);
        } catch (error) {
            throw await this.#failureOf(error as ServiceError, inputs);
        }
    }

    /** A call that changes a resource, and may leave it unfinished. */
    async #change<Request, Response extends Changed>(
        method: MethodDefinition<Request, Response>,
        request: Request,
        id: (response: Response) => string,
        inputs: PropertyMap,
    ): Promise<Response> {
        const call = answerOf(this.#client, method, request, acceptsUnfinished);
        const { response, headers } = await call.catch(async (error: ServiceError) => {
            throw await this.#failureOf(error, inputs);
        });
        const failure = failureBesideAnswer(headers);
        if (failure === undefined) return response;
        const outputs = this.#read(response.getProperties(), inputs);
        throw new InitializationFailure(id(response), outputs, [failure], inputs, refreshesBeforeUpdate(response));
    }

    async #failureOf(error: ServiceError, inputs: PropertyMap): Promise<Error> {
        if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED) {
            // The connection is usually lost before the process's end is reported; on a busy machine seconds before.
            await this.#host.exited(endReportMs);
            return new ProviderFailure(
                this.#host.exitText ?? `the ${this.#host.title} cannot be reached: ${error.details}`,
                { cause: error },
            );
        }
        for (const any of statusDetails(error)) {
            const failed = any.unpack<provider.ErrorResourceInitFailed>(
                provider.ErrorResourceInitFailed.deserializeBinary,
                "pulumirpc.ErrorResourceInitFailed",
            );
            if (failed !== null) {
                const liveInputs = failed.getInputs();
                return new InitializationFailure(
                    failed.getId(),
                    this.#read(failed.getProperties(), inputs),
                    failed.getReasonsList(),
                    liveInputs && this.#read(liveInputs, inputs),
                    refreshesBeforeUpdate(failed),
                );
            }
            const missing = any.unpack<provider.ConfigureErrorMissingKeys>(
                provider.ConfigureErrorMissingKeys.deserializeBinary,
                "pulumirpc.ConfigureErrorMissingKeys",
            );
            if (missing !== null) return missingKeys(missing, error);
        }
        return new ProviderFailure(error.details, { cause: error });
    }
}

function missingKeys(error: provider.ConfigureErrorMissingKeys, cause: ServiceError): ProviderFailure {
    const lines = error
        .getMissingkeysList()
        .map(
            (key) =>
                `missing required configuration key "${key.getName()}": ${key.getDescription()}\nSet a value using the command \`pulumi config set ${key.getName()} <value>\`.`,
        );
    return new ProviderFailure(lines.join("\n"), { cause });
}

const failuresOf = (answer: provider.CheckResponse | provider.InvokeResponse): CheckFailure[] =>
    answer.getFailuresList().map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));

/** The parts of the answer to a change that are read. */
interface Changed {
    getProperties(): Parameters<typeof structToProperties>[0];
    getRefreshBeforeUpdate?(): boolean;
}

/** The messages of older SDKs lack the field. */
const refreshesBeforeUpdate = (answer: { getRefreshBeforeUpdate?(): boolean }): boolean =>
    answer.getRefreshBeforeUpdate?.() ?? false;

function address(
    request: { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
    target: Target,
): void {
    request.setUrn(target.urn);
    request.setName(urnName(target.urn));
    request.setType(target.type);
}
