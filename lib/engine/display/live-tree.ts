import { displayWidth, fitted, terminalText } from "../../text";
import type { EngineEvent } from "../deployment/engine-event";
import { isUrn, urnName, urnType } from "../urn";
import { opColors } from "./colors";
import { type EndingOptions, OperationEnding, withSafeText } from "./operation-ending";
import { infoText, type PlacedRow, ResourceTree, statusText } from "./resource-tree";
import { marks } from "./step-words";

/** The terminal to draw on. Its size may change at any time. */
export interface Terminal {
    readonly columns: number;
    readonly rows: number;
}

export interface LiveTreeOptions extends EndingOptions {
    /** `Updating`, `Previewing update`, `Refreshing`, … */
    readonly headline: string;
    readonly preview: boolean;
    readonly stack: string;
    readonly terminal: Terminal;
    /** The time in milliseconds. */
    readonly now: () => number;
}

/** Narrower terminals get plain lines, because a tree does not fit. */
export const narrowestTree = 50;
/** Narrower terminals get no information column. */
const narrowestInfo = 80;
const redrawMs = 150;

/**
 * Shows a running operation as a tree that is redrawn: each resource with its step and the time that the step takes. At the end the
 * whole tree stays, with all messages below it.
 */
export class LiveTree {
    readonly #tree: ResourceTree;
    readonly #ending: OperationEnding;
    readonly #messages = new Map<string, string[]>();
    readonly #startedAtMs: number;
    #drawn = 0;
    readonly #timer: NodeJS.Timeout;

    readonly #options: LiveTreeOptions;
    /** Writes what moves the cursor too. */
    readonly #writeFrame: LiveTreeOptions["write"];

    constructor(given: LiveTreeOptions) {
        const options = withSafeText(given);
        this.#options = options;
        this.#writeFrame = given.write;
        this.#tree = new ResourceTree(options.now, options.showSames);
        this.#ending = new OperationEnding(options);
        this.#startedAtMs = options.now();
        options.write(`${options.paint("bold", `${options.headline} (${options.stack}):`)}\n`);
        this.#timer = setInterval(() => this.#redraw(), redrawMs).unref();
    }

    readonly listener = (event: EngineEvent): void => {
        this.#ending.note(event);
        switch (event.kind) {
            case "step":
                this.#tree.begins(event.step);
                break;
            case "outputs":
                this.#tree.ends(event.step, "done");
                break;
            case "failed":
                this.#tree.ends(event.step, "failed");
                break;
            case "diagnostic":
                this.#says(event);
                break;
            case "summary":
                this.#finish();
                this.#ending.write(event);
                break;
        }
    };

    /** Stops drawing when an operation ends without a summary. */
    stop(): void {
        clearInterval(this.#timer);
    }

    #says({ severity, message, urn = "", ephemeral }: Extract<EngineEvent, { kind: "diagnostic" }>): void {
        if (severity === "debug") return;
        this.#tree.says(severity, message, urn);
        if (ephemeral) return;
        const { paint } = this.#options;
        const prefix =
            severity === "error" || severity === "warning"
                ? `${paint(severity === "error" ? "red" : "yellow", `${severity}:`)} `
                : "";
        const lines = `${prefix}${message}`.replace(/\n+$/, "").split("\n");
        this.#messages.set(urn, [...(this.#messages.get(urn) ?? []), ...lines]);
    }

    #redraw(): void {
        const { rows, columns } = this.#options.terminal;
        const lines = this.#treeLines(columns - 1);
        const [title = "", ...body] = lines;
        // Only lines that are still on the screen can be drawn over.
        const room = Math.max(1, rows - 4);
        const hidden = Math.max(0, body.length - room);
        const shown = hidden === 0 ? body : body.slice(-room);
        const more = hidden === 0 ? [] : [this.#options.paint("dim", `     … ${hidden} more above`)];
        this.#draw([title, ...more, ...shown, this.#progressLine(columns - 1)]);
    }

    #finish(): void {
        this.stop();
        this.#draw(this.#treeLines(Math.max(this.#options.terminal.columns - 1, narrowestTree)));
        this.#drawn = 0;
        const { write, paint } = this.#options;
        write("\n");
        if (this.#messages.size > 0) {
            write(`${paint("bold", "Diagnostics:")}\n`);
            for (const [place, lines] of this.#messages) {
                // The program's output belongs to the stack.
                const urn = isUrn(place) ? place : this.#tree.rootUrn;
                if (urn !== "") write(`  ${urnType(urn)} (${urnName(urn)}):\n`);
                for (const line of lines) write(`    ${line}\n`);
                write("\n");
            }
        }
    }

    #progressLine(columns: number): string {
        const { running, finished } = this.#tree.counts;
        const seconds = Math.floor((this.#options.now() - this.#startedAtMs) / 1000);
        const text = `@ ${this.#options.headline.toLowerCase()}: ${finished} done, ${running} in progress (${seconds}s)`;
        return this.#options.paint("magenta", fitted(text, columns).trimEnd());
    }

    #treeLines(columns: number): string[] {
        const placed = this.#tree.placed();
        const cells = placed.map(({ row, branch }) => ({
            type: `${branch}${row.type}`,
            name: row.name,
            status: statusText(row, this.#options.preview, this.#options.now()),
            info: infoText(row),
        }));
        const width = (pick: (cell: (typeof cells)[number]) => string, title: string): number =>
            Math.max(title.length, ...cells.map((cell) => displayWidth(pick(cell))));
        const withInfo = columns >= narrowestInfo && cells.some(({ info }) => info !== "");
        const statusTitle = this.#options.preview ? "Plan" : "Status";
        const statusWidth = Math.min(
            width(({ status }) => status, statusTitle),
            24,
        );
        const room = columns - 5 - statusWidth - 4;
        const nameWidth = Math.min(
            width(({ name }) => name, "Name"),
            Math.max(8, Math.floor(room * 0.4)),
        );
        const typeWidth = Math.min(
            width(({ type }) => type, "Type"),
            Math.max(10, room - nameWidth - (withInfo ? 16 : 0)),
        );
        const infoWidth = withInfo ? Math.max(0, room - nameWidth - typeWidth - 2) : 0;
        const line = (mark: string, type: string, name: string, status: string, info: string): string =>
            [` ${mark}  ${fitted(type, typeWidth)}`, fitted(name, nameWidth), fitted(status, statusWidth), info]
                .join("  ")
                .trimEnd();
        const title = this.#options.paint("bold", line("  ", "Type", "Name", statusTitle, withInfo ? "Info" : ""));
        return [
            title,
            ...cells.map(({ type, name, status, info }, index) => {
                const { row } = placed[index] as PlacedRow;
                const color = row.status === "failed" ? "red" : opColors[row.op];
                const rest = infoWidth === 0 ? "" : fitted(info, infoWidth);
                return this.#options.paint(color, line(marks[row.op], type, name, status, rest));
            }),
        ];
    }

    /** Replaces the lines that were drawn before. */
    #draw(lines: readonly string[]): void {
        const up = this.#drawn === 0 ? "" : `\u001b[${this.#drawn}A`;
        this.#writeFrame(`${up}\r\u001b[J${lines.map((line) => `${terminalText(line)}\n`).join("")}`);
        this.#drawn = lines.length;
    }
}
