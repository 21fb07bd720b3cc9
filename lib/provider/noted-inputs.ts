import { isSameValue, type Properties } from "../declaration";

/** What a refresh notes among the inputs, so that engines show it. No program declares it. */
const notedNames = ["unrecognized", "exceptions"];

/** Declared properties without those that an engine carried over from the last refresh (the option `ignoreChanges: ["*"]`). */
export function withoutNoted(before: Properties, declared: Properties): Properties {
    const isCarriedOver = (name: string) => name in before && isSameValue(before[name], declared[name]);
    const carriedOver = notedNames.filter(isCarriedOver);
    if (carriedOver.length === 0) return declared;
    return Object.fromEntries(Object.entries(declared).filter(([name]) => !carriedOver.includes(name)));
}
