import type { EngineEvent } from "../deployment/engine-event";
import { changesProtection, isReplacementPart, type Step, type StepOp, stepState } from "../deployment/step";
import type { EnforcementLevel } from "../policy/policy-config";
import type { Violation } from "../policy/policy-pack";
import type { ResourceState } from "../state/resource-state";
import { isDefaultProvider, isProviderType, stackType, urnName, urnType } from "../urn";
import { type PropertyMap, valuesEqual } from "../values/property-value";
import { markColors, opColors, type Painter } from "./colors";
import { changedNames, type DiffLine, diffLines, propertyLines, shownKeys } from "./property-text";
import { marks, pastTense, shownOp, toBeDone } from "./step-words";

export interface TextOptions {
    /** `Updating`, `Previewing update`, `Refreshing`, … */
    readonly headline: string;
    /** What is said to have failed: `preview`, `update`, `refresh`, `destroy`. */
    readonly operation: string;
    /** Whether nothing is really done. */
    readonly preview: boolean;
    readonly stack: string;
    /** Every property of what changes, instead of one line for each resource. */
    readonly diff: boolean;
    readonly paint: Painter;
    readonly write: (text: string) => void;
    /** Where errors go when `diff` is set: the CLI puts them apart from the diff. */
    readonly writeError: (text: string) => void;
}

/** Writes an operation as lines of text that read like the CLI's. */
export class OperationText {
    /** The parent of everything that was seen, and what was shown of it: only that indents. */
    private readonly parents = new Map<string, string>();
    private readonly shown = new Set<string>();
    private stackOutputs: { readonly before: PropertyMap; readonly now: PropertyMap } | undefined;
    private readonly startedAt = new Map<string, number>();

    constructor(private readonly options: TextOptions) {
        this.line(`${options.headline} (${options.stack}):`, "bold");
    }

    readonly listener = (event: EngineEvent): void => {
        switch (event.kind) {
            case "step":
                this.parents.set(event.step.urn, stepState(event.step).parent);
                this.startedAt.set(event.step.urn, Date.now());
                if (this.options.diff && event.step.op !== "refresh") this.stepDiff(event.step);
                break;
            case "outputs":
                this.keepStackOutputs(event.step);
                if (this.options.diff) this.outputsDiff(event.step);
                else this.stepLine(event.step);
                break;
            case "failed":
                if (!this.options.diff) this.stepLine(event.step, "failed");
                break;
            case "diagnostic":
                if (event.severity !== "debug" && !event.ephemeral)
                    this.diagnostic(event.severity, event.message, event.urn);
                break;
            case "violation":
                this.policyLine(event.violation.level, event.violation, event.violation.urn, event.violation.message);
                break;
            case "remediation": {
                const names = changedNames(event.before, event.after);
                this.policyLine("remediate", event.policy, event.urn, `changed ${names.join(", ")}`);
                break;
            }
            case "summary":
                this.summary(event);
                break;
        }
    };

    private stepLine(step: Step, failed?: "failed"): void {
        if (!isShown(step)) return;
        const op = shownOp(step);
        if (op === "same" && failed === undefined && step.type !== stackType) return;
        if (step.type === stackType && op === "same") return;
        const names = changedIn(step);
        const seconds = Math.round((Date.now() - (this.startedAt.get(step.urn) ?? Date.now())) / 100) / 10;
        const word = failed !== undefined ? `${op} failed` : this.options.preview ? op : (pastTense[op] ?? op);
        const details = [
            names.length === 0 ? "" : ` [diff: ${names.join(",")}]`,
            seconds >= 1 ? ` (${seconds}s)` : "",
        ].join("");
        this.options.write(
            ` ${this.options.paint(failed === undefined ? opColors[op] : "red", marks[op])} ${step.type} ${urnName(step.urn)} ${word}${details}\n`,
        );
    }

