import { DocumentShape, listSchema } from "../../../documents";
import { recordMembers, recordSchema } from "../../journal/journal-shape";
import type { LogEntry } from "../flow/flow-messages";

const text = { type: "string" };

const { "stack-begun": _begun, "stack-ended": _ended, ...logMembers } = recordMembers;

/** A part of the log of a rollout on Temporal. */
export const logPartShape = new DocumentShape<readonly LogEntry[]>(
    listSchema(
        recordSchema({
            ...logMembers,
            "shard-begun": { shard: text, left: text, workflow: text },
            "shard-ended": { shard: text, left: text, records: text },
        }),
    ),
);
