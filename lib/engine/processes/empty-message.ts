import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";

/**
 * The class that the SDK's services accept. Where two copies of google-protobuf are installed, our own copy has another class. Deserializing
 * makes messages of the copy that was loaded last, because the copies share a global name: a plugin in this process has its own.
 */
const EmptyMessage: new () => Empty = Reflect.get(EngineService.log, "responseType");

/** A message without content, for calls that take or return nothing. */
export const emptyMessage = (): Empty => new EmptyMessage();
