import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";

/**
 * A message without content, for calls that take or return nothing. It is read by the SDK, which accepts only the class of its own copy
 * of google-protobuf.
 */
export const emptyMessage = (): Empty => EngineService.log.responseDeserialize(Buffer.alloc(0));
