import { once } from "node:events";
import {
    Server,
    ServerCredentials,
    type ServerUnaryCall,
    type ServerWritableStream,
    type sendUnaryData,
    type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
    CreateResponse,
    type DeleteRequest,
    type ListRequest,
    type ListResponse,
    UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { Message } from "google-protobuf";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLog } from "./engine-log";
import { answerWithFailure, failureStatus, type UnfinishedAnswer } from "./failure-status";
import { FailedWork, PluginProvider, type PluginSchema } from "./plugin-provider";

/** The message size that Pulumi's SDKs allow, 400 MiB (sdk/nodejs/runtime/settings.ts). */
const maxMessageBytes = 400 * 1024 * 1024;

/** The class that the SDK's services accept. Deserializing would make messages of the copy of google-protobuf that was loaded last. */
const EmptyMessage: new () => Empty = Reflect.get(ResourceProviderService.cancel, "responseType");

/** A running plugin. */
export interface PluginServer {
    readonly port: number;
    stop(): void;
}

/**
 * Serves the provider on a port of its own on loopback.
 * @param schema read when it is asked for
 * @param engineAddress of the engine that started the plugin, `host:port`; without one, a handshake tells it
 */
export async function servePlugin(schema: () => PluginSchema, engineAddress?: string): Promise<PluginServer> {
    const log = new EngineLog();
    if (engineAddress !== undefined) log.connect(engineAddress);
    const ending = new AbortController();
    const provider = new PluginProvider({ schema, log, engineAddress, ended: ending.signal });
    const server = new Server({
        "grpc.max_receive_message_length": maxMessageBytes,
        "grpc.max_send_message_length": maxMessageBytes,
    });
    server.addService(ResourceProviderService, implementationOf(provider, log));
    const port = await listen(server);
    return {
        port,
        stop() {
            server.forceShutdown();
            log.close();
            ending.abort();
        },
    };
}

/** The provider's methods as the service calls them. */
function implementationOf(provider: PluginProvider, log: EngineLog): UntypedServiceImplementation {
    const answers = answering(provider, log);
    return {
        handshake: answers(provider.handshake),
        getPluginInfo: answers(provider.getPluginInfo),
        getSchema: answers(provider.getSchema),
        checkConfig: answers(provider.checkConfig),
        diffConfig: answers(provider.diffConfig),
        configure: answers(provider.configure),
        check: answers(provider.check),
        diff: answers(provider.diff),
        create: answers(provider.create, () => new CreateResponse()),
        read: answers(provider.read),
        update: answers(provider.update, () => new UpdateResponse()),
        delete: answers(async (request: DeleteRequest) => {
            await provider.delete(request);
            return new EmptyMessage();
        }),
        invoke: answers(provider.invoke),
        list: (call: ServerWritableStream<ListRequest, ListResponse>) => void stream(provider.list(call.request), call),
        cancel: answers(async () => {
            provider.cancel();
            return new EmptyMessage();
        }),
    };
}

/** Makes handlers that answer with what a method returns, and otherwise with its failure. */
const answering =
    (provider: PluginProvider, log: EngineLog) =>
    <Request extends Message, Response>(
        work: (this: PluginProvider, request: Request) => Promise<Response>,
        /** An empty answer, for work that may leave its resource unfinished. */
        unfinished?: () => Response & UnfinishedAnswer,
    ) =>
    (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>): void => {
        log.about(urnOf(call.request), () => work.call(provider, call.request))
            .finally(() => log.sent())
            .then(
                (response) => answer(null, response),
                (error: unknown) => {
                    if (!(error instanceof FailedWork)) return answer(failureStatus(error));
                    const kept = unfinished && answerWithFailure(error, call.metadata, unfinished());
                    if (kept === undefined) answer(failureStatus(error.cause, error.work));
                    else answer(null, kept.answer, kept.headers);
                },
            );
    };

function listen(server: Server): Promise<number> {
    return new Promise((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
            error === null ? resolve(port) : reject(error),
        );
    });
}

async function stream<Response>(
    answers: AsyncIterable<Response>,
    call: ServerWritableStream<unknown, Response>,
): Promise<void> {
    try {
        for await (const answer of answers) {
            if (call.cancelled) return;
            if (!call.write(answer)) await once(call, "drain");
        }
        call.end();
    } catch (error) {
        // gRPC's stream answers an error of itself as the call's status.
        call.emit("error", failureStatus(error));
    }
}

/** The resource that a call is about; empty where it is about none. */
function urnOf(request: unknown): string {
    const { getUrn } = request as { getUrn?: () => string };
    return typeof getUrn === "function" ? ((request as { getUrn(): string | undefined }).getUrn() ?? "") : "";
}
