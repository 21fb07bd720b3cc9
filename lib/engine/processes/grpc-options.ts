/** The message size that the SDK itself allows, 400 MiB (sdk/nodejs/runtime/settings.ts). */
const maxMessageBytes = 400 * 1024 * 1024;

export const grpcOptions = {
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
};
