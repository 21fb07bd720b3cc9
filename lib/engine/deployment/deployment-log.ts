import type { Remediation, Violation } from "../policy/violation";
import type { StackConfig } from "../project/stack-settings";
import { isDefaultProvider, isProviderType } from "../urn";
import type { PropertyMap } from "../values/property-value";
import type { EngineListener, ResourceChanges, Severity } from "./engine-event";
import { countedAs, type Step } from "./step";

/** Tells listeners what happens, and keeps count. */
export class DeploymentLog {
    #counted: ResourceChanges = {};
    #errors = 0;
    #failed = 0;
    /** For the summary. */
    policyPacks: { readonly [pack: string]: string } = {};

    readonly #listener: EngineListener;

    constructor(listener: EngineListener) {
        this.#listener = listener;
    }

    begins(step: Step): void {
        this.#listener({ kind: "step", step });
    }

    ends(step: Step): void {
        this.#listener({ kind: "outputs", step });
    }

    /** Counts a step that did what it had to. */
    count(step: Step): void {
        const isImplied = isProviderType(step.type) && isDefaultProvider(step.urn);
        const op = countedAs(step);
        if (op !== undefined && !isImplied) this.#counted[op] = (this.#counted[op] ?? 0) + 1;
    }

    /** A step failed: `message` says why, in the provider's own words where they come from there. */
    fails(step: Step, message: string): void {
        this.#listener({ kind: "failed", step });
        this.faults(message, step.urn);
    }

    /** Something is wrong that makes the operation fail, though it goes on for now. */
    faults(message: string, urn: string): void {
        this.#failed += 1;
        this.says("error", message, urn);
    }

    says(severity: Severity, message: string, urn?: string, ephemeral = false): void {
        if (severity === "error") this.#errors += 1;
        this.#listener({
            kind: "diagnostic",
            severity,
            message,
            ...(urn === undefined || urn === "" ? {} : { urn }),
            ephemeral,
        });
    }

    /** A policy found something; what is mandatory makes the operation fail. */
    violates(violation: Violation): void {
        if (violation.level === "mandatory") this.#failed += 1;
        this.#listener({ kind: "violation", violation });
    }

    remediates(urn: string, policy: Omit<Remediation, "properties">, before: PropertyMap, after: PropertyMap): void {
        this.#listener({ kind: "remediation", urn, policy, before, after });
    }

    /** What makes the operation fail. Errors that a program merely mentions are not among it. */
    get failures(): number {
        return this.#failed;
    }

    prelude(config: StackConfig): void {
        this.#listener({ kind: "prelude", config });
    }

    summary(isPreview: boolean, durationMs: number, succeeded: boolean): void {
        const result = succeeded ? "succeeded" : "failed";
        this.#listener({
            kind: "summary",
            isPreview,
            durationMs,
            changes: this.changes,
            errored: this.#errors,
            result,
            policyPacks: this.policyPacks,
        });
    }

    get changes(): ResourceChanges {
        return { ...this.#counted };
    }
}
