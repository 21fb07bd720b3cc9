import { displayWidth, padded, terminalText } from "../../text";
import type { EngineEvent } from "../deployment/engine-event";
import type { Step, StepOp } from "../deployment/step";
import { stackType } from "../urn";
import type { PropertyMap } from "../values/property-value";
import { opColors, type Painter } from "./colors";
import { PolicySummary } from "./policy-summary";
import { diffLines, diffText } from "./property-text";
import { marks, pastTense, toBeDone } from "./step-words";

export interface EndingOptions {
    /** The operation's name in the line about its failure: `preview`, `update`, `refresh`, `destroy`. */
    readonly operation: string;
    /** Whether every property was shown already. */
    readonly diff: boolean;
    readonly suppressOutputs?: boolean;
    /** Whether resources that stay the same are shown too. */
    readonly showSames?: boolean;
    readonly paint: Painter;
    readonly write: (text: string) => void;
    readonly writeError: (text: string) => void;
}

type Summary = Extract<EngineEvent, { kind: "summary" }>;

/** The same options, whose outputs get text in which nothing but colors acts on a terminal. */
export function withSafeText<Options extends Pick<EndingOptions, "write" | "writeError">>(options: Options): Options {
    const { write, writeError } = options;
    return {
        ...options,
        write: (text: string) => write(terminalText(text)),
        writeError: (text: string) => writeError(terminalText(text)),
    };
}

/** The text at the end of every operation: the stack's outputs, the number of resources by step, the duration. */
export class OperationEnding {
    #stackOutputs: { readonly before: PropertyMap; readonly now: PropertyMap } | undefined;

    readonly #policies = new PolicySummary();

    readonly #options: EndingOptions;

    constructor(options: EndingOptions) {
        this.#options = options;
    }

    /** Collects what is shown at the end. */
    note(event: EngineEvent): void {
        this.#policies.note(event);
        if (event.kind === "outputs") this.#keepOutputs(event.step);
    }

    #keepOutputs({ type, op, old, new: state }: Step): void {
        if (type === stackType && op !== "refresh")
            this.#stackOutputs = { before: old?.outputs ?? {}, now: state?.outputs ?? {} };
    }

    write(summary: Summary): void {
        const { diff, paint } = this.#options;
        if (!diff) this.#options.write(this.#policies.text(summary.policyPacks, paint));
        this.#outputs();
        // A mandatory finding is shown without sums, which would draw attention away from it (progress.go).
        if (diff || !this.#policies.hasMandatory) this.#sums(summary);
        if (summary.result === "failed")
            this.#options.writeError(`${paint("red", "error:")} ${this.#options.operation} failed\n`);
    }

    #sums({ changes, errored, isPreview, durationMs, policyPacks }: Summary): void {
        const words = isPreview ? toBeDone : pastTense;
        const shown = (Object.keys(words) as StepOp[]).filter((op) => (changes[op] ?? 0) > 0);
        const changed = shown.reduce((sum, op) => sum + (changes[op] ?? 0), 0);
        const same = changes.same ?? 0;
        const sums = [shown.length > 1 ? `${changed} changes.` : "", same > 0 ? `${same} unchanged` : ""]
            .filter(Boolean)
            .join(" ");
        this.#title("Resources:");
        for (const op of shown)
            this.#options.write(
                `    ${this.#options.paint(opColors[op], `${marks[op]}${changes[op]} ${words[op]}`)}\n`,
            );
        if (sums !== "") this.#options.write(`    ${sums}\n`);
        if (errored > 0) this.#options.write(`    ${this.#options.paint("red", `${errored} errored`)}\n`);
        if (this.#options.diff) this.#packs(policyPacks);
        if (!isPreview)
            this.#options.write(`\n${this.#options.paint("bold", "Duration:")} ${durationText(durationMs)}\n`);
    }

    /** Shows the stack's outputs, unless a diff has shown them already. */
    #outputs(): void {
        if (this.#options.diff || this.#options.suppressOutputs || this.#stackOutputs === undefined) return;
        const lines = diffLines(this.#stackOutputs.before, this.#stackOutputs.now);
        if (lines.length === 0) return;
        this.#title("Outputs:");
        this.#options.write(`${diffText(lines, 1, this.#options.paint)}\n`);
    }

    /** Shows the policy packs that ran. */
    #packs(versions: { readonly [pack: string]: string }): void {
        const names = Object.keys(versions).sort();
        if (names.length === 0) return;
        const width = Math.max(...names.map(displayWidth));
        this.#options.write(
            `\n${this.#options.paint("bold", "Policy Packs run:")}\n    ${padded("Name", width)}  Version\n`,
        );
        for (const name of names) this.#options.write(`    ${padded(name, width)}  ${versions[name] || "(local)"}\n`);
    }

    #title(text: string): void {
        this.#options.write(`${this.#options.paint("bold", text)}\n`);
    }
}

export function durationText(ms: number): string {
    const seconds = Math.max(1, Math.round(ms / 1000));
    return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
