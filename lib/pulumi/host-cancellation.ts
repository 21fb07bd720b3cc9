import { type EventEmitter, setMaxListeners } from "node:events";
import { cancellation } from "../provider";

const cancelPath = "/pulumirpc.ResourceProvider/Cancel";

/**
 * A signal that is aborted, with an error of kind `cancelled`, when the engine asks this dynamic provider host to cancel. Requests in
 * progress then finish, and no further work starts.
 *
 * The SDK's host answers that call and does not pass it on to providers (`cancel` in cmd/dynamic-provider, 3.217 to 3.270). So this
 * watches the call at the HTTP/2 servers of the process. They are among its handles, which Node lists without documenting it. If a
 * later Node lists them no more, operations end only after their retries.
 */
export function hostCancellation(handles: readonly unknown[] = activeHandles()): AbortSignal {
    const controller = new AbortController();
    // Every wait in this process listens to it.
    setMaxListeners(0, controller.signal);
    for (const server of handles.filter(isHttp2Server)) {
        server.on("stream", (_stream: unknown, headers: { readonly ":path"?: string }) => {
            if (headers[":path"] === cancelPath) controller.abort(cancellation());
        });
    }
    return controller.signal;
}

/** A signal that is aborted when the dynamic provider host has ended, also where its process continues. */
export function hostEnd(handles: readonly unknown[] = activeHandles()): AbortSignal {
    const controller = new AbortController();
    for (const server of handles.filter(isHttp2Server)) server.on("close", () => controller.abort());
    return controller.signal;
}

function activeHandles(): readonly unknown[] {
    return (process as { _getActiveHandles?: () => unknown[] })._getActiveHandles?.() ?? [];
}

function isHttp2Server(handle: unknown): handle is EventEmitter {
    return (handle as { constructor?: { name?: string } } | null)?.constructor?.name === "Http2Server";
}
