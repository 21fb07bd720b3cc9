import { closeSync, openSync, writeSync } from "node:fs";
import { Client, type ClientWritableStream, credentials } from "@grpc/grpc-js";
import type { EventRequest } from "@pulumi/pulumi/proto/events_pb";
import { UserError, writing } from "../../errors";

/** Where `--event-log` writes each event of an operation: a file, or the service of an Automation API program at `tcp://host:port`. */
export class EventLog {
    readonly #write: (line: string) => void;
    readonly #end: () => Promise<void>;

    private constructor(write: (line: string) => void, end: () => Promise<void>) {
        this.#write = write;
        this.#end = end;
    }

    /** @throws UserError `output-not-written` */
    static open(target: string): EventLog {
        return target.startsWith("tcp://")
            ? EventLog.#toService(target.slice("tcp://".length))
            : EventLog.#toFile(target);
    }

    /** @param line one event as JSON */
    write(line: string): void {
        this.#write(line);
    }

    /** Resolves when everything was written. @throws UserError `output-not-written` */
    async close(): Promise<void> {
        await this.#end();
    }

    static #toFile(file: string): EventLog {
        const failing = <Result>(write: () => Result): Result => writing("output-not-written", file, write);
        const descriptor = failing(() => openSync(file, "w", 0o600));
        return new EventLog(
            (line) => void failing(() => writeSync(descriptor, line)),
            async () => closeSync(descriptor),
        );
    }

    static #toService(address: string): EventLog {
        // Loaded here: older SDKs have no such service, and few operations need it.
        const {
            EventsService,
        }: typeof import("@pulumi/pulumi/proto/events_grpc_pb") = require("@pulumi/pulumi/proto/events_grpc_pb");
        const {
            EventRequest,
        }: typeof import("@pulumi/pulumi/proto/events_pb") = require("@pulumi/pulumi/proto/events_pb");
        const { path, requestSerialize, responseDeserialize } = EventsService.streamEvents;
        const client = new Client(address, credentials.createInsecure());
        let stream: ClientWritableStream<EventRequest> | undefined;
        const answered = new Promise<void>((resolve, reject) => {
            stream = client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, (error) => {
                if (error === null) resolve();
                else reject(error);
            });
            stream.on("error", reject);
        });
        answered.catch(() => {});
        return new EventLog(
            (line) => void stream?.write(new EventRequest().setEvent(line)),
            async () => {
                stream?.end();
                try {
                    await answered;
                } catch (cause) {
                    const what = `The events cannot be sent to ${address}: ${(cause as Error).message}`;
                    const cure = "Check that a process listens at this address, or name a file.";
                    throw new UserError("output-not-written", what, {}, { cause, cure });
                } finally {
                    client.close();
                }
            },
        );
    }
}
