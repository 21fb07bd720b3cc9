import type { EngineEvent, ResourceChanges } from "../deployment/engine-event";
import { changesProtection, isReplacementPart, type Step } from "../deployment/step";
import type { StackConfig } from "../project/stack-settings";
import type { ResourceJson } from "../state/checkpoint-format";
import { type ResourceState, stateToJson } from "../state/resource-state";
import { isDefaultProvider, isProviderType, stackType } from "../urn";
import { maskedSecrets } from "../values/checkpoint-values";
import { detailedDiffJson } from "./detailed-diff";
import { providerOf } from "./step-words";
import { violationMessage } from "./violation-text";

/** A step in `preview --json` (sdk/go/auto/optpreview, pkg/display). */
interface PreviewStepJson {
    op: string;
    urn: string;
    provider?: string;
    oldState?: ResourceJson;
    newState?: ResourceJson;
    diffReasons?: readonly string[];
    replaceReasons?: readonly string[];
    detailedDiff: ReturnType<typeof detailedDiffJson>;
}

/**
 * Collects a preview into the document that `pulumi preview --json` prints. Secrets are masked. What policies find is among the
 * diagnostics, which the CLI leaves out: without it the document would not say why a preview failed.
 */
export class PreviewJson {
    #config: Record<string, string> = {};
    readonly #steps: PreviewStepJson[] = [];
    readonly #diagnostics: { urn?: string; message: string; severity: string }[] = [];
    /** Whether something but a policy made the preview fail. */
    #hasError = false;
    #durationNs = 0;
    #changes: ResourceChanges = {};

    readonly #showSames: boolean;

    /** @param showSames whether resources that stay the same are listed */
    constructor(showSames = false) {
        this.#showSames = showSames;
    }

    readonly listener = (event: EngineEvent): void => {
        switch (event.kind) {
            case "prelude":
                this.#config = maskedConfig(event.config);
                break;
            case "step":
                if (isListed(event.step, this.#showSames)) this.#steps.push(stepJson(event.step));
                break;
            case "diagnostic":
                this.#hasError ||= event.severity === "error";
                if (event.severity !== "debug" && !event.ephemeral) this.#say(event.severity, event.message, event.urn);
                break;
            case "violation": {
                const { urn, level } = event.violation;
                const severity = level === "mandatory" ? "error" : "warning";
                this.#say(severity, violationMessage(event.violation), urn);
                break;
            }
            case "summary":
                if (event.result === "failed" && !this.#hasError) this.#say("error", "preview failed");
                this.#durationNs = event.durationMs * 1_000_000;
                this.#changes = event.changes;
                break;
        }
    };

    #say(severity: string, message: string, urn?: string): void {
        this.#diagnostics.push({
            ...(urn === undefined || urn === "" ? {} : { urn }),
            message: `${prefixOf(severity)}${message}\n`,
            severity,
        });
    }

    /** The document, indented by four as the CLI does. */
    get text(): string {
        const document = {
            config: this.#config,
            ...(this.#steps.length === 0 ? {} : { steps: this.#steps }),
            ...(this.#diagnostics.length === 0 ? {} : { diagnostics: this.#diagnostics }),
            duration: this.#durationNs,
            changeSummary: Object.fromEntries(Object.entries(this.#changes).sort()),
        };
        return `${JSON.stringify(document, null, 4)}\n`;
    }
}

const prefixOf = (severity: string): string => (severity === "error" || severity === "warning" ? `${severity}: ` : "");

/** The stack is always listed, other resources when they change. A replacement is one step. Default providers are left out. */
function isListed(step: Step, showSames: boolean): boolean {
    const { op, type, urn } = step;
    if (isProviderType(type) && isDefaultProvider(urn)) return false;
    if (isReplacementPart(op)) return false;
    return showSames || op !== "same" || type === stackType || changesProtection(step);
}

function stepJson(step: Step): PreviewStepJson {
    const { op, urn, old, replaceKeys, changedKeys } = step;
    const provider = providerOf(step);
    return {
        op,
        urn,
        ...(provider === "" ? {} : { provider }),
        ...(old === undefined ? {} : { oldState: stateToJson(old, maskedSecrets) }),
        ...(step.new === undefined ? {} : { newState: stateToJson(step.new as ResourceState, maskedSecrets) }),
        ...(changedKeys === undefined || changedKeys.length === 0 ? {} : { diffReasons: changedKeys }),
        ...(replaceKeys === undefined || replaceKeys.length === 0 ? {} : { replaceReasons: replaceKeys }),
        detailedDiff: detailedDiffJson(step),
    };
}

/** The configuration, with secret values masked. */
export function maskedConfig(config: StackConfig): Record<string, string> {
    return Object.fromEntries([...config].map(([key, { text, secret }]) => [key, secret ? "[secret]" : text]));
}
