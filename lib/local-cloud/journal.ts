import { checkMembers, FaultCollector, throwFaults } from "./configuration/fault-collector";

/** One request as it was answered. Holds no header, no body, no key: nothing secret. */
export interface JournalEntry {
    readonly method: string;
    readonly bucket: string | undefined;
    /** The API's name of the operation, undefined when the request has no known operation. */
    readonly operation: string | undefined;
    /** The account of the key that signed; undefined when the request was anonymous or its signature was wrong. */
    readonly account: string | undefined;
    /** The HTTP status, undefined when a fault left the request without an answer. */
    readonly status: number | undefined;
    /** The kind of the fault that was played, if one was. */
    readonly fault: string | undefined;
}

/** Selects entries by equality of every given member. */
export type JournalFilter = Partial<JournalEntry>;

const journalCapacity = 100_000;
const anyValue = () => {};
const filterMembers: Readonly<Record<keyof JournalEntry, typeof anyValue>> = {
    method: anyValue,
    bucket: anyValue,
    operation: anyValue,
    account: anyValue,
    status: anyValue,
    fault: anyValue,
};

/** The requests since the start, the latest 100,000 of them, in the order in which they were answered. */
export class Journal {
    #entries: JournalEntry[] = [];

    record(entry: JournalEntry): void {
        this.#entries.push(entry);
        if (this.#entries.length > journalCapacity * 1.1) {
            this.#entries = this.#entries.slice(-journalCapacity);
        }
    }

    /** @throws LocalCloudConfigurationError when the filter names something that no entry has: it would select nothing */
    entries(filter: JournalFilter = {}): JournalEntry[] {
        const collector = new FaultCollector();
        checkMembers(collector, filter, "", filterMembers);
        throwFaults("The journal's filter", collector);
        const members = Object.entries(filter) as [keyof JournalEntry, unknown][];
        return this.#entries.filter((entry) => members.every(([name, value]) => entry[name] === value));
    }

    count(filter: JournalFilter = {}): number {
        return this.entries(filter).length;
    }

    clear(): void {
        this.#entries = [];
    }
}
