import type { Remediation, Violation } from "../policy/violation";
import type { StackConfig } from "../project/stack-settings";
import type { PropertyMap } from "../values/property-value";
import type { Step, StepOp } from "./step";

export type Severity = "debug" | "info" | "info#err" | "warning" | "error";

/** How many resources an operation changed, by what was done. */
export type ResourceChanges = Partial<Record<StepOp, number>>;

/** What an operation reports while it runs. The states in a step change later: a listener reads them at once. */
export type EngineEvent =
    | { readonly kind: "prelude"; readonly config: StackConfig }
    /** A step begins. */
    | { readonly kind: "step"; readonly step: Step }
    /** A step has ended; or a component has registered its outputs. */
    | { readonly kind: "outputs"; readonly step: Step }
    | { readonly kind: "failed"; readonly step: Step }
    /** An `ephemeral` message only shows progress. */
    | {
          readonly kind: "diagnostic";
          readonly severity: Severity;
          readonly message: string;
          readonly urn?: string;
          readonly ephemeral?: boolean;
      }
    /** A policy found something. */
    | { readonly kind: "violation"; readonly violation: Violation }
    /** A policy changed a resource's inputs. */
    | {
          readonly kind: "remediation";
          readonly urn: string;
          readonly policy: Omit<Remediation, "properties">;
          readonly before: PropertyMap;
          readonly after: PropertyMap;
      }
    | {
          readonly kind: "summary";
          readonly isPreview: boolean;
          readonly durationMs: number;
          readonly changes: ResourceChanges;
          readonly errored: number;
          readonly result: "succeeded" | "failed";
          /** The versions of the policy packs that checked the resources, by `<name>|local|<folder>`. */
          readonly policyPacks: { readonly [pack: string]: string };
      };

export type EngineListener = (event: EngineEvent) => void;
