/** The message size that the SDK itself allows, 400 MiB (sdk/nodejs/runtime/settings.ts). */
const maxMessageBytes = 400 * 1024 * 1024;

export const grpcOptions = {
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
    // A connection of another client may be to an ended process that had the same port.
    "grpc.use_local_subchannel_pool": 1,
    // Ends the calls of a connection that broke unnoticed, as Node 20's does by headers over 64 KiB. Go's servers allow a ping each 5 minutes.
    "grpc.keepalive_time_ms": 330_000,
};