    private stepDiff(step: Step): void {
        if (!isShown(step) || (step.op === "same" && step.type !== stackType && !changesProtection(step))) return;
        const { op, old } = step;
        const depth = this.depthOf(step);
        this.shown.add(step.urn);
        this.marked(marks[op], depth, `${step.type}: (${op})`, opColors[op]);
        if (old !== undefined && old.id !== "") this.indented(depth + 1, `[id=${old.id}]`);
        this.indented(depth + 1, `[urn=${step.urn}]`);
        if (op !== "same") this.diffBlock(linesOf(step), depth + 1);
    }

    private outputsDiff(step: Step): void {
        if (!isShown(step)) return;
        const depth = this.depthOf(step);
        if (step.op === "refresh") {
            const op = shownOp(step);
            if (op === "same" && step.type !== stackType) return;
            this.marked(marks[op], depth, `${step.type}: (${op})`, opColors[op]);
            if (step.old?.id) this.indented(depth + 1, `[id=${step.old.id}]`);
            this.indented(depth + 1, `[urn=${step.urn}]`);
            this.shown.add(step.urn);
            if (step.new === undefined || op === "same") this.indented(depth + 1, "--outputs:--");
            this.diffBlock(
                step.new === undefined
                    ? propertyLines(step.old?.outputs ?? {}, "- ")
                    : diffLines(step.old?.outputs ?? {}, step.new.outputs),
                depth + 1,
            );
            return;
        }
        // A preview has no outputs to show but those that the program itself computes.
        if (this.options.preview && step.type !== stackType) return;
        const lines = outputLines(step);
        if (lines.length === 0 || (step.op === "same" && step.type !== stackType)) return;
        this.indented(depth + 1, "--outputs:--");
        this.diffBlock(lines, depth + 1);
    }

    private keepStackOutputs({ type, op, old, new: state }: Step): void {
        if (type === stackType && op !== "refresh")
            this.stackOutputs = { before: old?.outputs ?? {}, now: state?.outputs ?? {} };
    }

    private diagnostic(severity: string, message: string, urn: string | undefined): void {
        const isFault = severity === "error" || severity === "warning";
        const where =
            urn === undefined || this.options.diff
                ? ""
                : ` ${urn.split("::").at(2)?.split("$").at(-1)} ${urnName(urn)}:`;
        const text = isFault
            ? `${this.options.paint(severity === "error" ? "red" : "yellow", `${severity}:`)}${where} ${message}\n`
            : `${message}\n`;
        if (isFault) this.options.writeError(text);
        else this.options.write(text);
    }

    private policyLine(
        level: EnforcementLevel,
        { policy, pack, packVersion, description }: Omit<Violation, "urn" | "level">,
        urn: string,
        message: string,
    ): void {
        const about = `${pack}${packVersion === "" ? "" : `@v${packVersion.replace(/^v/, "")}`}`;
        const head = this.options.paint(level === "mandatory" ? "red" : "yellow", `[${level}]  ${about}  ${policy}`);
        const lines = [description, ...message.split("\n")].filter((line) => line.trim() !== "");
        this.options.write(`    ${head}  (${urnType(urn)}: ${urnName(urn)})\n`);
        for (const line of lines) this.options.write(`        ${line}\n`);
    }

    private summary({
        changes,
        errored,
        isPreview,
        durationMs,
        result,
    }: Extract<EngineEvent, { kind: "summary" }>): void {
        const words = isPreview ? toBeDone : pastTense;
        const shown = (Object.keys(words) as StepOp[]).filter((op) => (changes[op] ?? 0) > 0);
        const changed = shown.reduce((sum, op) => sum + (changes[op] ?? 0), 0);
        const same = changes.same ?? 0;
        const sums = [shown.length > 1 ? `${changed} changes.` : "", same > 0 ? `${same} unchanged` : ""]
            .filter(Boolean)
            .join(" ");
        this.outputs();
        this.line("Resources:", "bold");
        for (const op of shown)
            this.options.write(`    ${this.options.paint(opColors[op], `${marks[op]}${changes[op]} ${words[op]}`)}\n`);
        if (sums !== "") this.options.write(`    ${sums}\n`);
        if (errored > 0) this.options.write(`    ${this.options.paint("red", `${errored} errored`)}\n`);
        if (!isPreview)
            this.options.write(`\n${this.options.paint("bold", "Duration:")} ${durationText(durationMs)}\n`);
        if (result === "failed")
            this.options.writeError(`${this.options.paint("red", "error:")} ${this.options.operation} failed\n`);
    }

