import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The class that the SDK's services accept. Where two copies of google-protobuf are installed, our own copy has another class. */
const EmptyMessage = (EngineService.log as unknown as { readonly responseType: new () => Empty }).responseType;

/** A message without content, for calls that take or return nothing. */
export const emptyMessage = (): Empty => new EmptyMessage();
