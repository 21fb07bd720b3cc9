/** A change of the cloud's state. The latest value of a key counts, so changes can be replayed. */
export interface Change {
    readonly table: "bucket" | "object" | "upload" | "part" | "kms key" | "session" | "seeded";
    readonly key: string;
    /** A JSON value; undefined when the key is gone. */
    readonly value: unknown;
    /** Bytes that belong to the value. They must not change after the call. */
    readonly body?: Uint8Array;
}

/** Takes changes in the order in which they are made. */
export type RecordChange = (change: Change) => void;
