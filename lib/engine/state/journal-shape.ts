import { DocumentShape, objectSchema } from "../../documents";
import { operationTypes, resourceSchema } from "./checkpoint-shape";
import type { SnapshotChange } from "./snapshot-draft";

/** The first line of a journal: the state file that the operation began with, by its SHA-256. */
export interface JournalHeader {
    readonly version: 1;
    readonly base: string;
}

/** The changes of one step; or the SHA-256 of the state file that was about to be written. */
export type JournalEntry = readonly SnapshotChange[] | { readonly result: string };

const hash = { type: "string", pattern: "^[0-9a-f]{64}$" };
const number = { type: "integer", minimum: 0 };
const object = (members: Readonly<Record<string, object>>): object => ({
    ...objectSchema(members),
    additionalProperties: false,
});

export const journalHeaderShape = new DocumentShape<JournalHeader>(object({ version: { const: 1 }, base: hash }));

export const journalEntryShape = new DocumentShape<JournalEntry>({
    anyOf: [
        object({ result: hash }),
        {
            type: "array",
            items: {
                anyOf: [
                    object({ put: number, resource: resourceSchema }),
                    object({ drop: number }),
                    object({ begin: number, type: { enum: operationTypes }, resource: resourceSchema }),
                    object({ end: number }),
                    object({ secretsProvider: object({ type: { type: "string" }, state: {} }) }),
                    object({ forgetPendingCreates: { const: true } }),
                ],
            },
        },
    ],
});
