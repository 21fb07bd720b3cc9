import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TemporalSettings } from "./temporal-settings";

/** In milliseconds. */
const longestConnect = 5000;
/** A server that does not accept the client's certificate says so after the handshake. */
const waitsForRefusal = 300;

/**
 * The reason why the SDK gets no connection, which it does not report: the result of a connection with the same settings.
 * @returns undefined when it is accepted
 */
export async function connectionFault({ address, connectionOptions }: TemporalSettings): Promise<string | undefined> {
    const [, host = "", port = "7233"] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
    const place = { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
    const { tls } = connectionOptions;
    return await new Promise((resolve) => {
        let socket: Socket | undefined;
        const end = (fault?: string): void => {
            clearTimeout(tooLate);
            socket?.destroy();
            resolve(fault);
        };
        const tooLate = setTimeout(() => end(`no answer within ${longestConnect} ms`), longestConnect);
        const accepted = (): void => void setTimeout(end, waitsForRefusal);
        try {
            socket = tls ? connectTls({ ...place, ...tlsOptions(tls) }, accepted) : connectPlain(place, accepted);
            socket.on("error", ({ message }) => end(message));
        } catch (error) {
            end((error as Error).message);
        }
    });
}

function tlsOptions(tls: NonNullable<TemporalSettings["connectionOptions"]["tls"]>): object {
    if (typeof tls === "boolean") return {};
    const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls;
    return {
        ALPNProtocols: ["h2"],
        ...(serverNameOverride && { servername: serverNameOverride }),
        ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
        ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
    };
}
