import * as pulumi from "@pulumi/pulumi";
import { argumentNames, type ObservedRule, rulePropertyNames, type SseAlgorithm } from "../declaration";
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

/** The outputs of a set. */
export interface BucketEncryptionSetOutputs {
    /** The number of buckets. */
    readonly buckets: pulumi.Output<number>;
    /** The declared algorithm. */
    readonly sseAlgorithm: pulumi.Output<SseAlgorithm>;
    /** The declared KMS key; `undefined` for the service's key. */
    readonly kmsMasterKeyId: pulumi.Output<string | undefined>;
    /** How KMS encrypts the data; `undefined` for AES256. */
    readonly kmsDataEncryption: pulumi.Output<"SM4" | undefined>;
    /** How the buckets were selected. */
    readonly selection: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;
    /** Buckets whose rule is not the declared one, with the rule that was found; the first 100 of them. */
    readonly exceptions: pulumi.Output<Readonly<Record<string, string>> | undefined>;
}

/** The outputs of a set that may get a value which was not declared. */
export const setOutputNames = [
    "buckets",
    "kmsMasterKeyId",
    "kmsDataEncryption",
    "selection",
    "exceptions",
] as const satisfies readonly (keyof BucketEncryptionSetOutputs)[];

/** The properties that the constructor of a resource of one bucket names. */
export class NamedProperties {
    /** Arguments that the state repeats as they are declared. */
    readonly echoed: readonly string[];
    readonly #answered: readonly string[];

    /** @param reported outputs of the provider */
    constructor(...reported: readonly string[]) {
        this.#answered = [...rulePropertyNames, ...reported];
        this.echoed = argumentNames.filter((name) => !this.#answered.includes(name));
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
