/** A value of a foreign document as text. `String` fails for an object that has a `toString` of its own. */
export function valueText(value: unknown): string {
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
