import { type Client, Metadata, type MethodDefinition, type ServiceError, status } from "@grpc/grpc-js";

/** An answer, with the headers that follow it. */
export interface Answer<Response> {
    readonly response: Response;
    readonly headers: Metadata;
}

/**
 * Calls a method that takes one message and returns one.
 * @param metadata sent with the call
 * @throws ServiceError of gRPC
 */
export function answerOf<Request, Response>(
    client: Client,
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
    request: Request,
    metadata = new Metadata(),
): Promise<Answer<Response>> {
    return new Promise((resolve, reject) => {
        let response: Response | undefined;
        const call = client.makeUnaryRequest(
            path,
            requestSerialize,
            responseDeserialize,
            request,
            metadata,
            (error: ServiceError | null, answered?: Response) => {
                if (error !== null) reject(error);
                response = answered;
            },
        );
        // Comes after the answer.
        call.on("status", ({ code, metadata: headers }) => {
            if (code === status.OK) resolve({ response: response as Response, headers });
        });
    });
}

/** As `answerOf`, without the headers. */
export async function unaryCall<Request, Response>(
    client: Client,
    method: MethodDefinition<Request, Response>,
    request: Request,
): Promise<Response> {
    return (await answerOf(client, method, request)).response;
}
