import { UserError } from "../errors";
import {
    type ArgumentValue,
    type NotYetKnown,
    notYetKnown,
    type ObservedRule,
    type ServerSideEncryptionRule,
} from "../rule";
import type { ArgumentsOf, DeclarationRows, OnDelete } from "./argument-rows";
import type { DeclaredAccount, Place, Reach } from "./place";

/** Properties as an engine hands them over: nothing is checked, and any value may be `notYetKnown`. */
export type Properties = Readonly<Record<string, unknown>>;

/** The arguments with the role `behaviour`. Those without a default may be absent. */
export type Behaviour = {
    readonly [name in ArgumentsOf<"behaviour">]:
        | ArgumentValue<DeclarationRows[name]>
        | (DeclarationRows[name] extends { default: string | boolean } ? never : undefined);
};

interface Parts extends Behaviour {
    readonly bucket: string;
    readonly place: Place;
    /** How the bucket is reached. It may be known before the bucket is. */
    readonly reach: Reach;
    /** See `Place.identity`. It may be known before the place is. */
    readonly identity: string;
    readonly rule: ServerSideEncryptionRule;
    readonly account: DeclaredAccount | undefined;
}

interface WithInputs {
    /** The declared properties in canonical form, for the engine. */
    readonly inputs: Properties;
}

/** A checked declaration. A part that only the deployment will know is `notYetKnown`. */
export type Declaration = { readonly [part in keyof Parts]: Parts[part] | NotYetKnown } & WithInputs;

/** A checked declaration without unknown parts. */
export type KnownDeclaration = Parts & WithInputs;

export function isKnown(declaration: Declaration): declaration is Declaration & KnownDeclaration {
    return Object.values(declaration).every((part) => part !== notYetKnown);
}

/** A part of a declaration that must be known by now. @throws UserError of kind `invalid-rule` when it is not */
export function known<T>(part: T | NotYetKnown): T {
    if (part !== notYetKnown) return part;
    throw new UserError("invalid-rule", "A part of the declaration is not known");
}

/** The record of a bucket's rule after the last operation on it. */
export interface RuleRecord {
    /** The rule that was last written or read; absent when the bucket had none. */
    readonly rule?: ObservedRule;
    /** The rule that the stack last wrote or adopted, if a later reading that the engine did not show found another one. */
    readonly written?: ObservedRule;
    /** The rule that the bucket had before the resource; absent when it had none. */
    readonly previous?: ObservedRule;
    /** The bucket's region, if it was found from the service's answers. */
    readonly region?: string;
    /** True while a started write is not confirmed. */
    readonly unconfirmed?: boolean;
}

/** A resource from its state. */
export interface ResourceState {
    readonly place: Place;
    readonly record: RuleRecord;
    readonly onDelete: OnDelete;
    readonly forceDelete: boolean;
    /** The state's properties in canonical form. */
    readonly properties: Properties;
}

/** Whether a value is an object with named members: no list. */
export function isRecord(value: unknown): value is Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value, or a part of it, is one that only the deployment will know. */
export function holdsUnknown(value: unknown): boolean {
    if (value === notYetKnown) return true;
    return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