    /** What the stack exports; a diff has shown it already. */
    private outputs(): void {
        if (this.options.diff || this.stackOutputs === undefined) return;
        const lines = diffLines(this.stackOutputs.before, this.stackOutputs.now);
        if (lines.length === 0) return;
        this.line("Outputs:", "bold");
        this.diffBlock(lines, 1);
        this.options.write("\n");
    }

    private diffBlock(lines: readonly DiffLine[], depth: number): void {
        for (const { mark, text, depth: inner } of lines) {
            const indent = "    ".repeat(depth + inner);
            this.options.write(`${this.options.paint(markColors[mark], `${indent.slice(2)}${mark}${text}`)}\n`);
        }
    }

    private marked(mark: string, depth: number, text: string, color: Parameters<Painter>[0]): void {
        this.options.write(`${"    ".repeat(depth)}${this.options.paint(color, `${mark}${text}`)}\n`);
    }

    private indented(depth: number, text: string): void {
        this.options.write(`${"    ".repeat(depth)}${text}\n`);
    }

    private line(text: string, color: Parameters<Painter>[0]): void {
        this.options.write(`${this.options.paint(color, text)}\n`);
    }

    private depthOf(step: Step): number {
        let depth = 0;
        for (let urn = stepState(step).parent; urn !== ""; urn = this.parents.get(urn) ?? "")
            if (this.shown.has(urn)) depth += 1;
        return depth;
    }
}

function isShown({ op, type, urn }: Step): boolean {
    if (isProviderType(type) && isDefaultProvider(urn)) return false;
    return !isReplacementPart(op);
}

function linesOf(step: Step): DiffLine[] {
    const { old, new: state } = step;
    if (state === undefined) return propertyLines((old as ResourceState).inputs);
    if (old === undefined) return propertyLines(state.inputs);
    if (Object.keys(state.outputs).length > 0) return diffLines(old.outputs, state.outputs);
    return diffLines(old.inputs, state.inputs);
}

/** Outputs that say more than the inputs, or that changed. */
function outputLines({ op, old, new: state }: Step): DiffLine[] {
    if (op === "delete" || op === "discard" || state === undefined) return propertyLines(old?.outputs ?? {}, "- ");
    if (state.type === stackType) return diffLines(old?.outputs ?? state.outputs, state.outputs);
    const says = new Set(shownKeys(state.outputs).filter((key) => !valuesEqual(state.inputs[key], state.outputs[key])));
    const lines =
        op === "create" || old === undefined
            ? propertyLines(state.outputs)
            : diffLines(old.outputs, state.outputs).filter(({ mark }) => mark !== "  ");
    return linesAbout(lines, says);
}

/** The lines of some properties; the lines inside a property follow its own. */
function linesAbout(lines: readonly DiffLine[], keys: ReadonlySet<string>): DiffLine[] {
    let wanted = false;
    return lines.filter(({ text, depth }) => {
        if (depth === 0 && !/^[}\]]$/.test(text)) wanted = keys.has(text.slice(0, text.indexOf(":")).trimEnd());
        return wanted;
    });
}

function changedIn({ op, old, new: state }: Step): string[] {
    if (old === undefined || state === undefined) return [];
    if (op === "update" || op === "replace") return changedNames(old.inputs, state.inputs);
    return op === "refresh" ? changedNames(old.outputs, state.outputs) : [];
}

export function durationText(ms: number): string {
    const seconds = Math.max(1, Math.round(ms / 1000));
    return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
