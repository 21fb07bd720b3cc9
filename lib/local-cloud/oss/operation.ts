import type { Bucket } from "../cloud/bucket";
import type { Environment } from "../cloud/environment";
import type { CloudState } from "../cloud/state";
import type { HeaderLine } from "../cloud/wire";
import type { Principal } from "../ram/principal";
import type { Access } from "./access";
import type { OssRequest } from "./oss-request";

/** The input of an operation: a request with verified signature, region and rights. */
export interface OperationCall {
    readonly request: OssRequest;
    readonly body: Uint8Array;
    readonly state: CloudState;
    readonly environment: Environment;
    /** Undefined only for objects in public buckets. */
    readonly principal: Principal | undefined;
    /** The region that the request names by its Host or its signature's scope, where it does. */
    readonly region: string | undefined;
}

export interface BucketCall extends OperationCall {
    readonly bucket: Bucket;
}

export interface ObjectCall extends BucketCall {
    readonly key: string;
}

/** The input of an operation on a bucket that may not exist yet. */
export interface CreationCall extends OperationCall {
    readonly principal: Principal;
    readonly bucketName: string;
}

export interface AccountCall extends OperationCall {
    readonly principal: Principal;
}

export interface OperationResult {
    readonly status: number;
    readonly headers?: readonly HeaderLine[];
    /** Sent as application/xml. */
    readonly xml?: string;
    /** Sent as it is; its Content-Type stands in `headers`. */
    readonly bytes?: Uint8Array;
    /** For HEAD: the length that a GET would have. */
    readonly contentLength?: number;
}

interface RouteBase {
    /** The API's name. */
    readonly operation: string;
    readonly method: string;
    /**
     * The query parameter that chooses the operation; absent for the plain ones. A name alone stands for a parameter without a value, and
     * an object without `value` for one with any value.
     */
    readonly selector?: string | { readonly name: string; readonly value?: string };
    /** A header that chooses the operation before others of the same method. */
    readonly selectingHeader?: string;
    /** The RAM action. Default: `oss:` and the operation. */
    readonly action?: string;
    /** The further RAM action that a versionId needs. */
    readonly versionAction?: string;
    /** Further query parameters that it understands. Others are ignored, or refused in the strict mode. */
    readonly parameters?: readonly string[];
    /** Request headers whose effect this server does not have: NotImplemented. */
    readonly refusedHeaders?: readonly string[];
    /** Bytes. Default: `smallBody`. */
    readonly bodyLimit?: number;
    /** Accepts the x-oss-server-side-encryption headers. */
    readonly encryptionHeaders?: true;
}

/** A row of the table of operations. `level` is what the address must name, and decides what the function is given. */
export type Route = RouteBase &
    (
        | { readonly level: "service"; handle(call: AccountCall): OperationResult }
        | { readonly level: "new-bucket"; handle(call: CreationCall): OperationResult }
        | {
              readonly level: "bucket";
              /** It checks the caller's rights itself, for each object that it names. */
              readonly checksAccess?: true;
              handle(call: BucketCall): OperationResult;
          }
        | { readonly level: "object"; readonly access: Access; handle(call: ObjectCall): OperationResult }
    );

/** Enough for any XML that an operation takes. */
export const smallBody = 64 * 1024;
