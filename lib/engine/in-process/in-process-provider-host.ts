import type { Http2Server, Http2Session } from "node:http2";
import type * as grpc from "@grpc/grpc-js";
import { keptLines, printed } from "../processes/host-process";
import type { ProviderHost } from "../provider/provider-host";
import { ModuleRealm } from "./module-realm";

type Grpc = typeof grpc;

/** A script of Node that serves the provider protocol. */
export interface ProviderScript {
    /** Its name in messages. */
    readonly title: string;
    /** An absolute path. */
    readonly script: string;
    /** The working folder. */
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
    /** `host:port` of the engine's services. */
    readonly engineAddress: string;
    /** The name of the stack's project. */
    readonly project: string;
    /** Gets what the providers print. */
    readonly onLine: (line: string) => void;
}

/** A provider host, evaluated in this process, in a realm of its own: the SDK's for dynamic providers, or a plugin for Node. */
export class InProcessProviderHost implements ProviderHost {
    readonly title: string;
    address = "";
    readonly #servers: grpc.Server[] = [];
    /** The servers of a host that brings a gRPC library of its own. */
    readonly #httpServers = new Map<Http2Server, Set<Http2Session>>();
    readonly #printed: string[] = [];
    #realm: ModuleRealm | undefined;
    #exitCode: number | undefined;
    #onExit: (() => void) | undefined;

    private constructor(title: string) {
        this.title = title;
    }

    static async start(script: ProviderScript): Promise<InProcessProviderHost> {
        const host = new InProcessProviderHost(script.title);
        await new Promise<void>((resolve, reject) => {
            const realm: ModuleRealm = new ModuleRealm({
                folder: script.folder,
                environment: script.environment,
                args: [script.engineAddress],
                onLine(line) {
                    // The first line is the port.
                    if (host.address === "" && /^\d{1,5}$/.test(line)) {
                        host.address = `127.0.0.1:${line}`;
                        for (const early of host.#printed) script.onLine(early);
                        resolve();
                        return;
                    }
                    host.#printed.push(line);
                    if (host.address !== "") script.onLine(line);
                },
                onExit(code) {
                    host.#exit(code);
                    // The error has the others.
                    if (host.address === "")
                        for (const early of host.#printed.slice(0, -keptLines)) script.onLine(early);
                    reject(new Error(host.exitText));
                    throw new Error(`process.exit(${code})`);
                },
                handles: () => [...host.#servers.flatMap(http2ServersOf), ...host.#httpServers.keys()],
                replaced: (file, load) => host.#replaced(file, load, script.project, realm),
                builtin: (name, module) => (name === "http2" ? host.#noting(module) : undefined),
            });
            host.#realm = realm;
            realm.load(script.script);
        });
        return host;
    }

    get exitText(): string | undefined {
        if (this.#exitCode === undefined) return undefined;
        return `the ${this.title} ended with exit code ${this.#exitCode}${printed(this.#printed.slice(-keptLines))}`;
    }

    async exited(limitMs: number): Promise<void> {
        if (this.#exitCode !== undefined) return;
        await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, limitMs);
            this.#onExit = () => {
                clearTimeout(timer);
                resolve();
            };
        });
    }

    async end(): Promise<void> {
        this.#exit(0);
    }

    #exit(code: number): void {
        this.#exitCode ??= code;
        this.#realm?.end(this.#exitCode);
        for (const server of this.#servers) server.forceShutdown();
        for (const [server, sessions] of this.#httpServers) {
            server.close();
            for (const session of sessions) session.destroy();
        }
        this.#onExit?.();
    }

    /** The host's servers are noted, its project is the stack's, and the texts of providers belong to its realm. */
    #replaced(file: string, load: () => unknown, project: string, realm: ModuleRealm): unknown {
        if (/[\\/]@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]index\.js$/.test(file)) {
            const library = load() as Grpc;
            const note = (server: grpc.Server): number => this.#servers.push(server);
            class Server extends library.Server {
                constructor(options?: grpc.ServerOptions) {
                    super(options);
                    note(this);
                }
            }
            return { ...library, __esModule: true, Server };
        }
        if (/[\\/]@pulumi[\\/]pulumi[\\/]metadata\.js$/.test(file))
            return { ...(load() as object), __esModule: true, getProject: () => project };
        if (/[\\/]require-from-string[\\/]index\.js$/.test(file)) return (text: string) => realm.loadText(text);
        return undefined;
    }

    #noting(http2: object): object {
        const { createServer } = http2 as { createServer: (...args: unknown[]) => Http2Server };
        const noted = (...args: unknown[]): Http2Server => {
            const server = createServer(...args);
            const sessions = new Set<Http2Session>();
            this.#httpServers.set(server, sessions);
            server.on("session", (session) => {
                sessions.add(session);
                session.on("close", () => sessions.delete(session));
            });
            return server;
        };
        return { ...http2, createServer: noted };
    }
}

/** A gRPC server keeps its HTTP/2 servers as the keys of a private map. */
function http2ServersOf(server: grpc.Server): unknown[] {
    const servers: unknown = Reflect.get(server, "http2Servers");
    return servers instanceof Map ? [...servers.keys()] : [];
}
