import { counted, visible } from "../../text";
import { type Step, type StepOp, stepState } from "../deployment/step";
import { stackType, urnName, urnType } from "../urn";
import { changedIn, driftText, isShown, pastTense, presentTense, shownOp } from "./step-words";

/** One resource of a running operation. */
export interface TreeRow {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    parent: string;
    op: StepOp;
    status: "running" | "done" | "failed";
    startedAtMs: number;
    endedAtMs: number | undefined;
    /** The properties that changed. */
    changed: readonly string[];
    /** How it differs from the state, when it was read before an update or a destroy. */
    drift: string;
    errors: number;
    warnings: number;
    /** The last message about it, from the provider or the program. */
    said: string;
}

/** A row with the lines that lead to it from its parent. */
export interface PlacedRow {
    readonly row: TreeRow;
    readonly branch: string;
}

/** The resources of an operation as a tree, parents before children, without unchanged ones. */
export class ResourceTree {
    readonly #rows = new Map<string, TreeRow>();

    readonly #now: () => number;

    readonly #showSames: boolean;

    /** @param showSames whether unchanged resources have rows too */
    constructor(now: () => number, showSames = false) {
        this.#showSames = showSames;
        this.#now = now;
    }

    begins(step: Step): void {
        if (!isShown(step)) return;
        const row = this.#rowOf(step.urn, stepState(step).parent, step.op);
        row.op = step.op;
        row.status = "running";
        row.startedAtMs = this.#now();
        row.endedAtMs = undefined;
    }

    ends(step: Step, status: "done" | "failed"): void {
        if (!isShown(step)) return;
        const row = this.#rowOf(step.urn, stepState(step).parent, step.op);
        row.op = shownOp(step);
        row.status = status;
        row.endedAtMs ??= this.#now();
        row.drift ||= driftText(step);
        row.changed = row.op === "refresh" ? [] : changedIn(step);
    }

    says(severity: string, message: string, urn: string): void {
        const row = this.#rows.get(urn);
        if (row === undefined) return;
        if (severity === "error") row.errors += 1;
        else if (severity === "warning") row.warnings += 1;
        else row.said = message.split("\n").find((line) => line.trim() !== "") ?? row.said;
    }

    /** The stack; empty before it is there. */
    get rootUrn(): string {
        return [...this.#rows.values()].find(({ type }) => type === stackType)?.urn ?? "";
    }

    /** The number of resources whose step runs, and of those whose step has ended. */
    get counts(): { readonly running: number; readonly finished: number } {
        const shown = [...this.#rows.values()].filter(({ type }) => type !== stackType);
        const running = shown.filter(({ status }) => status === "running").length;
        return { running, finished: shown.length - running };
    }

    /** The rows to show, with their ancestors. */
    placed(): PlacedRow[] {
        const shown = new Set<TreeRow>();
        for (const row of this.#rows.values())
            if (this.#showSames || isOfInterest(row))
                for (
                    let at: TreeRow | undefined = row;
                    at !== undefined && !shown.has(at);
                    at = this.#rows.get(at.parent)
                )
                    shown.add(at);
        const children = new Map<string, TreeRow[]>();
        for (const row of this.#rows.values()) {
            if (!shown.has(row)) continue;
            const parent = this.#rows.has(row.parent) ? row.parent : "";
            const siblings = children.get(parent);
            if (siblings === undefined) children.set(parent, [row]);
            else siblings.push(row);
        }
        const place = (row: TreeRow, lead: string, branch: string): PlacedRow[] => {
            const below = children.get(row.urn) ?? [];
            return [
                { row, branch },
                ...below.flatMap((child, index) => {
                    const isLast = index === below.length - 1;
                    return place(child, `${lead}${isLast ? "   " : "│  "}`, `${lead}${isLast ? "└─ " : "├─ "}`);
                }),
            ];
        };
        return (children.get("") ?? []).flatMap((row) => place(row, "", ""));
    }

    #rowOf(urn: string, parent: string, op: StepOp): TreeRow {
        const known = this.#rows.get(urn);
        if (known !== undefined) return known;
        const row: TreeRow = {
            urn,
            type: visible(urnType(urn)),
            name: visible(urnName(urn)),
            parent,
            op,
            status: "running",
            startedAtMs: this.#now(),
            endedAtMs: undefined,
            changed: [],
            drift: "",
            errors: 0,
            warnings: 0,
            said: "",
        };
        this.#rows.set(urn, row);
        return row;
    }
}

const isOfInterest = ({ op, status, errors, warnings, said, drift, type }: TreeRow): boolean =>
    op !== "same" || status === "failed" || errors + warnings > 0 || said + drift !== "" || type === stackType;

/** A row's progress: `creating (3s)`, `created (5s)`, `creating failed`; in a preview `create`. */
export function statusText({ op, status, startedAtMs, endedAtMs }: TreeRow, preview: boolean, nowMs: number): string {
    if (op === "same" && status !== "failed") return "";
    const seconds = Math.floor(((endedAtMs ?? nowMs) - startedAtMs) / 1000);
    const time = seconds >= 1 && !preview ? ` (${seconds}s)` : "";
    if (status === "failed") return `${presentTense[op] ?? op} failed${time}`;
    if (preview) return op;
    return `${(status === "running" ? presentTense[op] : pastTense[op]) ?? op}${time}`;
}

/** The other information about a row. */
export function infoText({ changed, drift, errors, warnings, said }: TreeRow): string {
    const count = (number: number, word: string): string => (number === 0 ? "" : counted(number, word));
    const diff = changed.length === 0 ? "" : `[diff: ${changed.join(",")}]`;
    return [drift, diff, count(errors, "error"), count(warnings, "warning"), errors + warnings > 0 ? "" : said]
        .filter(Boolean)
        .join("; ");
}
