import type { EngineEvent } from "../deployment/engine-event";
import { changesProtection, type Step, stepState } from "../deployment/step";
import type { ResourceState } from "../state/resource-state";
import { isUrn, stackType, urnName, urnType } from "../urn";
import { valuesEqual } from "../values/property-value";
import { opColors, type Painter } from "./colors";
import { detailedPair } from "./detailed-diff";
import { diffLinesHiding, isHidden, withoutHidden } from "./hidden-diffs";
import { type EndingOptions, OperationEnding, withSafeText } from "./operation-ending";
import { type DiffLine, diffLines, diffText, propertyLines, shownKeys } from "./property-text";
import { changedIn, driftText, isShown, marks, pastTense, shownOp } from "./step-words";
import { remediationText, violationText } from "./violation-text";

/** `writeError` gets the errors; with `diff` set the CLI writes them apart from the diff. */
export interface TextOptions extends EndingOptions {
    /** `Updating`, `Previewing update`, `Refreshing`, … */
    readonly headline: string;
    /** Whether the operation is a preview. */
    readonly preview: boolean;
    readonly stack: string;
}

/** Writes an operation as lines of text that read like the CLI's. */
export class OperationText {
    /** The parent of every resource, and the resources that were shown: only shown parents indent. */
    readonly #parents = new Map<string, string>();
    readonly #shown = new Set<string>();
    readonly #startedAt = new Map<string, number>();
    readonly #ending: OperationEnding;

    readonly #options: TextOptions;

    constructor(given: TextOptions) {
        const options = withSafeText(given);
        this.#options = options;
        this.#ending = new OperationEnding(options);
        options.write(`${options.paint("bold", `${options.headline} (${options.stack}):`)}\n`);
    }

