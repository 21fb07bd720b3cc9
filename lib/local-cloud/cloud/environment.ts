import { randomBytes } from "node:crypto";

/** What the core takes from outside, so that the same requests always give the same responses in a test. */
export interface Environment {
    /** Milliseconds since the epoch. */
    now(): number;
    /** 24 upper-case hexadecimal digits, the shape of a request id in every sample of the documentation. */
    newId(): string;
    /** Whether PutBucketEncryption looks for the KMS key. The real service isn't known to; absent is no. */
    readonly checksKeyOnPut?: boolean | undefined;
    /** Whether a query parameter that means nothing to an operation is refused. The service passes it over; absent is no. */
    readonly isStrict?: boolean | undefined;
    /** Which KMS gateway answers; absent is the shared one. */
    readonly kmsGateway?: KmsGateway | undefined;
    /** Bytes that count as one gigabyte for the limits of CopyObject, which no object here could reach; absent is 1024³. */
    readonly gigabyte?: number | undefined;
}

/** documented: only the shared gateway manages keys; the dedicated one of a KMS instance has the cryptographic operations alone. */
export const kmsGateways = ["shared", "dedicated"] as const;
export type KmsGateway = (typeof kmsGateways)[number];

/** The options of an environment; what is left out is as for the real service. */
export type EnvironmentOptions = Partial<Omit<Environment, "newId">>;

export function systemEnvironment({ now = Date.now, ...options }: EnvironmentOptions): Environment {
    return { ...options, now, newId: () => randomBytes(12).toString("hex").toUpperCase() };
}
