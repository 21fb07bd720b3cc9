import type { Access } from "./account-access";
import type { DeclaredRuleValues } from "./declared-rule";
import type { Hidden } from "./hidden-value";

/** One resource's declaration of one bucket's rule, on one side of a change. */
export interface RuleDeclaration {
    readonly urn: string;
    /** The resource type, for instance `alicloud:oss/bucket:Bucket`. */
    readonly type: string;
    readonly store: string;
    readonly bucket: string | Hidden;
    /** `undefined` where the resource is a bucket without a rule of its own, which says nothing of other resources' rules. */
    readonly rule: DeclaredRuleValues | undefined;
    /** Whether the resource is the bucket itself, so that its end is the bucket's. */
    readonly isBucket: boolean;
    readonly access: Access;
    /** Whether a stronger rule stays as it is. */
    readonly isMinimum?: boolean;
    /** Whether creating the resource replaces also a rule that is stronger, which the stack does not know. */
    readonly mayOverwrite?: boolean;
    /** What the deletion of the resource does to the rule. */
    readonly onDelete: "remove" | "restore" | "retain" | Hidden;
    /** The rule that a restoring deletion puts back; `undefined` where there was none. */
    readonly previousRule?: DeclaredRuleValues | undefined;
    /** Where the program declares the resource, as the engine writes it: `project:///index.ts#12,3`. */
    readonly sourcePosition?: string | undefined;
    /** Whether the resource only waits to be deleted, since another took its place before. */
    readonly isLeftover: boolean;
}

export type DeclarationWithRule = RuleDeclaration & { readonly rule: DeclaredRuleValues };
