type PrepareStackTrace = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/** A frame of V8, with the position in the file's text that Node's types leave out. */
interface PositionedFrame extends NodeJS.CallSite {
    getPosition(): number;
}

/** How many different stacks are remembered. */
const limit = 1000;

/**
 * Makes the text of a stack trace once for each place. The SDK asks for the whole stack, by an error without a message, several times
 * for every property of a resource, and source-map-support, which the SDK installs, maps each frame again. This takes most of the time
 * of a program with a loop. Errors with a message are rare, and their text is made each time.
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
    const texts = new Map<string, unknown>();
    return (error, frames) => {
        if (error?.message !== "" || error.name !== "Error") return prepare(error, frames);
        const key = placeOf(frames);
        const known = texts.get(key);
        if (known !== undefined) return known;
        const text = prepare(error, frames.map(unmapped));
        if (texts.size < limit) texts.set(key, text);
        return text;
    };
}

/**
 * The files of the SDK and of its transport, but for the one that creates the stack's resource: the state has its place. Reading their
 * source maps takes a fifth of the time of a small program, and their places are shown only with a message.
 */
const sdkFile = /[\\/](@pulumi[\\/]pulumi[\\/](?!runtime[\\/]stack\.js$)|@grpc[\\/]grpc-js[\\/])/;

/** source-map-support does not map what is native. */
function unmapped(frame: NodeJS.CallSite): NodeJS.CallSite {
    if (!sdkFile.test(frame.getFileName() ?? "")) return frame;
    return { isNative: () => true, toString: () => String(frame) } as NodeJS.CallSite;
}

/** Names the places of a stack. Asking frames for their positions takes half the time of asking them for their text. */
function placeOf(frames: readonly NodeJS.CallSite[]): string {
    let place = "";
    for (const frame of frames) {
        const file = frame.getFileName();
        place += file === null ? `${frame}\n` : `${file}:${(frame as PositionedFrame).getPosition()}\n`;
    }
    return place;
}
