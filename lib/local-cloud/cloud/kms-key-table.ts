import type { Change, RecordChange } from "./change";
import type { KmsKey } from "./kms-key";

/** The account and the region of keys. */
export interface KeyPlace {
    readonly accountId: string;
    /** Undefined is any region, for a request that names none. */
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

    /** Sorted by id. Removes keys whose deletion is due. */
    list({ accountId, region }: KeyPlace, now: number): KmsKey[] {
        return [...this.#keys.values()]
            .filter((key) => key.accountId === accountId && key.region === (region ?? key.region))
            .filter((key) => this.#isAlive(key, now))
            .sort((a, b) => (a.id < b.id ? -1 : 1));
    }

    /**
     * Finds a key by its id, its `alias/…`, or an ARN of either.
     * @param place for ids and aliases; an ARN names its own
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
