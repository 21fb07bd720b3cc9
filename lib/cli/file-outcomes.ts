import { createReadStream } from "node:fs";
import { UserError, unreadable } from "../errors";
import { largestDocumentBytes, type Outcome, type SourceFile } from "../review";
import { visible } from "../text";
import { type CommandIo, fileIn } from "./command-io";

/** Reads one file; `-` is standard input. */
export async function outcomeOf<T>(
    io: CommandIo,
    name: string,
    kind: "invalid-preview" | "invalid-exported-state",
    read: (file: SourceFile) => Outcome<T>,
): Promise<Outcome<T>> {
    const file = name === "-" ? "standard input" : name;
    if (name === "-" && io.stdin.isTTY) {
        const what = "No file is given, and standard input is a terminal";
        return { error: new UserError("invalid-review-options", what) };
    }
    try {
        return read({ name: file, bytes: await bytesOf(io, name) });
    } catch (error) {
        return { error: unreadable(kind, visible(file), error) };
    }
}

async function bytesOf(io: CommandIo, name: string): Promise<Buffer> {
    const stream = name === "-" ? io.stdin : createReadStream(fileIn(io, name));
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        size += chunk.length;
        // Enough to see that the file is too large.
        if (size > largestDocumentBytes) break;
    }
    return Buffer.concat(chunks);
}

/** The values of all files. @throws AggregateError with the faults of all files */
export function valuesOf<T>(outcomes: readonly Outcome<T>[]): T[] {
    const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
    if (errors.length > 0) throw new AggregateError(errors);
    return outcomes.flatMap((outcome) => ("value" in outcome ? [outcome.value] : []));
}
