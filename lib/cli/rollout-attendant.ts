import { createInterface } from "node:readline/promises";
import { UserError } from "../errors";
import type { Attendant } from "../rollout";

/**
 * Asks on the terminal, or takes `--yes` for every answer.
 * @throws UserError `confirmation-required` when nobody can be asked
 */
export function terminalAttendant({ yes }: { readonly yes?: boolean | undefined }, stop: AbortSignal): Attendant {
    if (yes === true) return { confirm: async () => true };
    if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
        throw new UserError("confirmation-required", "There is no terminal to ask on, and --yes wasn't given");
    }
    return {
        async confirm(question) {
            const prompt = createInterface({ input: process.stdin, output: process.stderr });
            // In a prompt ^C comes from here and not as a signal.
            prompt.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
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

/** The first ^C or SIGTERM begins nothing new, the second tells the engines to end, the third ends at once. */
export function stopOnSignals(say: (text: string) => void): {
    readonly stop: AbortSignal;
    readonly cancel: AbortSignal;
} {
    const stop = new AbortController();
    const cancel = new AbortController();
    const onSignal = (): void => {
        if (cancel.signal.aborted) process.exit(130);
        if (stop.signal.aborted) {
            say("The stacks that are being deployed are told to end. Again to leave them alone and end at once.");
            cancel.abort();
            return;
        }
        say("No further stack is begun; those that are being deployed are finished. Again to tell them to end.");
        stop.abort();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
    return { stop: stop.signal, cancel: cancel.signal };
}
