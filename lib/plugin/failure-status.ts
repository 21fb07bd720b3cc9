import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { type Properties, UnfinishedResource } from "../declaration";
import { UserError } from "../errors";
import { type Secrets, writeProperties, writeState } from "./wire-properties";

/** What the engine needs to keep a resource whose operation did not finish. */
export interface UnfinishedWork {
    readonly id?: string;
    readonly inputs: Properties;
    readonly secrets: Secrets;
}

/**
 * The longest text or details of a failure in bytes, as gRPC sends them: in one header, texts with other characters than ASCII as `%XX`,
 * and details in base64. Node can receive 64 KiB of headers.
 */
const longest = 45_000;

/**
 * An error as the engine takes it. An error for the user is its message alone; a defect keeps its stack. An unfinished resource becomes a
 * partial failure, which puts the resource into the state as created and not ready.
 */
export function failureStatus(error: unknown, work?: UnfinishedWork): Partial<ServiceError> {
    if (error instanceof UnfinishedResource && work !== undefined) return partialFailure(error, work);
    if (error instanceof UserError || error instanceof RefusedFindings)
        return { code: status.UNKNOWN, details: headerText(error.message, longest) };
    const defect = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { code: status.INTERNAL, details: headerText(`pulumi-bucket-encryption has a defect: ${defect}`, longest) };
}

/**
 * An unfinished resource in an ordinary answer, with the failure's text in a header, for `pulumi-embedded`: it cannot receive a large one
 * otherwise, and says with each creation and update that it accepts this (lib/engine/provider/failure-details.ts).
 * @param answer to the call; gets the resource
 * @returns undefined where the failure's status holds it
 */
export function answerWithFailure<Answer extends UnfinishedAnswer>(
    { cause, work }: { readonly cause: unknown; readonly work: UnfinishedWork },
    sent: Metadata,
    answer: Answer,
): { readonly answer: Answer; readonly headers: Metadata } | undefined {
    if (!(cause instanceof UnfinishedResource) || sent.get("pulumi-embedded-accepts").length === 0) return undefined;
    const properties = writeState(cause.state, work.secrets);
    if (properties.serializeBinary().length <= longest / 4) return undefined;
    answer.setId?.(work.id ?? cause.id ?? "");
    answer.setProperties(properties);
    answer.setRefreshBeforeUpdate(true);
    const headers = new Metadata();
    headers.set("pulumi-embedded-failure-bin", Buffer.from(headerText(cause.cause.message, longest / 2)));
    return { answer, headers };
}

/** What an answer to a creation or an update holds. */
export interface UnfinishedAnswer {
    setId?(id: string): void;
    setProperties(properties: ReturnType<typeof writeState>): void;
    setRefreshBeforeUpdate(isNeeded: boolean): void;
}

/** A text that gRPC can send in a header of so many bytes: in whole characters, since it cannot write half of a pair. */
function headerText(text: string, bytes: number): string {
    const whole = (part: string): string => Buffer.from(part).toString();
    const length = encodeURIComponent(whole(text)).length;
    if (length <= bytes) return whole(text);
    return `${whole(text.slice(0, Math.floor((text.length * bytes) / length))).trimEnd()}…`;
}

/** A preview's findings about the cloud, in the form of a check's failures. */
export class RefusedFindings extends Error {
    constructor(findings: readonly { readonly path: string; readonly message: string }[]) {
        super(findings.map(({ path, message }) => `${path}: ${message}`).join("\n"));
    }
}

function partialFailure({ cause, state, id = "" }: UnfinishedResource, work: UnfinishedWork): Partial<ServiceError> {
    // In the text and in the details.
    const message = headerText(cause.message, longest / 3);
    const failed = new ErrorResourceInitFailed();
    failed.setId(work.id ?? id);
    failed.setProperties(writeState(state, work.secrets));
    failed.setInputs(writeProperties(work.inputs, work.secrets));
    failed.setReasonsList([message]);
    failed.setRefreshBeforeUpdate(true);
    const detail = new Any();
    detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answer = new Status();
    answer.setCode(status.UNKNOWN);
    answer.setMessage(message);
    answer.addDetails(detail);
    const metadata = new Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
    return { code: status.UNKNOWN, details: message, metadata };
}
