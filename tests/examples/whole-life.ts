import { expect } from "chai";
import type { EncryptionRule, LocalCloud } from "../../lib/local-cloud";

/** The stack of an example, whichever engine runs it. Each operation fails the test if it does not succeed. */
export interface ExampleStack {
    readonly cloud: LocalCloud;
    /** With a refresh where that is asked for. */
    up(refresh: boolean): Promise<void>;
    /** The names of the resources that a preview with a refresh changes, the stack itself not among them. */
    preview(): Promise<readonly string[]>;
    destroy(): Promise<void>;
}

/** What an example promises. */
export interface ExamplePromise {
    /** The buckets with the rules that they get. The first one's rule is removed outside the stack. */
    readonly rules: Readonly<Record<string, EncryptionRule>>;
    /** The resource that declares the first bucket's rule. */
    readonly drifting: string;
    /** Buckets that keep their rules when the stack is destroyed. */
    readonly kept?: readonly string[];
}

/** The one test of every example with a stack: it is deployed, drifts, is reconciled and destroyed. */
export async function expectWholeLife(
    { cloud, up, preview, destroy }: ExampleStack,
    { rules, drifting, kept = [] }: ExamplePromise,
): Promise<void> {
    const [first = ""] = Object.keys(rules);
    const live = () => Object.fromEntries(Object.keys(rules).map((bucket) => [bucket, cloud.bucketRule(bucket)]));
    await up(false);
    expect(live()).to.deep.equal(rules);
    cloud.setBucketRule(first, undefined);
    expect([...new Set(await preview())]).to.deep.equal([drifting]);
    expect(cloud.bucketRule(first), "a preview writes nothing").to.equal(undefined);
    await up(true);
    expect(live()).to.deep.equal(rules);
    await destroy();
    const left = Object.keys(rules).map((bucket) => [bucket, kept.includes(bucket) ? rules[bucket] : undefined]);
    expect(live()).to.deep.equal(Object.fromEntries(left));
}

interface PreviewStep {
    readonly op: string;
    readonly urn: string;
}

/** The names of the resources that the document of `preview --json` changes. */
export function changedBy(document: string): string[] {
    const { steps }: { readonly steps: readonly PreviewStep[] } = JSON.parse(document.slice(document.indexOf("{")));
    return steps
        .filter(({ op, urn }) => ["create", "update"].includes(op) && !urn.includes("::pulumi:pulumi:Stack::"))
        .map(({ urn }) => urn.split("::").at(-1) as string);
}