    readonly listener = (event: EngineEvent): void => {
        this.#ending.note(event);
        switch (event.kind) {
            case "step":
                this.#parents.set(event.step.urn, stepState(event.step).parent);
                this.#startedAt.set(event.step.urn, Date.now());
                if (this.#options.diff && event.step.op !== "refresh") this.#stepDiff(event.step);
                break;
            case "outputs":
                if (this.#options.diff) this.#outputsDiff(event.step);
                else this.#stepLine(event.step);
                break;
            case "failed":
                if (!this.#options.diff) this.#stepLine(event.step, "failed");
                break;
            case "diagnostic":
                if (event.severity !== "debug" && !event.ephemeral)
                    this.#diagnostic(event.severity, event.message, event.urn);
                break;
            case "violation":
                if (this.#options.diff) this.#options.write(violationText(event.violation, this.#options.paint));
                break;
            case "remediation": {
                const { before, after, policy, urn } = event;
                const text = remediationText(policy, urn, { before, after, paint: this.#options.paint });
                if (this.#options.diff) this.#options.write(text);
                break;
            }
            case "summary":
                this.#ending.write(event);
                break;
        }
    };

    #stepLine(step: Step, failed?: "failed"): void {
        if (!isShown(step)) return;
        const op = shownOp(step);
        if (op === "same" && failed === undefined && !this.#showsSame(step)) return;
        const drift = driftText(step);
        const names = drift === "" ? changedIn(step) : [];
        const seconds = Math.round((Date.now() - (this.#startedAt.get(step.urn) ?? Date.now())) / 100) / 10;
        const word = failed !== undefined ? `${op} failed` : this.#options.preview ? op : (pastTense[op] ?? op);
        const details = [
            drift === "" ? "" : ` [${drift}]`,
            names.length === 0 ? "" : ` [diff: ${names.join(",")}]`,
            seconds >= 1 ? ` (${seconds}s)` : "",
        ].join("");
        this.#options.write(
            ` ${this.#options.paint(failed === undefined ? opColors[op] : "red", marks[op])} ${step.type} ${urnName(step.urn)} ${word}${details}\n`,
        );
    }

    /** Whether a step that changes nothing is shown: not when a refresh found that, since the step itself follows. */
    #showsSame(step: Step): boolean {
        return this.#options.showSames === true && !step.preliminary;
    }

    #stepDiff(step: Step): void {
        if (!isShown(step)) return;
        if (step.op === "same" && step.type !== stackType && !changesProtection(step) && !this.#showsSame(step)) return;
        const { op, old } = step;
        const depth = this.#depthOf(step);
        this.#shown.add(step.urn);
        this.#marked(marks[op], depth, `${step.type}: (${op})`, opColors[op]);
        if (old !== undefined && old.id !== "") this.#indented(depth + 1, `[id=${old.id}]`);
        this.#indented(depth + 1, `[urn=${step.urn}]`);
        if (op !== "same") this.#diffBlock(linesOf(step), depth + 1);
    }

    #outputsDiff(step: Step): void {
        if (!isShown(step)) return;
        const depth = this.#depthOf(step);
        if (step.op === "refresh") {
            const op = shownOp(step);
            if (op === "same" && (step.preliminary || step.type !== stackType)) return;
            this.#marked(marks[op], depth, `${step.type}: (${op})`, opColors[op]);
            if (step.old?.id) this.#indented(depth + 1, `[id=${step.old.id}]`);
            this.#indented(depth + 1, `[urn=${step.urn}]`);
            this.#shown.add(step.urn);
            if (step.new === undefined || op === "same") this.#indented(depth + 1, "--outputs:--");
            this.#diffBlock(
                step.new === undefined
                    ? propertyLines(step.old?.outputs ?? {}, "- ")
                    : diffLinesHiding(step.old?.outputs ?? {}, step.new.outputs, step.new.hideDiff),
                depth + 1,
            );
            return;
        }
        // In a preview only the stack has outputs, which the program computes.
        if (this.#options.preview && step.type !== stackType) return;
        const lines = outputLines(step);
        if (lines.length === 0 || (step.op === "same" && step.type !== stackType)) return;
        this.#indented(depth + 1, "--outputs:--");
        this.#diffBlock(lines, depth + 1);
    }

    #diagnostic(severity: string, message: string, urn: string | undefined): void {
        const isFault = severity === "error" || severity === "warning";
        const where = urn === undefined || this.#options.diff ? "" : placeText(urn, message);
        const text = isFault
            ? `${this.#options.paint(severity === "error" ? "red" : "yellow", `${severity}:`)}${where} ${message}\n`
            : `${message}\n`;
        if (isFault) this.#options.writeError(text);
        else this.#options.write(text);
    }

    #diffBlock(lines: readonly DiffLine[], depth: number): void {
        this.#options.write(diffText(lines, depth, this.#options.paint));
    }

    #marked(mark: string, depth: number, text: string, color: Parameters<Painter>[0]): void {
        this.#options.write(`${"    ".repeat(depth)}${this.#options.paint(color, `${mark}${text}`)}\n`);
    }

    #indented(depth: number, text: string): void {
        this.#options.write(`${"    ".repeat(depth)}${text}\n`);
    }

    #depthOf(step: Step): number {
        let depth = 0;
        for (let urn = stepState(step).parent; urn !== ""; urn = this.#parents.get(urn) ?? "")
            if (this.#shown.has(urn)) depth += 1;
        return depth;
    }
}

/** The resource that a message is about. Empty when the message names it already, or when the text is not a URN. */
function placeText(urn: string, message: string): string {
    const type = urnType(urn);
    const name = urnName(urn);
    return !isUrn(urn) || message.startsWith(`${type} resource '${name}'`) ? "" : ` ${type} ${name}:`;
}

function linesOf(step: Step): DiffLine[] {
    const { old, new: state } = step;
    if (state === undefined) return propertyLines((old as ResourceState).inputs);
    if (old === undefined || step.op === "import") return propertyLines(state.inputs);
    const detailed = detailedPair(step);
    if (detailed !== undefined) return diffLinesHiding(detailed.old, detailed.now, state.hideDiff);
    if (Object.keys(state.outputs).length > 0) return diffLinesHiding(old.outputs, state.outputs, state.hideDiff);
    return diffLinesHiding(old.inputs, state.inputs, state.hideDiff);
}

/** Outputs that differ from the inputs, or that changed. */
function outputLines({ op, old, new: state }: Step): DiffLine[] {
    if (op === "delete" || op === "discard" || state === undefined) return propertyLines(old?.outputs ?? {}, "- ");
    if (state.type === stackType) return diffLines(old?.outputs ?? state.outputs, state.outputs);
    const { old: inputs, now: outputs } = withoutHidden(state.inputs, state.outputs, state.hideDiff);
    const says = new Set(shownKeys(state.outputs).filter((key) => !valuesEqual(inputs[key], outputs[key])));
    if (op === "create" || old === undefined) return linesAbout(propertyLines(state.outputs), says);
    const changes = diffLinesHiding(old.outputs, state.outputs, state.hideDiff).filter(({ mark }) => mark !== "  ");
    const hidden = changes.filter(isHidden);
    return [
        ...hidden,
        ...linesAbout(
            changes.filter((line) => !isHidden(line)),
            says,
        ),
    ];
}

/** The lines of some properties; the lines inside a property follow its own. */
function linesAbout(lines: readonly DiffLine[], keys: ReadonlySet<string>): DiffLine[] {
    let wanted = false;
    return lines.filter(({ text, depth }) => {
        if (depth === 0 && !/^[}\]]$/.test(text)) wanted = keys.has(text.slice(0, text.indexOf(":")).trimEnd());
        return wanted;
    });
}
