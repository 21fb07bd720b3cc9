/** What changed in the cloud's state. The latest value of a key is the one that holds, so changes can be replayed. */
export interface Change {
    readonly table: "bucket" | "object" | "upload" | "part" | "kms key" | "session" | "seeded";
    readonly key: string;
    /** A JSON value; undefined when the key is gone. */
    readonly value: unknown;
    /** Bytes that belong to the value. Never changed once they are handed over. */
    readonly body?: Uint8Array;
}

/** Where changes go, in the order in which they are made. */
export type RecordChange = (change: Change) => void;
