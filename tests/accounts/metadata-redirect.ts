/**
 * Preloaded into a process of its own by a test: connections to the metadata service, whose address is fixed in the
 * library, go to the loopback port that METADATA_PORT names, or never come about when it names none.
 */
import { Socket } from "node:net";

type Connect = (this: Socket, ...parameters: unknown[]) => Socket;
interface ConnectOptions {
    host?: string;
    port?: number;
}

const connect = Socket.prototype.connect as unknown as Connect;
const redirected: Connect = function (...parameters) {
    const first = parameters[0] as ConnectOptions | [ConnectOptions];
    const options = Array.isArray(first) ? first[0] : first;
    if (options.host === "100.100.100.200") {
        const port = process.env.METADATA_PORT ?? "";
        if (port === "") return this;
        Object.assign(options, { host: "127.0.0.1", port: Number(port) });
    }
    return connect.apply(this, parameters);
};
Socket.prototype.connect = redirected as unknown as typeof Socket.prototype.connect;
