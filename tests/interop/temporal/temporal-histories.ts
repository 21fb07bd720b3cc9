import { spawnSync } from "node:child_process";
import type { TemporalTools } from "./temporal-environment";

/** What Temporal keeps of all workflows of a server, as it says itself. */
export interface Histories {
    readonly workflows: number;
    readonly events: number;
    readonly bytes: number;
    /** Of the longest history. */
    readonly mostEvents: number;
}

interface Listed {
    readonly execution: { readonly workflowId: string; readonly runId: string };
    readonly historyLength: string;
    readonly historySizeBytes?: string;
}

/** Asks a server by Temporal's own command. */
export class TemporalHistories {
    readonly #command: string;
    readonly #address: string;

    constructor({ server }: TemporalTools, address: string) {
        this.#command = server;
        this.#address = address;
    }

    sizes(): Histories {
        const listed = this.#listed();
        const events = listed.map(({ historyLength }) => Number(historyLength));
        const bytes = listed.map(({ historySizeBytes = "0" }) => Number(historySizeBytes));
        return { workflows: listed.length, events: sum(events), bytes: sum(bytes), mostEvents: Math.max(...events) };
    }

    /** How many attempts of activities followed a first one. */
    retries(): number {
        const extra = this.#listed().map(({ execution: { workflowId, runId } }) => {
            const text = this.#said("show", "--workflow-id", workflowId, "--run-id", runId);
            const { events } = JSON.parse(text) as {
                events: { activityTaskStartedEventAttributes?: { attempt?: number } }[];
            };
            return sum(events.map((event) => (event.activityTaskStartedEventAttributes?.attempt ?? 1) - 1));
        });
        return sum(extra);
    }

    #listed(): Listed[] {
        return JSON.parse(this.#said("list", "--limit", "1000")) as Listed[];
    }

    #said(...args: string[]): string {
        const all = ["workflow", ...args, "--address", this.#address, "--output", "json"];
        const { status, stdout, stderr } = spawnSync(this.#command, all, {
            encoding: "utf8",
            maxBuffer: 2 ** 29,
            timeout: 60_000,
        });
        if (status !== 0) throw new Error(`temporal ${all.join(" ")}: ${stderr}`);
        return stdout;
    }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
