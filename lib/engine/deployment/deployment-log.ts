import type { StackConfig } from "../project/stack-settings";
import { isDefaultProvider, isProviderType } from "../urn";
import type { EngineListener, ResourceChanges, Severity } from "./engine-event";
import { countedAs, type Step } from "./step";

/** Tells listeners what happens, and keeps count. */
export class DeploymentLog {
    private counts = new Map<string, Step>();
    private failures = 0;
    private stepFailures = 0;

    constructor(private readonly listener: EngineListener) {}

    begins(step: Step): void {
        this.listener({ kind: "step", step });
    }

    ends(step: Step): void {
        this.listener({ kind: "outputs", step });
    }

    /** Counts a step that did what it had to. */
    count(step: Step): void {
        const isImplied = isProviderType(step.type) && isDefaultProvider(step.urn);
        if (countedAs(step) !== undefined && !isImplied) this.counts.set(step.urn, step);
    }

    /** A step failed: `message` says why, in the provider's own words where they come from there. */
    fails(step: Step, message: string): void {
        this.failures += 1;
        this.stepFailures += 1;
        this.listener({ kind: "failed", step });
        this.listener({ kind: "diagnostic", severity: "error", message, urn: step.urn });
    }

    says(severity: Severity, message: string, urn?: string, ephemeral = false): void {
        if (severity === "error") this.failures += 1;
        this.listener({
            kind: "diagnostic",
            severity,
            message,
            ...(urn === undefined || urn === "" ? {} : { urn }),
            ephemeral,
        });
    }

    /** Forgets what was counted, as between a refresh and the update that it belongs to. */
    resetCounts(): void {
        this.counts = new Map();
    }

    /** Errors that a program merely mentions don't make an operation fail; steps that couldn't be done do. */
    get failedSteps(): number {
        return this.stepFailures;
    }

    prelude(config: StackConfig): void {
        this.listener({ kind: "prelude", config });
    }

    summary(isPreview: boolean, durationMs: number, succeeded: boolean): void {
        const result = succeeded ? "succeeded" : "failed";
        this.listener({
            kind: "summary",
            isPreview,
            durationMs,
            changes: this.changes,
            errored: this.failures,
            result,
        });
    }

    get changes(): ResourceChanges {
        const changes: ResourceChanges = {};
        for (const step of this.counts.values()) {
            const op = countedAs(step);
            if (op !== undefined) changes[op] = (changes[op] ?? 0) + 1;
        }
        return changes;
    }
}
