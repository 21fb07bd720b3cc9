import type { ArgumentRow } from "../rule";

/** The description of an argument from its row, for documentation: the meaning, the default, and what a change of it does. */
export function argumentMeaning({
    description,
    default: value,
    defaultText,
    keptWhenAbsent,
    onlyOnCreation,
}: ArgumentRow): string {
    const kept = keptWhenAbsent ? "what the bucket has" : undefined;
    const standard = defaultText ?? kept ?? (value === undefined ? undefined : `\`${JSON.stringify(value)}\``);
    return [
        description,
        ...(standard === undefined ? [] : [`Default: ${standard}.`]),
        ...(onlyOnCreation ? ["Changing it alone is no change."] : []),
    ].join(" ");
}
