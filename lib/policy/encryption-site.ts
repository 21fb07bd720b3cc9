import type { DeclaredRule, notYetKnown } from "../rule";

/** A value as far as a preview knows it. */
export type Foreseen<Value> = Value | typeof notYetKnown;

/** New values for properties of a rule; `undefined` takes the property away. */
export type RuleChanges = {
    readonly [name in "sseAlgorithm" | "kmsMasterKeyId" | "kmsDataEncryption"]?: string | undefined;
};

/** A place in a resource where a bucket's default encryption rule is declared, or could be. */
export interface EncryptionSite {
    /** The name of a family of stores. */
    readonly store: Foreseen<string>;
    /** The bucket's name; `undefined` where the provider makes one up. */
    readonly bucket: Foreseen<string | undefined>;
    /** Whose rules are declared here: the names of one bucket, or of many; none where another place of the resource says it. */
    owned(): Foreseen<readonly string[]>;
    /** The rule in this package's own terms, or `undefined` where none is declared. */
    readonly rule: Foreseen<DeclaredRule | undefined>;
    /** Where the service is, for services other than the provider's usual one: names are only unique within one. */
    readonly endpoint: Foreseen<string | undefined>;
    /** The region in which the bucket is, where that is declared. */
    readonly region: Foreseen<string | undefined>;
    /** The rule is a part of the resource that makes the bucket. */
    readonly inline: boolean;
    /** Says which of several rules of one resource it is; empty where there is but one. */
    readonly label: string;
    /** Changes the declaration, in a remediation. */
    write(changes: RuleChanges): void;
}

/** What policies see of a resource, declared or deployed. */
export interface SeenResource {
    readonly type: string;
    readonly urn: string;
    readonly name: string;
    readonly props: Readonly<Record<string, unknown>>;
    readonly opts?: { readonly protect?: boolean; readonly ignoreChanges?: readonly string[] } | undefined;
    readonly provider?: { readonly type: string; readonly props: Readonly<Record<string, unknown>> } | undefined;
}
