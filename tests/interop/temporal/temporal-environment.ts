import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RolloutFile, RolloutPlan } from "../../../lib/rollout";
import { TemporalControl } from "../../../lib/rollout/temporal/control/temporal-control";
import { freePort } from "../free-port";
import { installedTools } from "../installed-tools";
import { pythonWith } from "../python-environment";

/** Temporal's packages and server for the tests, installed once. */
export interface TemporalTools {
    /** The folder with `@temporalio`. */
    readonly modules: string;
    /** The command `temporal`, with the server. */
    readonly server: string;
    /** A server that skips time. It listens on all interfaces. */
    readonly timeSkippingServer: string;
}

/** @throws ToolUnavailable */
export async function temporalTools(): Promise<TemporalTools> {
    const python = await pythonWith(path.join(__dirname, "requirements.txt"));
    const scripts = path.dirname(python);
    return {
        modules: path.join(await installedTools(__dirname), "node_modules"),
        server: path.join(scripts, "temporal"),
        timeSkippingServer: path.join(scripts, "temporal-test-server"),
    };
}

/** Lets commands find the SDK. */
export const withSdk = ({ modules }: TemporalTools): NodeJS.ProcessEnv => ({ NODE_PATH: modules });

/** Asks about a rollout from this process, as a command does. */
export async function withControl<Result>(
    { modules }: TemporalTools,
    file: RolloutFile,
    plan: RolloutPlan,
    environment: NodeJS.ProcessEnv,
    work: (control: TemporalControl) => Promise<Result>,
): Promise<Result> {
    const before = process.cwd();
    // The SDK is found from the folder that a command runs in.
    process.chdir(path.dirname(modules));
    let control: TemporalControl;
    try {
        control = await TemporalControl.connect(file, plan, environment);
    } finally {
        process.chdir(before);
    }
    try {
        return await work(control);
    } finally {
        await control.close();
    }
}

/** Temporal's server on loopback, which keeps what it knows in a file. */
export class TemporalServer {
    readonly address: string;
    readonly database: string;
    readonly #command: string;
    readonly #ports: readonly number[];
    readonly #flags: readonly string[];
    #child: ChildProcess | undefined;

    private constructor(command: string, database: string, ports: readonly number[], flags: readonly string[]) {
        this.#command = command;
        this.database = database;
        this.#ports = ports;
        this.#flags = flags;
        this.address = `127.0.0.1:${ports[0]}`;
    }

    /** @param flags further ones of `temporal server start-dev` */
    static async start(
        { server }: TemporalTools,
        folder: string,
        flags: readonly string[] = [],
    ): Promise<TemporalServer> {
        const ports = [await freePort(), await freePort(), await freePort()];
        const started = new TemporalServer(server, path.join(folder, "temporal.db"), ports, flags);
        await started.start();
        return started;
    }

    /** Starts it, or starts it again with what it knew. @returns when it accepts connections */
    async start(): Promise<void> {
        const [port, http, metrics] = this.#ports;
        const flags = {
            "--ip": "127.0.0.1",
            "--port": port,
            "--http-port": http,
            "--metrics-port": metrics,
            "--db-filename": this.database,
            "--log-level": "never",
        };
        const args = Object.entries(flags).flatMap(([name, value]) => [name, String(value)]);
        const command = ["server", "start-dev", "--headless", ...args, ...this.#flags];
        this.#child = spawn(this.#command, command, { stdio: "ignore" });
        await accepting(port as number);
    }

    get processId(): number | undefined {
        return this.#child?.pid;
    }

    async kill(): Promise<void> {
        const child = this.#child;
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGKILL");
        await once(child, "exit");
    }

    async dispose(): Promise<void> {
        await this.kill();
        rmSync(this.database, { force: true });
    }
}

/** Waits until a server listens there. */
export async function accepting(port: number): Promise<void> {
    for (;;) {
        const socket = connect(port, "127.0.0.1");
        const isOpen = await new Promise<boolean>((resolve) => {
            socket.once("connect", () => resolve(true));
            socket.once("error", () => resolve(false));
        });
        socket.destroy();
        if (isOpen) return;
        await delay(50);
    }
}
