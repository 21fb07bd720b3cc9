import type { ChangeClass } from "./change-class";
import type { PreviewFindings } from "./preview-step";

/** A rule as a review shows it. Of a key no more than its last four characters are ever shown. */
export interface RuleView {
    /** For people, for instance `KMS with the given key …f6a7`. */
    readonly text: string;
    /** Absent where it is a secret or not known before deployment. */
    readonly sseAlgorithm?: string;
    readonly kmsDataEncryption?: string;
    /** The owner of the key, if the algorithm has one and it is visible. */
    readonly key?: "service" | "given";
    /** Properties whose value is a secret, or is known only at deployment. */
    readonly hidden?: readonly string[];
}

export interface SourcePlace {
    /** Relative to the project's folder. */
    readonly file: string;
    /** From 1 on. */
    readonly line: number;
}

/** What a deployment does to one bucket's default encryption rule, over all resources that declare it. */
export interface EncryptionChange {
    /** The stack, as the caller names it. */
    readonly stack: string;
    /** The resource that declares the rule from now on, or did until now. */
    readonly urn: string;
    /** All resources that declared, or will declare, a rule for the bucket. */
    readonly urns: readonly string[];
    /** Absent where it is a secret or not known before deployment. */
    readonly bucket?: string;
    readonly store: string;
    readonly class: ChangeClass;
    /** Absent where the stack had no rule for the bucket. */
    readonly before?: RuleView;
    /** Absent where the bucket has no rule afterwards. */
    readonly after?: RuleView;
    /** Where the program declares the resource, if the engine reports it. */
    readonly source?: SourcePlace;
    /** Whether a resource of the stack still declares the bucket's rule afterwards. */
    readonly managed: boolean;
    /** The meaning in plain sentences: for data, for principals, for keys. Never empty. */
    readonly meaning: readonly string[];
}

/** The review of a deployment of one stack. The changes of a failed or refused preview are incomplete, so it never passes a gate. */
export interface StackReview extends PreviewFindings {
    readonly stack: string;
    /** One for each bucket, the worst first. What a preview does not list is not among them. */
    readonly changes: readonly EncryptionChange[];
    readonly counts: Readonly<Record<ChangeClass, number>>;
    /** Notes about the document itself, such as lines that were skipped. */
    readonly notes: readonly string[];
}
