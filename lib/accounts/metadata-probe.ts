import { connect } from "node:net";

/** The metadata service of an ECS instance; the address is the same on every instance. */
export const metadataAddress = { host: "100.100.100.200", port: 80 } as const;

/**
 * On an instance the metadata service is one hop away and accepts within a few milliseconds. Elsewhere packets to it
 * mostly vanish, and the library would wait for two or three time-outs of a second each.
 */
export const probeMilliseconds = 300;

/** Whether something accepts a TCP connection there in time. */
export function acceptsConnection(
    address: { readonly host: string; readonly port: number },
    timeoutMilliseconds: number,
): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ ...address });
        const timer = setTimeout(() => answer(false), timeoutMilliseconds);
        const answer = (accepted: boolean): void => {
            clearTimeout(timer);
            socket.destroy();
            resolve(accepted);
        };
        socket.once("connect", () => answer(true));
        socket.once("error", () => answer(false));
    });
}
