import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Any } from "google-protobuf/google/protobuf/any_pb";

/**
 * Sent with each creation and update. gRPC puts the details of a failure into headers, and headers of over 64 KiB break a connection of Node: Node 20
 * then waits for the answer forever. A plugin that knows this header puts an unfinished resource that is larger into an ordinary
 * answer, with the failure's text in a header (lib/plugin/failure-status.ts).
 */
export const acceptsUnfinished = new Metadata();
acceptsUnfinished.set("pulumi-embedded-accepts", "unfinished");

/** The text of the failure that an answer comes with; undefined for an answer of success. */
export function failureBesideAnswer(headers: Metadata): string | undefined {
    const [text] = headers.get("pulumi-embedded-failure-bin");
    return Buffer.isBuffer(text) ? text.toString() : undefined;
}

/** The details of a failed call. */
export function statusDetails({ metadata }: ServiceError): Any[] {
    const [details] = metadata?.get("grpc-status-details-bin") ?? [];
    return Buffer.isBuffer(details) ? Status.deserializeBinary(details).getDetailsList() : [];
}
