import { randomUUID } from "node:crypto";
import { ServiceError } from "../../errors";
import type { ObservedRule } from "../../rule";

/** The three requests of a proof. `object` is its key in the bucket. */
export interface ProofRequests {
    /** Writes the key as the object's content. @returns the version, where the bucket keeps versions */
    write(object: string): Promise<string | undefined>;
    /** How the service says the object is encrypted. */
    read(object: string): Promise<ObservedRule | undefined>;
    /** With a version, deletes that version and leaves no marker. */
    remove(object: string, version: string | undefined): Promise<void>;
}

/**
 * Writes, reads back and deletes `.bucket-encryption-proof/<random UUID>`, and returns how the service encrypted it; `undefined`
 * when it did not. The random name belongs to this call only.
 * @throws ServiceError of the first request that fails
 */
export async function encryptProofObject({ write, read, remove }: ProofRequests): Promise<ObservedRule | undefined> {
    const object = `.bucket-encryption-proof/${randomUUID()}`;
    let version: string | undefined;
    try {
        version = await write(object);
    } catch (error) {
        // The object may exist. A failure to delete it would hide why it could not be written.
        if (error instanceof ServiceError && error.mayHaveTakenEffect) await remove(object, undefined).catch(() => {});
        throw error;
    }
    let encryption: ObservedRule | undefined;
    try {
        encryption = await read(object);
    } catch (error) {
        await remove(object, version).catch(() => {});
        throw error;
    }
    await remove(object, version);
    return encryption;
}
