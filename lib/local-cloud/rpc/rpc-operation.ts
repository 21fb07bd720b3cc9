import type { Environment } from "../cloud/environment";
import type { CloudState } from "../cloud/state";
import { isAllowed } from "../ram/decision";
import type { Principal } from "../ram/principal";
import { RpcError } from "./rpc-errors";

/** The input of an operation that takes requests without a signature. */
export interface UnsignedRpcCall {
    readonly parameters: RpcParameters;
    readonly state: CloudState;
    readonly environment: Environment;
    /** The region in the request's Host or RegionId, if it has one. */
    readonly region: string | undefined;
}

/** The input of an operation: a request with a verified signature. */
export interface RpcCall extends UnsignedRpcCall {
    readonly principal: Principal;
}

export interface RpcParameters {
    /** A parameter that is present and not empty. */
    get(name: string): string | undefined;
}

/** Members of the answer beside RequestId: texts, numbers, truth values, lists, and objects of these. */
export type RpcResult = Readonly<Record<string, unknown>>;

/** A row of the table of operations. */
export type RpcRoute = {
    readonly version: string;
    /** The API's name. */
    readonly operation: string;
    /** Not answered by the dedicated gateway of a KMS instance. */
    readonly managesKeys?: true;
} & (
    | { readonly isUnsigned?: undefined; handle(call: RpcCall): RpcResult }
    | { readonly isUnsigned: true; handle(call: UnsignedRpcCall): RpcResult }
);

export function requiredParameter({ parameters }: UnsignedRpcCall, name: string): string {
    const value = parameters.get(name);
    if (value === undefined) {
        throw new RpcError("missingParameter", `The parameter "${name}" is needed but not provided.`);
    }
    return value;
}

/**
 * An optional whole number.
 * @throws RpcError InvalidParameter for another text or a number out of bounds
 */
export function integerParameter(
    { parameters }: RpcCall,
    name: string,
    byDefault: number,
    least: number,
    most: number,
): number {
    const text = parameters.get(name);
    const value = text === undefined ? byDefault : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
        throw new RpcError("invalidParameter", `The specified parameter "${name}" is not valid.`);
    }
    return value;
}

/** @throws RpcError the named one, when the caller lacks the permission */
export function requirePermission(
    { principal }: RpcCall,
    action: string,
    resource: string,
    refusal: "noPermission" | "kmsForbidden",
): void {
    if (!isAllowed(principal, { action, resources: [resource] })) {
        throw new RpcError(refusal);
    }
}
