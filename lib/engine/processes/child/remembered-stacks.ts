type PrepareStackTrace = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/** How many different stacks are remembered. */
const limit = 1000;

/**
 * Makes the text of a stack trace once for each place. The SDK asks for the whole stack at every resource, and source-map-support,
 * which the SDK installs, maps each frame anew: most of the time of a program with a loop. The text below the error's own line
 * is remembered; stacks whose frames read the same have the same text.
 */
export function rememberStacks(): void {
    const remembering = new WeakMap<PrepareStackTrace, PrepareStackTrace>();
    let current: PrepareStackTrace | undefined;
    Object.defineProperty(Error, "prepareStackTrace", {
        configurable: true,
        enumerable: true,
        get: () => current,
        set: (prepare: PrepareStackTrace | undefined) => {
            const isMapping = typeof prepare === "function" && /wrapCallSite/.test(String(prepare));
            if (isMapping && !remembering.has(prepare)) remembering.set(prepare, withMemory(prepare));
            current = isMapping ? remembering.get(prepare) : prepare;
        },
    });
}

function withMemory(prepare: PrepareStackTrace): PrepareStackTrace {
    const tails = new Map<string, string>();
    return (error, frames) => {
        const key = frames.join("\n");
        const head = `${error?.name || "Error"}: ${error?.message || ""}`;
        const tail = tails.get(key);
        if (tail !== undefined) return head + tail;
        const text = prepare(error, frames);
        if (typeof text === "string" && text.startsWith(head) && tails.size < limit)
            tails.set(key, text.slice(head.length));
        return text;
    };
}
