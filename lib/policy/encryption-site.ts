import type { DeclaredRule, notYetKnown } from "../rule";

/** A value as far as a preview knows it. */
export type Foreseen<Value> = Value | typeof notYetKnown;

/** New values for properties of a rule; `undefined` removes the property. */
export type RuleChanges = {
    readonly [name in "sseAlgorithm" | "kmsMasterKeyId" | "kmsDataEncryption"]?: string | undefined;
};

/** A place in a resource where a bucket's default encryption rule is declared, or could be. */
export interface EncryptionSite {
    /** The name of a family of stores. */
    readonly store: Foreseen<string>;
    /** The bucket's name; `undefined` where the provider generates one. */
    readonly bucket: Foreseen<string | undefined>;
    /** The buckets whose rules are declared here: one, or many; none where another place of the resource names them. */
    owned(): Foreseen<readonly string[]>;
    /** The rule in this package's terms, or `undefined` where none is declared. */
    readonly rule: Foreseen<DeclaredRule | undefined>;
    /** The endpoint of a service other than the provider's usual one: bucket names are unique within one service. */
    readonly endpoint: Foreseen<string | undefined>;
    /** The bucket's region, where it is declared. */
    readonly region: Foreseen<string | undefined>;
    /** Whether the rule is a part of the resource that creates the bucket. */
    readonly inline: boolean;
    /** Distinguishes several rules of one resource; empty where there is only one. */
    readonly label: string;
    /** Changes the declaration, in a remediation. */
    write(changes: RuleChanges): void;
}

/** A resource as policies see it, declared or deployed. */
export interface SeenResource {
    readonly type: string;
    readonly urn: string;
    readonly name: string;
    readonly props: Readonly<Record<string, unknown>>;
    readonly opts?: { readonly protect?: boolean; readonly ignoreChanges?: readonly string[] } | undefined;
    readonly provider?: { readonly type: string; readonly props: Readonly<Record<string, unknown>> } | undefined;
}
