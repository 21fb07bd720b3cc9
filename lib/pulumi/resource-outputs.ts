import * as pulumi from "@pulumi/pulumi";
import { type ObservedRule, rulePropertyNames } from "../declaration";
import type { DeclaredOutputs } from "./declared-args";
import { namesGivenOnly } from "./lean-construction";

/** A rule as a service reported it. */
export type FoundRule = ObservedRule;

/** The arguments, and what the provider reports, as outputs of a resource of one bucket. */
export interface BucketEncryptionOutputs extends DeclaredOutputs {
    /** The rule that the bucket had when the resource was created; `undefined` when it had none. */
    readonly previousRule: pulumi.Output<FoundRule | undefined>;
    /** Fields of the rule that this version does not know, as they were last read. */
    readonly unrecognized: pulumi.Output<Readonly<Record<string, string>> | undefined>;
}

/** The arguments that each bucket of a set has, and what the provider reports, as outputs of a set. */
export interface BucketEncryptionSetOutputs extends Omit<DeclaredOutputs, "bucket"> {
    /** The number of buckets. */
    readonly buckets: pulumi.Output<number>;
    /** How the buckets were selected. */
    readonly selection: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;
    /** Buckets whose rule is not the declared one, with the rule that was found; the first 100 of them. */
    readonly exceptions: pulumi.Output<Readonly<Record<string, string>> | undefined>;
    /** How many such buckets there are beyond those. */
    readonly exceptionsNotListed: pulumi.Output<number | undefined>;
}

/** What a set reports, beside its arguments. */
export const reportedBySet = [
    "buckets",
    "selection",
    "exceptionsNotListed",
    "exceptions",
] as const satisfies readonly (keyof BucketEncryptionSetOutputs)[];

/** The properties that the constructor of a resource names. */
export class NamedProperties {
    /** Arguments that the state repeats as they are declared. */
    readonly echoed: readonly string[];
    readonly #answered: readonly string[];

    /**
     * @param declared the arguments
     * @param reported outputs of the provider
     */
    constructor(declared: readonly string[], reported: readonly string[]) {
        this.#answered = [...rulePropertyNames, ...reported];
        this.echoed = declared.filter((name) => !this.#answered.includes(name));
    }

    /** An output is named so that it gets the engine's value. Misspelt names are passed on, and the check refuses them. */
    with(args: object, options: pulumi.CustomResourceOptions): pulumi.Inputs {
        const names = namesGivenOnly(options) ? this.#answered : [...this.#answered, ...this.echoed];
        return { ...Object.fromEntries(names.map((name) => [name, undefined])), ...args };
    }
}

/** Whether a value is a resource of this type, also one of another copy of this package. */
export function isResourceOfType(value: unknown, type: string): boolean {
    return pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === type;
}
