import { type EventEmitter, setMaxListeners } from "node:events";
import { UserError } from "../errors";

const cancelPath = "/pulumirpc.ResourceProvider/Cancel";

/**
 * Aborted, with an error of kind `cancelled`, once the engine asks this dynamic provider host to cancel: what is under way is to
 * end, and nothing more to begin.
 *
 * The SDK's host answers that call by itself and tells its providers nothing (`cancel` in cmd/dynamic-provider, 3.217 to 3.270), so
 * the call is watched on its way in, at the HTTP/2 servers of this process. They are among its handles, which Node lists
 * without documenting it. Were that list gone, nothing would be seen, and operations would end with their retries.
 */
export function hostCancellation(handles: readonly unknown[] = activeHandles()): AbortSignal {
    const controller = new AbortController();
    // Whatever waits in this process waits for it too.
    setMaxListeners(0, controller.signal);
    for (const server of handles.filter(isHttp2Server)) {
        server.on("stream", (_stream: unknown, headers: { readonly ":path"?: string }) => {
            if (headers[":path"] === cancelPath) controller.abort(cancellation());
        });
    }
    return controller.signal;
}

function cancellation(): UserError {
    return new UserError("cancelled", "The operation was cancelled before this was finished");
}

function activeHandles(): readonly unknown[] {
    return (process as { _getActiveHandles?: () => unknown[] })._getActiveHandles?.() ?? [];
}

function isHttp2Server(handle: unknown): handle is EventEmitter {
    return (handle as { constructor?: { name?: string } } | null)?.constructor?.name === "Http2Server";
}
