import type { Change, RecordChange } from "./change";
import type { KmsKey } from "./kms-key";

/** Whose keys, and where. */
export interface KeyPlace {
    readonly accountId: string;
    /** Undefined is anywhere, for a request that doesn't tell. */
    readonly region: string | undefined;
}

export class KmsKeyTable {
    readonly #keys = new Map<string, KmsKey>();

    readonly #record: RecordChange;

    constructor(record: RecordChange) {
        this.#record = record;
    }

    put(key: KmsKey): void {
        this.#keys.set(key.id, key);
        this.#record({ table: "kms key", key: key.id, value: key });
    }

    /** Sorted by id. Keys whose time is over are taken out on the way. */
    list({ accountId, region }: KeyPlace, now: number): KmsKey[] {
        return [...this.#keys.values()]
            .filter((key) => key.accountId === accountId && key.region === (region ?? key.region))
            .filter((key) => this.#isAlive(key, now))
            .sort((a, b) => (a.id < b.id ? -1 : 1));
    }

    /**
     * The key that a name means: an id, an `alias/…`, or an ARN of either.
     * @param place for ids and aliases; an ARN says itself where
     */
    find(name: string, place: KeyPlace, now: number): KmsKey | undefined {
        const arn = /^acs:kms:([^:]*):([^:]*):(?:key\/)?(.+)$/.exec(name);
        if (arn !== null) {
            const [, region = "", accountId = "", inner = ""] = arn;
            return this.find(inner, { region, accountId }, now);
        }
        if (name.startsWith("alias/")) {
            return this.list(place, now).find(({ aliases }) => aliases.includes(name));
        }
        const key = this.#keys.get(name);
        const isThere =
            key !== undefined &&
            key.accountId === place.accountId &&
            key.region === (place.region ?? key.region) &&
            this.#isAlive(key, now);
        return isThere ? key : undefined;
    }

    restore({ key, value }: Change): void {
        this.#keys.set(key, value as KmsKey);
    }

    *changes(): Generator<Change> {
        for (const key of this.#keys.values()) {
            yield { table: "kms key", key: key.id, value: key };
        }
    }

    #isAlive(key: KmsKey, now: number): boolean {
        if (key.state !== "PendingDeletion" || key.deleteDate === undefined || key.deleteDate > now) {
            return true;
        }
        this.#keys.delete(key.id);
        this.#record({ table: "kms key", key: key.id, value: undefined });
        return false;
    }
}
