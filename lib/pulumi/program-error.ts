import { setImmediate as nextTurn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { UserError } from "../errors";

/**
 * A user's mistake in the form that a program throws: engines show the message alone.
 *
 * The SDK hides the stack of a RunError only while the program's first turn runs, not in what an output throws later. It also formats
 * the stack in colors for its traces, which takes a minute and 3 GB of memory with some stacks (SDK 3.247 on Node 20.20). So there is none.
 */
export function programError(error: UserError): Error {
    const shown = new pulumi.RunError(error.message);
    shown.stack = "";
    return shown;
}

/**
 * Throws an error from an output. The SDK reports each error once, and a resource that waits for the output would put
 * `error serializing property "…"` before its message. So it is reported before it is passed on.
 */
export async function throwReported(error: unknown): Promise<never> {
    void Promise.reject(error);
    await nextTurn();
    throw error;
}

/** What the SDK puts before a function's failure, and around the faults of its arguments (runtime/invoke.ts). */
const [failed, refused, behindFault] = [
    /^invocation of \S+ returned an error: /,
    /^Invoke of '(?:\S+:)?(\w+)' failed: /,
    / \(\)(?=;|$)/g,
];

/**
 * Makes the failure of a function's call a user's mistake, see `programError`. The SDK reports the same object, so it is changed in place.
 * @param call what the SDK gives for the call, a promise or an output
 */
export function showMessageAlone<Call>(call: Call): Call {
    const { promise } = call as { promise?: () => Promise<unknown> };
    const work = call instanceof Promise ? call : promise?.call(call);
    work?.catch((error: unknown) => {
        const isShown = pulumi.RunError.isInstance(error);
        if (isShown || !(error instanceof Error)) return;
        const said = error.message.replace(failed, "");
        const message = refused.test(said) ? said.replace(refused, "$1: ").replaceAll(behindFault, "") : said;
        Object.assign(error, new pulumi.RunError(message), { message, stack: "" });
    });
    return call;
}
