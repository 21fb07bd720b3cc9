import { Client, credentials, type Metadata, Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { nativeTypes } from "../../lib/declaration";

export type Properties = Record<string, unknown>;

const signatureKey = "4dabf18193072939515e22adb298388d";

/** A secret, as engines send it and as a plugin answers with it. */
export const secret = (value: unknown): Properties => ({
    [signatureKey]: "1b47061264138c4ac30d75fd1eb44270",
    value,
});

/** A value that only the deployment will know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The plugin's messages to the engine. */
export interface Told {
    readonly severity: number;
    readonly message: string;
    /** The resource's name. */
    readonly about: string;
}

/** A call failed. `unfinished` is the part of a partial failure that the state keeps. */
export class CallFailed extends Error {
    constructor(
        message: string,
        readonly unfinished?: { readonly id: string; readonly state: Properties; readonly inputs: Properties },
    ) {
        super(message);
    }
}

type Method =
    | "handshake"
    | "getPluginInfo"
    | "getSchema"
    | "checkConfig"
    | "diffConfig"
    | "configure"
    | "check"
    | "diff"
    | "create"
    | "read"
    | "update"
    | "delete"
    | "invoke"
    | "cancel";

/** Calls a plugin as an engine does, and is the engine that it reports to. */
export class PluginClient {
    readonly told: Told[] = [];
    readonly #client: Client;
    readonly #engine: Server;
    readonly engineAddress: string;

    private constructor(port: number, engine: Server, engineAddress: string, told: Told[]) {
        this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
        this.#engine = engine;
        this.engineAddress = engineAddress;
        this.told = told;
    }

    /** @param start starts the plugin, and returns its port */
    static async start(start: (engineAddress: string) => Promise<number>): Promise<PluginClient> {
        const told: Told[] = [];
        const engine = new Server();
        engine.addService(EngineService, {
            log(call: { request: LogRequest }, answer: (error: null, response: Empty) => void) {
                const { request } = call;
                const about = request.getUrn().split("::").at(-1) ?? "";
                told.push({ severity: request.getSeverity(), message: request.getMessage(), about });
                answer(null, new Empty());
            },
        } as never);
        const enginePort = await new Promise<number>((resolve, reject) =>
            engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
                error === null ? resolve(port) : reject(error),
            ),
        );
        const engineAddress = `127.0.0.1:${enginePort}`;
        return new PluginClient(await start(engineAddress), engine, engineAddress, told);
    }

    stop(): void {
        this.#client.close();
        this.#engine.forceShutdown();
    }

    async handshake(): Promise<rpc.ProviderHandshakeResponse.AsObject> {
        const request = new rpc.ProviderHandshakeRequest();
        request.setEngineAddress(this.engineAddress);
        return (await this.#call<rpc.ProviderHandshakeResponse>("handshake", request)).toObject();
    }

    async version(): Promise<string> {
        const { version } = (
            await this.#call<{ toObject(): { version: string } }>("getPluginInfo", new Empty())
        ).toObject();
        return version;
    }

    async schema(): Promise<string> {
        return (await this.#call<rpc.GetSchemaResponse>("getSchema", new rpc.GetSchemaRequest())).getSchema();
    }

    async checkConfig(news: Properties, olds: Properties = {}) {
        const request = new rpc.CheckRequest();
        request.setUrn("urn:pulumi:dev::project::pulumi:providers:bucket-encryption::provider");
        request.setOlds(structOf(olds));
        request.setNews(structOf(news));
        return checked(await this.#call<rpc.CheckResponse>("checkConfig", request));
    }

    async diffConfig(olds: Properties, news: Properties) {
        const request = new rpc.DiffRequest();
        request.setOldInputs(structOf(olds));
        request.setNews(structOf(news));
        return differing(await this.#call<rpc.DiffResponse>("diffConfig", request));
    }

    async configure(args: Properties): Promise<rpc.ConfigureResponse.AsObject> {
        const request = new rpc.ConfigureRequest();
        request.setArgs(structOf(args));
        request.setAcceptsecrets(true);
        return (await this.#call<rpc.ConfigureResponse>("configure", request)).toObject();
    }

    cancel(): Promise<unknown> {
        return this.#call("cancel", new Empty());
    }

    async invoke(token: string, args: Properties): Promise<{ found: Properties | undefined; failures: string[] }> {
        const request = new rpc.InvokeRequest();
        request.setTok(token);
        request.setArgs(structOf(args));
        const answer = await this.#call<rpc.InvokeResponse>("invoke", request);
        const found = answer.getReturn();
        return {
            found: found && propertiesOf(found),
            failures: answer.getFailuresList().map((failure) => failure.getReason()),
        };
    }

    /** @returns ids, and the token of the next page if there is one */
    async list(
        token: string,
        query: Properties,
        { limit = 0, pageSize = 0, after = "" }: { limit?: number; pageSize?: number; after?: string },
    ): Promise<{ ids: string[]; next?: string }> {
        const request = new rpc.ListRequest();
        request.setToken(token);
        request.setQuery(structOf(query));
        request.setLimit(limit);
        request.setPageSize(pageSize);
        request.setContinuationToken(after);
        const { path, requestSerialize, responseDeserialize } = ResourceProviderService.list;
        const stream = this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
        const ids: string[] = [];
        let next: string | undefined;
        try {
            for await (const answer of stream as AsyncIterable<rpc.ListResponse>) {
                const id = answer.getResult()?.getId();
                if (id !== undefined) ids.push(id);
                next ??= answer.getContinuation()?.getContinuationToken();
            }
        } catch (error) {
            throw new CallFailed((error as { details: string }).details);
        }
        return { ids, ...(next !== undefined && { next }) };
    }

    /** The calls about one resource. */
    resource(name: string, type: string = nativeTypes.bucketEncryption) {
        const urn = `urn:pulumi:dev::project::${type}::${name}`;
        return {
            check: async (news: Properties, olds: Properties = {}) => {
                const request = new rpc.CheckRequest();
                request.setUrn(urn);
                request.setOlds(structOf(olds));
                request.setNews(structOf(news));
                return checked(await this.#call<rpc.CheckResponse>("check", request));
            },
            diff: async (id: string, olds: Properties, news: Properties, ignoreChanges: string[] = []) => {
                const request = new rpc.DiffRequest();
                request.setUrn(urn);
                request.setId(id);
                request.setOlds(structOf(olds));
                request.setNews(structOf(news));
                request.setIgnorechangesList(ignoreChanges);
                return differing(await this.#call<rpc.DiffResponse>("diff", request));
            },
            create: async (inputs: Properties, preview = false) => {
                const request = new rpc.CreateRequest();
                request.setUrn(urn);
                request.setProperties(structOf(inputs));
                request.setPreview(preview);
                const answer = await this.#call<rpc.CreateResponse>("create", request);
                return {
                    id: answer.getId(),
                    state: propertiesOf(answer.getProperties()),
                    refreshBeforeUpdate: answer.getRefreshBeforeUpdate(),
                };
            },
            /** @returns `undefined` when the resource is gone */
            read: async (id: string, state: Properties = {}, inputs: Properties = {}) => {
                const request = new rpc.ReadRequest();
                request.setUrn(urn);
                request.setId(id);
                request.setProperties(structOf(state));
                request.setInputs(structOf(inputs));
                const answer = await this.#call<rpc.ReadResponse>("read", request);
                if (answer.getId() === "") return undefined;
                return {
                    id: answer.getId(),
                    state: propertiesOf(answer.getProperties()),
                    inputs: propertiesOf(answer.getInputs()),
                    refreshBeforeUpdate: answer.getRefreshBeforeUpdate(),
                };
            },
            update: async (
                id: string,
                state: Properties,
                news: Properties,
                oldInputs: Properties = {},
                preview = false,
            ) => {
                const request = new rpc.UpdateRequest();
                request.setUrn(urn);
                request.setId(id);
                request.setOlds(structOf(state));
                request.setOldInputs(structOf(oldInputs));
                request.setNews(structOf(news));
                request.setPreview(preview);
                const answer = await this.#call<rpc.UpdateResponse>("update", request);
                return {
                    state: propertiesOf(answer.getProperties()),
                    refreshBeforeUpdate: answer.getRefreshBeforeUpdate(),
                };
            },
            delete: async (id: string, state: Properties) => {
                const request = new rpc.DeleteRequest();
                request.setUrn(urn);
                request.setId(id);
                request.setProperties(structOf(state));
                await this.#call("delete", request);
            },
        };
    }

    async #call<Response>(method: Method, request: unknown): Promise<Response> {
        const { path, requestSerialize, responseDeserialize } = ResourceProviderService[method];
        return await new Promise((resolve, reject) =>
            this.#client.makeUnaryRequest(
                path,
                requestSerialize as (message: unknown) => Buffer,
                responseDeserialize as (bytes: Buffer) => Response,
                request,
                (error, response) =>
                    error === null
                        ? resolve(response as Response)
                        : reject(new CallFailed(error.details, unfinishedOf(error.metadata))),
            ),
        );
    }
}

/** What a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailed> {
    const error = await call.then(
        (answer) => new Error(`it did not fail: ${JSON.stringify(answer)}`),
        (reason: unknown) => reason,
    );
    if (!(error instanceof CallFailed)) throw error;
    return error;
}

function unfinishedOf(metadata: Metadata): CallFailed["unfinished"] {
    const [details] = metadata.get("grpc-status-details-bin");
    if (!Buffer.isBuffer(details)) return undefined;
    const [detail] = Status.deserializeBinary(details).getDetailsList();
    const failed = detail?.unpack<rpc.ErrorResourceInitFailed>(
        rpc.ErrorResourceInitFailed.deserializeBinary,
        "pulumirpc.ErrorResourceInitFailed",
    );
    if (failed === undefined || failed === null) return undefined;
    return {
        id: failed.getId(),
        state: propertiesOf(failed.getProperties()),
        inputs: propertiesOf(failed.getInputs()),
    };
}

function checked(answer: rpc.CheckResponse) {
    return {
        inputs: propertiesOf(answer.getInputs()),
        failures: answer.getFailuresList().map((failure) => failure.toObject()),
    };
}

const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

function differing(answer: rpc.DiffResponse) {
    return {
        changes: answer.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME,
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
        detail: Object.fromEntries(
            [...answer.getDetaileddiffMap().entries()].map(([path, change]) => [path, kinds[change.getKind()]]),
        ),
    };
}

function structOf(properties: Properties): Struct {
    return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

function propertiesOf(struct: Struct | undefined): Properties {
    return (struct?.toJavaScript() ?? {}) as Properties;
}
