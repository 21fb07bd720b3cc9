/** A value of a foreign document as text. `String` fails for an object that has a `toString` of its own. */
export function valueText(value: unknown): string {
    if (typeof value !== "object" || value === null) return String(value);
    try {
        return JSON.stringify(value);
    } catch {
        return "(a value that is nested too deeply)";
    }
}
