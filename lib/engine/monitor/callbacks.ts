import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { CallbacksService } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { type Callback, CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import { grpcOptions } from "../processes/grpc-options";
import { unaryCall } from "../processes/unary-call";

/** A program's function failed, or the program could not be reached. The message is the real engine's. */
export class CallbackFailure extends Error {}

/** Calls a function that a program registered: the request and the response are serialised messages of the protocol. */
export type CallbackFunction = (request: Uint8Array) => Promise<Uint8Array>;

/** Calls the functions that programs registered. Each program serves its functions on its own port. */
export class CallbackClients {
    readonly #clients = new Map<string, Client>();

    /** @param callback the address that serves the function, and the function's token there */
    functionOf(callback: Callback | undefined): CallbackFunction {
        const target = callback?.getTarget() ?? "";
        const token = callback?.getToken() ?? "";
        if (target === "") throw new CallbackFailure("target must be specified");
        return async (request) => await this.#invoke(this.#client(target), token, request);
    }

    close(): void {
        for (const client of this.#clients.values()) client.close();
        this.#clients.clear();
    }

    #client(target: string): Client {
        const known = this.#clients.get(target);
        if (known !== undefined) return known;
        const client = new Client(target, credentials.createInsecure(), grpcOptions);
        this.#clients.set(target, client);
        return client;
    }

    async #invoke(client: Client, token: string, content: Uint8Array): Promise<Uint8Array> {
        const request = new CallbackInvokeRequest();
        request.setToken(token);
        request.setRequest(content);
        try {
            return (await unaryCall(client, CallbacksService.invoke, request)).getResponse_asU8();
        } catch (error) {
            const { code, details } = error as ServiceError;
            throw new CallbackFailure(rpcErrorText(code, details), { cause: error });
        }
    }
}

/** As Go's gRPC client words an error. */
function rpcErrorText(code: number, details: string): string {
    const names: Record<number, string> = { 1: "Canceled", 2: "Unknown", 13: "Internal", 14: "Unavailable" };
    return `rpc error: code = ${names[code] ?? `Code(${code})`} desc = ${details}`;
}
