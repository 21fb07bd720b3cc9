import type { Client, MethodDefinition, ServiceError } from "@grpc/grpc-js";

/** Calls a method that takes one message and returns one. @throws ServiceError of gRPC */
export function unaryCall<Request, Response>(
    client: Client,
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
    request: Request,
): Promise<Response> {
    return new Promise((resolve, reject) => {
        client.makeUnaryRequest(
            path,
            requestSerialize,
            responseDeserialize,
            request,
            (error: ServiceError | null, response?: Response) =>
                error === null ? resolve(response as Response) : reject(error),
        );
    });
}
