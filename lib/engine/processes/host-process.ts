import type { ChildProcess } from "node:child_process";
import { UserError } from "../../errors";
import { eachLine, endChild, killGroup, startExecutable, startNode } from "./child-process";

const startLimitMs = 60_000;
const endGraceMs = 5000;
/** How many of a host's last lines an error about it has. */
export const keptLines = 20;

/** A process that serves one gRPC service: the dynamic provider host, a provider plugin, or a policy pack. */
export class HostProcess {
    readonly #child: ChildProcess;
    readonly #output: string[];

    private constructor(
        child: ChildProcess,
        readonly port: number,
        readonly title: string,
        output: string[],
    ) {
        this.#child = child;
        this.#output = output;
    }

    get address(): string {
        return `127.0.0.1:${this.port}`;
    }

    /**
     * Starts a host and waits for the first line that it prints, which is its port on 127.0.0.1.
     * @param title the host's name in errors
     * @param args the script to run, and its arguments
     * @param onLine gets each other line; those before the port when the host listens
     * @throws UserError `provider-failed`, with the last lines that the host printed, which `onLine` does not get
     */
    static async start(
        title: string,
        args: readonly string[],
        folder: string,
        environment: NodeJS.ProcessEnv,
        onLine: (line: string) => void,
    ): Promise<HostProcess> {
        return await HostProcess.#of(startNode("service", args, { folder, environment }), title, onLine);
    }

    /** As `start`, for an executable of any language. */
    static async startExecutable(
        title: string,
        executable: string,
        args: readonly string[],
        folder: string,
        environment: NodeJS.ProcessEnv,
        onLine: (line: string) => void,
    ): Promise<HostProcess> {
        return await HostProcess.#of(startExecutable(executable, args, { folder, environment }), title, onLine);
    }

    static async #of(child: ChildProcess, title: string, onLine: (line: string) => void): Promise<HostProcess> {
        const output: string[] = [];
        let listens = false;
        const take = (line: string): void => {
            output.push(line);
            if (listens) onLine(line);
            if (output.length <= keptLines) return;
            const [oldest = ""] = output.splice(0, 1);
            if (!listens) onLine(oldest);
        };
        const onListening = (): void => {
            listens = true;
            for (const line of output) onLine(line);
        };
        try {
            const port = await readPort(child, title, output, take, onListening);
            return new HostProcess(child, port, title, output);
        } catch (error) {
            killGroup(child, "SIGKILL");
            throw error;
        }
    }

    /** Undefined while it runs; otherwise how it ended and the last lines that it printed. */
    get exitText(): string | undefined {
        const { exitCode, signalCode } = this.#child;
        if (exitCode === null && signalCode === null) return undefined;
        return `the ${this.title} ended ${signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`}${printed(this.#output)}`;
    }

    /** Resolves when the process has ended and its output was read, at the latest after `limitMs` milliseconds. */
    async exited(limitMs: number): Promise<void> {
        if (this.exitText !== undefined) return;
        await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, limitMs);
            this.#child.once("close", () => {
                clearTimeout(timer);
                resolve();
            });
        });
    }

    async end(): Promise<void> {
        await endChild(this.#child, endGraceMs);
    }
}

async function readPort(
    child: ChildProcess,
    title: string,
    output: readonly string[],
    take: (line: string) => void,
    onListening: () => void,
): Promise<number> {
    return await new Promise((resolve, reject) => {
        const fail = (what: string): void => reject(new UserError("provider-failed", `${what}${printed(output)}`));
        const timer = setTimeout(
            () => fail(`The ${title} did not print its port within ${startLimitMs / 1000} seconds`),
            startLimitMs,
        );
        let isFirst = true;
        eachLine(child.stderr, take);
        eachLine(child.stdout, (line) => {
            if (!isFirst) {
                take(line);
                return;
            }
            isFirst = false;
            clearTimeout(timer);
            if (/^\d{1,5}$/.test(line.trim())) {
                onListening();
                resolve(Number(line));
            } else {
                take(line);
                fail(`The ${title} did not print its port number as its first line`);
            }
        });
        child.once("error", (error) => fail(`The ${title} cannot be started: ${error.message}`));
        child.once("close", (code, signal) => {
            clearTimeout(timer);
            fail(`The ${title} ended ${code === null ? `by ${signal}` : `with exit code ${code}`} before it listened`);
        });
    });
}

/** The end of such an error. */
export const printed = (output: readonly string[]): string =>
    output.length === 0 ? "" : `; it printed:\n${output.map((line) => `    ${line}`).join("\n")}\n`;
