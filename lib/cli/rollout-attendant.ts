import { createInterface } from "node:readline/promises";
import { UserError } from "../errors";
import type { Attendant } from "../rollout";
import type { CommandIo } from "./command-io";
import { exitStatus } from "./exit-status";

/**
 * Asks on the terminal, or takes `--yes` for every answer. Without a terminal the first question is the error
 * `rollout-confirmation-required`, and what makes it needless is said before.
 */
export function terminalAttendant(
    { yes }: { readonly yes?: boolean | undefined },
    { stop, interrupt }: Pick<Interruption, "stop" | "interrupt">,
    { stdin, stderr }: CommandIo,
): Attendant {
    if (yes === true) return { confirm: async () => true };
    return {
        async confirm(question) {
            if (stdin.isTTY !== true || stderr.isTTY !== true) {
                const what = "There is no terminal to ask on, and --yes was not given";
                throw new UserError("rollout-confirmation-required", what);
            }
            const prompt = createInterface({ input: stdin, output: stderr });
            // A prompt reports ^C here, and not as a signal.
            prompt.on("SIGINT", interrupt);
            try {
                for (;;) {
                    const answer = (await prompt.question(`${question} (yes/no) `, { signal: stop }))
                        .trim()
                        .toLowerCase();
                    if (answer === "yes" || answer === "y") return true;
                    if (answer === "no" || answer === "n" || answer === "") return false;
                }
            } catch (error) {
                if ((error as Error).name === "AbortError") return false;
                throw error;
            } finally {
                prompt.close();
            }
        },
    };
}

/** Requests to end a command. */
export interface Interruption {
    /** Begin nothing further. */
    readonly stop: AbortSignal;
    /** End running operations too. */
    readonly cancel: AbortSignal;
    /** Called for each signal. */
    readonly interrupt: () => void;
    /** Stops handling signals. */
    readonly forget: () => void;
}

/** The first ^C or SIGTERM begins nothing further, the second ends running operations, the third ends the command at once. */
export function stopOnSignals(io: CommandIo, say: (text: string) => void): Interruption {
    const stop = new AbortController();
    const cancel = new AbortController();
    const interrupt = (): void => {
        if (cancel.signal.aborted) io.endNow(exitStatus.interrupted);
        if (stop.signal.aborted) {
            say("Running deployments are being ended. Interrupt again to quit at once and leave them running.");
            cancel.abort();
            return;
        }
        say("No further stack is started; running deployments finish. Interrupt again to end them.");
        stop.abort();
    };
    return { stop: stop.signal, cancel: cancel.signal, interrupt, forget: io.onSignal(interrupt) };
}
