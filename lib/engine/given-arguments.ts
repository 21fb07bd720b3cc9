import { UserError } from "../errors";

/** What a value must be: in words, and as a test. A value that is left out passes. */
export type Expected = readonly [words: string, isIt: (value: unknown) => boolean];

const isText = (value: unknown): value is string => typeof value === "string";
const isObject = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);

export const text: Expected = ["a text", isText];
export const flag: Expected = ["true or false", (value) => typeof value === "boolean"];
export const callback: Expected = ["a function", (value) => typeof value === "function"];
export const object: Expected = ["an object", isObject];
export const positiveInteger: Expected = [
    "a positive integer",
    (value) => typeof value === "number" && Number.isSafeInteger(value) && value > 0,
];
export const texts: Expected = ["a list of texts", (value) => Array.isArray(value) && value.every(isText)];
export const textsByName: Expected = [
    "an object of texts",
    (value) => isObject(value) && Object.values(value).every((member) => member === undefined || isText(member)),
];
export const listOf = ([, isIt]: Expected, words: string): Expected => [
    words,
    (value) => Array.isArray(value) && value.every(isIt),
];

/**
 * Checks what a call is given. The types do not do that for a program in JavaScript, where a misspelt `target` would deploy everything.
 * @param call the called function or class
 * @throws UserError `invalid-arguments` with everything that is wrong
 */
export function checkArguments(
    call: string,
    given: unknown,
    expected: Readonly<Record<string, Expected>>,
    required: readonly string[] = [],
): void {
    const faults = isObject(given)
        ? faultsOf(given, expected, required)
        : [`they must be an object, not ${shown(given)}`];
    if (faults.length === 0) return;
    const cure = "Correct the named arguments.";
    throw new UserError(
        "invalid-arguments",
        `The arguments of ${call} are not valid: ${faults.join("; ")}`,
        {},
        { cure },
    );
}

/** As `checkArguments`, where each of the given values must be a text. */
export function checkTexts(call: string, given: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(given);
    checkArguments(call, given, Object.fromEntries(names.map((name) => [name, text])), names);
}

function faultsOf(given: object, expected: Readonly<Record<string, Expected>>, required: readonly string[]): string[] {
    const known = Object.keys(expected);
    const strange = Object.keys(given).filter((name) => !known.includes(name));
    const faults = strange.map((name) => `\`${name}\` is not known (known: ${known.join(", ")})`);
    for (const [name, [words, isIt]] of Object.entries(expected)) {
        const value = (given as Readonly<Record<string, unknown>>)[name];
        if (value === undefined && required.includes(name)) faults.push(`\`${name}\` is missing`);
        // The value may be a secret.
        else if (value !== undefined && !isIt(value)) faults.push(`\`${name}\` must be ${words}, not ${shown(value)}`);
    }
    return faults;
}

function shown(value: unknown): string {
    if (value === null || value === undefined) return String(value);
    return Array.isArray(value) ? "a list" : typeof value === "object" ? "another object" : `a ${typeof value}`;
}
