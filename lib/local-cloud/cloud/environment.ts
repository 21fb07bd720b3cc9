import { randomBytes } from "node:crypto";

/** The inputs of the core beside requests. In a test they make responses reproducible. */
export interface Environment {
    /** Milliseconds since the epoch. */
    now(): number;
    /** 24 upper-case hexadecimal digits, the shape of a request id in every sample of the documentation. */
    newId(): string;
    /** Whether PutBucketEncryption looks for the KMS key. The real service is not known to do so. Default: no. */
    readonly checksKeyOnPut?: boolean | undefined;
    /**
     * Whether a query parameter that means nothing to an operation is refused. The service ignores it. Default: no.
     */
    readonly isStrict?: boolean | undefined;
    /** Which KMS gateway answers. Default: the shared one. */
    readonly kmsGateway?: KmsGateway | undefined;
    /**
     * Bytes that count as one gigabyte for the limits of CopyObject, so that an object of a test can reach them. Default: 1024³.
     */
    readonly gigabyte?: number | undefined;
}

/**
 * documented: only the shared gateway manages keys; the dedicated gateway of a KMS instance has only the cryptographic
 * operations.
 */
export const kmsGateways = ["shared", "dedicated"] as const;
export type KmsGateway = (typeof kmsGateways)[number];

/** The options of an environment. An option that is left out has the value of the real service. */
export type EnvironmentOptions = Partial<Omit<Environment, "newId">>;

export function systemEnvironment({ now = Date.now, ...options }: EnvironmentOptions): Environment {
    return { ...options, now, newId: () => randomBytes(12).toString("hex").toUpperCase() };
}
