import type { SecretWriter } from "../values/checkpoint-values";
import type { OperationType } from "./checkpoint-format";
import { type ResourceState, stateToJson } from "./resource-state";
import type { SnapshotChange, SnapshotDraft } from "./snapshot-draft";
import type { SnapshotJournal } from "./snapshot-journal";

/** Records the end of a provider call, with the step's changes if it succeeded; resolves when they are on the disk. */
export type EndOperation = (change?: SnapshotUpdate) => Promise<void>;

export interface SnapshotUpdate {
    /** States that are new or have changed. */
    readonly saved?: readonly ResourceState[];
    /** States that are gone, or that a state in `saved` replaces. */
    readonly dropped?: readonly ResourceState[];
}

/** Records what the steps of an operation change in the state. */
export interface SnapshotRecorder {
    /** A provider call begins. */
    begin(type: OperationType, state: ResourceState): EndOperation;
    /** Records changes without a provider call: all of them, or none. */
    record(change: SnapshotUpdate): void;
    /** Whether a state is still in the file. */
    holds(state: ResourceState): boolean;
    /** Replaces a state of the base by its refreshed one, which is recorded when it is saved. */
    substitute(old: ResourceState, replacement: ResourceState): void;
}

/** For previews, which change nothing. */
export const noRecorder: SnapshotRecorder = {
    begin: () => async () => {},
    record: () => {},
    holds: () => true,
    substitute: () => {},
};

/** Writes every change to the journal and to the draft of the state file. */
export class JournalingRecorder implements SnapshotRecorder {
    readonly #draft: SnapshotDraft;
    readonly #journal: SnapshotJournal;
    readonly #writeSecret: SecretWriter;
    readonly #slots = new Map<ResourceState, number>();
    #nextSlot: number;
    #nextOperation = 0;

    /** @param base the states of the draft's base, in the same order */
    constructor(
        draft: SnapshotDraft,
        journal: SnapshotJournal,
        base: readonly ResourceState[],
        writeSecret: SecretWriter,
    ) {
        this.#draft = draft;
        this.#journal = journal;
        this.#writeSecret = writeSecret;
        base.forEach((state, slot) => {
            this.#slots.set(state, slot);
        });
        this.#nextSlot = draft.firstFreeSlot;
    }

    begin(type: OperationType, state: ResourceState): EndOperation {
        const operation = this.#nextOperation;
        this.#nextOperation += 1;
        this.write([{ begin: operation, type, resource: stateToJson(state, this.#writeSecret) }]);
        return async (change = {}) => {
            this.write([{ end: operation }, ...this.#changesOf(change)]);
            // Without a change, the call may be pending again after a power cut.
            if (change.saved !== undefined || change.dropped !== undefined) await this.#journal.synced();
        };
    }

    record(change: SnapshotUpdate): void {
        this.write(this.#changesOf(change));
    }

    holds(state: ResourceState): boolean {
        return this.#slots.has(state);
    }

    substitute(old: ResourceState, replacement: ResourceState): void {
        const slot = this.#slots.get(old);
        if (slot === undefined) return;
        this.#slots.delete(old);
        this.#slots.set(replacement, slot);
    }

    write(changes: readonly SnapshotChange[]): void {
        if (changes.length === 0) return;
        for (const change of changes) this.#draft.apply(change);
        this.#journal.append(changes);
    }

    #changesOf({ saved = [], dropped = [] }: SnapshotUpdate): SnapshotChange[] {
        const drops = dropped.flatMap((state) => {
            const slot = this.#slots.get(state);
            this.#slots.delete(state);
            return slot === undefined ? [] : [{ drop: slot }];
        });
        return [
            ...drops,
            ...saved.map((state) => ({ put: this.#slotOf(state), resource: stateToJson(state, this.#writeSecret) })),
        ];
    }

    #slotOf(state: ResourceState): number {
        let slot = this.#slots.get(state);
        if (slot === undefined) {
            slot = this.#nextSlot;
            this.#nextSlot += 1;
            this.#slots.set(state, slot);
        }
        return slot;
    }
}
