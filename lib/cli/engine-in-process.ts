import { Readable, Writable } from "node:stream";
import type { EngineCommand } from "../rollout";
import type { CommandIo } from "./command-io";
import { pulumiEmbedded } from "./pulumi-embedded-command";

/** Runs `pulumi-embedded` as a function of this process; its programs and providers run here too. */
export const engineInProcess =
    (io: CommandIo): EngineCommand =>
    async ({ args, folder, environment, cancel, onLine, onError }) => {
        const lines = lineWriter(onLine);
        const status = await pulumiEmbedded(args, {
            stdin: Readable.from([]),
            stdout: lines,
            stderr: textWriter(onError),
            env: environment,
            cwd: folder,
            inProcess: true,
            onSignal(listener) {
                cancel.addEventListener("abort", listener);
                return () => cancel.removeEventListener("abort", listener);
            },
            endNow: io.endNow,
        });
        lines.end();
        return status;
    };

const textWriter = (take: (text: string) => void): Writable =>
    new Writable({
        decodeStrings: false,
        write(chunk, _encoding, done) {
            take(String(chunk));
            done();
        },
    });

/** A last line without a line end counts. */
function lineWriter(take: (line: string) => void): Writable {
    let rest = "";
    return new Writable({
        decodeStrings: false,
        write(chunk, _encoding, done) {
            const lines = (rest + String(chunk)).split("\n");
            rest = lines.pop() ?? "";
            lines.forEach(take);
            done();
        },
        final(done) {
            if (rest !== "") take(rest);
            done();
        },
    });
}
