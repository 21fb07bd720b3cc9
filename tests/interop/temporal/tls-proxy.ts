import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import {
    type ClientHttp2Session,
    connect,
    constants,
    createSecureServer,
    type Http2SecureServer,
    type Http2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { ToolUnavailable } from "../needed-tool";

/** The files of a certificate. */
export interface Certificate {
    readonly certificate: string;
    readonly key: string;
}

/** Makes an authority with `openssl`, for one test. @throws ToolUnavailable */
export function authority(folder: string, name: string): Certificate {
    const made = { certificate: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`) };
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    openssl("req", "-x509", ...curve, "-subj", `/CN=${name}`, "-keyout", made.key, "-out", made.certificate);
    return made;
}

/** A certificate for this machine, of an authority. */
export function certificate(folder: string, name: string, by: Certificate): Certificate {
    const made = { certificate: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`) };
    const [request, extensions] = [path.join(folder, `${name}.csr`), path.join(folder, `${name}.ext`)];
    writeFileSync(extensions, "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl("req", "-new", ...curve, "-subj", `/CN=${name}`, "-keyout", made.key, "-out", request);
    const authority = ["-CA", by.certificate, "-CAkey", by.key, "-CAcreateserial", "-days", "2"];
    openssl("x509", "-req", "-in", request, ...authority, "-extfile", extensions, "-out", made.certificate);
    return made;
}

function openssl(...args: string[]): void {
    const { status, stderr, error } = spawnSync("openssl", args, { encoding: "utf8", timeout: 30_000 });
    if (status !== 0) throw new ToolUnavailable(`openssl ${args[0]} failed: ${error?.message ?? stderr}`);
}

const unauthenticated = "16";

/** TLS before a Temporal server on loopback, as Temporal Cloud has it: it asks for an API key and for a client's certificate. */
export class TlsProxy {
    readonly address: string;
    /** How many calls there were, by whether they had the key and a certificate of the authority. */
    readonly calls = { admitted: 0, refused: 0, withoutCertificate: 0 };
    readonly #server: Http2SecureServer;
    readonly #upstream: ClientHttp2Session;
    readonly #sessions = new Set<Http2Session>();

    private constructor(server: Http2SecureServer, upstream: ClientHttp2Session) {
        this.#server = server;
        this.#upstream = upstream;
        this.address = `localhost:${(server.address() as AddressInfo).port}`;
    }

    static async start(
        upstream: string,
        apiKey: string,
        { authority, server }: { readonly authority: Certificate; readonly server: Certificate },
    ): Promise<TlsProxy> {
        const listening = createSecureServer({
            cert: readFileSync(server.certificate),
            key: readFileSync(server.key),
            ca: readFileSync(authority.certificate),
            requestCert: true,
            rejectUnauthorized: false,
        });
        listening.listen(0, "127.0.0.1");
        await once(listening, "listening");
        const proxy = new TlsProxy(listening, connect(`http://${upstream}`));
        listening.on("session", (session) => {
            proxy.#sessions.add(session);
            session.on("close", () => proxy.#sessions.delete(session));
        });
        listening.on("stream", (stream, headers) => {
            stream.on("error", () => stream.destroy());
            const isKnown = headers.authorization === `Bearer ${apiKey}`;
            if ((stream.session?.socket as TLSSocket | undefined)?.authorized !== true)
                proxy.calls.withoutCertificate += 1;
            proxy.calls[isKnown ? "admitted" : "refused"] += 1;
            if (!isKnown) {
                const refusal = { "grpc-status": unauthenticated, "grpc-message": "Request unauthorized." };
                stream.respond({ ":status": 200, "content-type": "application/grpc", ...refusal }, { endStream: true });
                return;
            }
            const { ":authority": _authority, ":scheme": _scheme, ...passed } = headers;
            const call = proxy.#upstream.request(passed);
            call.on("error", () => stream.destroy());
            stream.on("close", () => call.destroy());
            call.on("response", (answer, flags) => {
                // An error of gRPC is an answer of headers alone.
                const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
                stream.respond(answer, isWhole ? { endStream: true } : { waitForTrailers: true });
            });
            call.on("trailers", (trailers) => stream.on("wantTrailers", () => stream.sendTrailers(trailers)));
            stream.pipe(call).pipe(stream);
        });
        return proxy;
    }

    stop(): void {
        this.#upstream.destroy();
        this.#server.close();
        for (const session of this.#sessions) session.destroy();
    }
}
