import { randomUUID } from "node:crypto";
import { bucketEncryptionType, handlerText } from "../declaration";
import { UserError } from "../errors";
import type { AdoptedRule } from "./adopted-rule";
import type { StateEntry } from "./state-shapes";

const providerType = "pulumi:providers:pulumi-nodejs";

/** The URN of a stack with its project, as every URN in it begins: `urn:pulumi:dev::project`. */
export function urnPrefix(urn: string): string {
    return urn.split("::").slice(0, 2).join("::");
}

/**
 * The default provider of a program's dynamic resources: the one in the state, or a new one, to which
 * the next deployment adds the stack's configuration.
 */
export function dynamicProvider(entries: readonly StateEntry[], prefix: string, now: Date): StateEntry {
    const urn = `${prefix}::${providerType}::default`;
    const present = entries.find((entry) => entry.urn === urn && entry.delete !== true);
    const time = now.toISOString();
    return present ?? { urn, custom: true, id: randomUUID(), type: providerType, created: time, modified: time };
}

/** The entry of a rule as a deployment of this package would have written it. */
export function bucketEncryptionEntry(
    { name, properties }: AdoptedRule,
    place: { readonly urn: string; readonly provider: StateEntry; readonly kept: Readonly<Record<string, unknown>> },
): StateEntry {
    const { bucket } = properties;
    if (typeof bucket !== "string") {
        const what = `The bucket of ${name} is a secret, so it cannot be adopted`;
        const cure = "Declare this rule in the program instead: an equal rule is adopted without a write.";
        throw new UserError("invalid-state-file", what, {}, { cure });
    }
    const values = { __provider: handlerText, ...properties };
    return {
        urn: place.urn,
        custom: true,
        id: bucket,
        type: bucketEncryptionType,
        inputs: values,
        outputs: values,
        ...place.kept,
        provider: `${place.provider.urn}::${place.provider.id}`,
    };
}
