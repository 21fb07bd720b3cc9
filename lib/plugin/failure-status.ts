import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { type Properties, UnfinishedResource } from "../declaration";
import { UserError } from "../errors";
import { type Secrets, writeProperties } from "./wire-properties";

/** What the engine needs to keep a resource whose operation did not finish. */
export interface UnfinishedWork {
    readonly id?: string;
    readonly inputs: Properties;
    readonly secrets: Secrets;
}

/**
 * An error as the engine takes it. An error for the user is its message alone; a defect keeps its stack. An unfinished resource becomes a
 * partial failure, which puts the resource into the state as created and not ready.
 */
export function failureStatus(error: unknown, work?: UnfinishedWork): Partial<ServiceError> {
    if (error instanceof UnfinishedResource && work !== undefined) return partialFailure(error, work);
    if (error instanceof UserError) return { code: status.UNKNOWN, details: error.message };
    if (error instanceof RefusedFindings) return { code: status.UNKNOWN, details: error.message };
    const defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { code: status.INTERNAL, details: `pulumi-bucket-encryption has a defect: ${defect}` };
}

/** What a preview found out about the cloud, in the form of a check's failures. */
export class RefusedFindings extends Error {
    constructor(findings: readonly { readonly path: string; readonly message: string }[]) {
        super(findings.map(({ path, message }) => `${path}: ${message}`).join("\n"));
    }
}

function partialFailure({ cause, state, id = "" }: UnfinishedResource, work: UnfinishedWork): Partial<ServiceError> {
    const failed = new ErrorResourceInitFailed();
    failed.setId(work.id ?? id);
    failed.setProperties(writeProperties(state, work.secrets));
    failed.setInputs(writeProperties(work.inputs, work.secrets));
    failed.setReasonsList([cause.message]);
    failed.setRefreshBeforeUpdate(true);
    const detail = new Any();
    detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answer = new Status();
    answer.setCode(status.UNKNOWN);
    answer.setMessage(cause.message);
    answer.addDetails(detail);
    const metadata = new Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
    return { code: status.UNKNOWN, details: cause.message, metadata };
}
