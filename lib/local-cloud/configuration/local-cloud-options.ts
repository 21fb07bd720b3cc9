import { type KmsGateway, kmsGateways } from "../cloud/environment";
import type { Fault } from "../fault";
import type { JournalEntry } from "../journal";
import type { AccountsDocument } from "./accounts-document";
import { type Check, checkMembers, FaultCollector, throwFaults } from "./fault-collector";
import { checkFault } from "./faults-validation";

export interface LocalCloudOptions {
    /** Default: account 1000000000000001 with local-key-id / local-key-secret. */
    readonly accounts?: AccountsDocument;
    /** Default: any free port. */
    readonly port?: number;
    /** Milliseconds that every answer waits. Default: 0. */
    readonly latencyMs?: number;
    /** Folder that keeps acknowledged changes. Default: in memory only. One process at a time may use it. */
    readonly data?: string;
    /** Faults from the start. */
    readonly faults?: readonly Fault[];
    /** Milliseconds since the epoch. Default: the system's clock. */
    readonly now?: () => number;
    /**
     * Whether PutBucketEncryption refuses a KMS key that cannot be used. Default: `false`, since the real service is not
     * known to do so.
     */
    readonly checksKeyOnPut?: boolean;
    /**
     * Whether a query parameter that means nothing to an operation is refused. Default: `false`, since the service
     * ignores it.
     */
    readonly isStrict?: boolean;
    /**
     * Which KMS gateway answers. Default: `shared`. A dedicated gateway refuses DescribeKey and every other
     * operation that manages keys.
     */
    readonly kmsGateway?: KmsGateway;
    /** Bytes that count as one gigabyte for the limits of CopyObject. Default: 1024³. */
    readonly gigabyte?: number;
    /** Called for each request, as it enters the journal. */
    readonly onRequest?: (entry: JournalEntry) => void;
}

const must =
    (rule: string, isRight: (value: unknown) => boolean): Check =>
    (collector, value, path) => {
        if (value !== undefined && !isRight(value)) {
            collector.add(path, `must be ${rule}`);
        }
    };
const flag = must("true or false", (value) => typeof value === "boolean");
const callback = must("a function", (value) => typeof value === "function");
/** Its own part of the start checks it. */
const checkedLater: Check = () => {};

const members: Readonly<Record<keyof LocalCloudOptions, Check>> = {
    accounts: checkedLater,
    port: checkedLater,
    latencyMs: (collector, value, path) => collector.optionalInteger(value, path, 0, 600_000),
    data: must("a folder's path", (value) => typeof value === "string"),
    faults: (collector, value, path) =>
        collector.array(value, path, (entry, place) => checkFault(collector, entry, place)),
    now: callback,
    checksKeyOnPut: flag,
    isStrict: flag,
    kmsGateway: must(`one of ${kmsGateways.join(", ")}`, (value) =>
        (kmsGateways as readonly unknown[]).includes(value),
    ),
    gigabyte: must("a number of bytes", (value) => typeof value === "number" && value > 0),
    onRequest: callback,
};

/**
 * Checks the options of a start, which a program in JavaScript gives unchecked.
 * @throws LocalCloudConfigurationError with everything that is wrong
 */
export function validateOptions(options: unknown): void {
    const collector = new FaultCollector();
    checkMembers(collector, options, "", members);
    throwFaults("The start of the local cloud", collector);
}
