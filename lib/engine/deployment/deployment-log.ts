import type { Remediation, Violation } from "../policy/violation";
import type { StackConfig } from "../project/stack-settings";
import { SecretFilter } from "../secrets/secret-filter";
import type { ResourceState } from "../state/resource-state";
import { isDefaultProvider, isProviderType } from "../urn";
import type { PropertyMap } from "../values/property-value";
import type { EngineEvent, EngineListener, ResourceChanges, Severity } from "./engine-event";
import { countedOp, type Step } from "./step";

/**
 * Reports events to the listener and counts them. Everything that an operation says passes through here, where the stack's secrets
 * are replaced.
 */
export class DeploymentLog {
    #counted: ResourceChanges = {};
    #errors = 0;
    #failed = 0;
    /** For the summary. */
    policyPacks: { readonly [pack: string]: string } = {};

    /** Replaces the stack's secrets; set as soon as they are known, before the program starts. */
    secrets = new SecretFilter([]);
    readonly #listener: EngineListener;

    constructor(listener: EngineListener) {
        this.#listener = listener;
    }

    begins(step: Step): void {
        this.#report({ kind: "step", step });
    }

    ends(step: Step): void {
        this.#report({ kind: "outputs", step });
    }

    /** Counts a step that succeeded. */
    count(step: Step): void {
        const isImplied = isProviderType(step.type) && isDefaultProvider(step.urn);
        const op = countedOp(step);
        if (op !== undefined && !isImplied) this.#counted[op] = (this.#counted[op] ?? 0) + 1;
    }

    /** Reports a failed step. @param message the reason, in the provider's words where it has one */
    fails(step: Step, message: string): void {
        this.#report({ kind: "failed", step });
        this.faults(message, step.urn);
    }

    /** Reports a fault that makes the operation fail but does not stop it yet. */
    faults(message: string, urn: string): void {
        this.#failed += 1;
        this.says("error", message, urn);
    }

    says(severity: Severity, message: string, urn?: string, ephemeral = false): void {
        // The SDK's debug messages quote whole requests, and in them what the program marked as secret.
        if (severity === "debug") return;
        if (severity === "error") this.#errors += 1;
        this.#report({
            kind: "diagnostic",
            severity,
            message,
            ...(urn === undefined || urn === "" ? {} : { urn }),
            ephemeral,
        });
    }

    /** Reports what a policy found. A mandatory violation makes the operation fail. */
    violates(violation: Violation): void {
        if (violation.level === "mandatory") this.#failed += 1;
        this.#report({ kind: "violation", violation });
    }

    remediates(urn: string, policy: Omit<Remediation, "properties">, before: PropertyMap, after: PropertyMap): void {
        this.#report({ kind: "remediation", urn, policy, before, after });
    }

    /** How many faults make the operation fail. Errors that a program only logs do not count. */
    get failures(): number {
        return this.#failed;
    }

    prelude(config: StackConfig): void {
        this.#report({ kind: "prelude", config });
    }

    summary(isPreview: boolean, durationMs: number, succeeded: boolean): void {
        const result = succeeded ? "succeeded" : "failed";
        this.#report({
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

    /** An error that ends the operation, without the stack's secrets. */
    withoutSecrets(error: unknown): unknown {
        if (error instanceof Error) {
            error.message = this.secrets.text(error.message);
            if (error.stack !== undefined) error.stack = this.secrets.text(error.stack);
        }
        return error;
    }

    #report(event: EngineEvent): void {
        this.#listener(this.secrets.isNeeded ? withoutSecrets(event, this.secrets) : event);
    }
}

/**
 * An event with its texts filtered. URNs, names and ids are not filtered, as with the CLI: they identify a resource and cannot be secret.
 */
function withoutSecrets(event: EngineEvent, secrets: SecretFilter): EngineEvent {
    switch (event.kind) {
        case "prelude": {
            const config = [...event.config].map(([key, { text, secret }]) => {
                return [key, { text: secret ? "[secret]" : secrets.text(text), secret }] as const;
            });
            return { ...event, config: new Map(config) };
        }
        case "step":
        case "outputs":
        case "failed": {
            const { step } = event;
            return { ...event, step: { ...step, old: shown(step.old, secrets), new: shown(step.new, secrets) } };
        }
        case "diagnostic":
            return { ...event, message: secrets.text(event.message) };
        case "violation": {
            return { ...event, violation: said(event.violation, secrets) };
        }
        case "remediation":
            return {
                ...event,
                policy: said(event.policy, secrets),
                before: secrets.properties(event.before),
                after: secrets.properties(event.after),
            };
        case "summary":
            return event;
    }
}

/** A policy's texts. */
const said = <Policy extends { readonly message: string; readonly description: string }>(
    policy: Policy,
    secrets: SecretFilter,
): Policy => ({ ...policy, message: secrets.text(policy.message), description: secrets.text(policy.description) });

function shown(state: ResourceState | undefined, secrets: SecretFilter): ResourceState | undefined {
    if (state === undefined) return undefined;
    return {
        ...state,
        inputs: secrets.properties(state.inputs),
        outputs: secrets.properties(state.outputs),
        initErrors: state.initErrors.map((reason) => secrets.text(reason)),
    };
}
