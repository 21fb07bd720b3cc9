import type * as grpc from "@grpc/grpc-js";
import { resolveSdk } from "../processes/sdk-location";
import type { Project } from "../project/project-file";
import type { ProviderHost } from "../provider/provider-host";
import { ModuleRealm } from "./module-realm";

type Grpc = typeof grpc;

/** The SDK's dynamic provider host, evaluated in this process, in a realm of its own. */
export class InProcessProviderHost implements ProviderHost {
    port = 0;
    readonly #servers: grpc.Server[] = [];
    readonly #printed: string[] = [];
    #exitCode: number | undefined;
    #onExit: (() => void) | undefined;

    private constructor() {}

    /**
     * @param engineAddress `host:port` of the engine's services
     * @param onLine what the providers print
     */
    static async start(
        project: Project,
        engineAddress: string,
        environment: NodeJS.ProcessEnv,
        onLine: (line: string) => void,
    ): Promise<InProcessProviderHost> {
        const host = new InProcessProviderHost();
        host.port = await new Promise<number>((resolve, reject) => {
            const realm: ModuleRealm = new ModuleRealm({
                folder: project.programFolder,
                environment,
                args: [engineAddress],
                onLine(line) {
                    // The first line is the port.
                    if (host.port === 0 && /^\d{1,5}$/.test(line)) {
                        host.port = Number(line);
                        resolve(host.port);
                        return;
                    }
                    host.#printed.push(line);
                    onLine(line);
                },
                onExit(code) {
                    host.#exit(code);
                    reject(new Error(host.exitText));
                    throw new Error(`process.exit(${code})`);
                },
                handles: () => host.#servers.flatMap(http2ServersOf),
                replaced: (file, load) => host.#replaced(file, load, project, realm),
            });
            realm.load(resolveSdk(project.programFolder, "cmd/dynamic-provider"));
        });
        return host;
    }

    get exitText(): string | undefined {
        if (this.#exitCode === undefined) return undefined;
        const lines = this.#printed.slice(-20).map((line) => `    ${line}`);
        const printed = lines.length === 0 ? "" : `; it printed:\n${lines.join("\n")}\n`;
        return `the dynamic provider host ended with exit code ${this.#exitCode}${printed}`;
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
        for (const server of this.#servers) server.forceShutdown();
        this.#onExit?.();
    }

    /** The host's servers are noted, its project is the stack's, and the texts of providers belong to its realm. */
    #replaced(file: string, load: () => unknown, project: Project, realm: ModuleRealm): unknown {
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
            return { ...(load() as object), __esModule: true, getProject: () => project.name };
        if (/[\\/]require-from-string[\\/]index\.js$/.test(file)) return (text: string) => realm.loadText(text);
        return undefined;
    }
}

/** A gRPC server keeps its HTTP/2 servers as the keys of a private map. */
const http2ServersOf = (server: grpc.Server): unknown[] => [
    ...((server as unknown as { http2Servers?: Map<unknown, unknown> }).http2Servers?.keys() ?? []),
];
