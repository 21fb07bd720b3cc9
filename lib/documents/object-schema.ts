/** The schema of an object with these members, and perhaps others. A name that ends with `?` may be missing. */
export function objectSchema(members: Readonly<Record<string, object>>): object {
    const entries = Object.entries(members);
    return {
        type: "object",
        required: entries.map(([name]) => name).filter((name) => !name.endsWith("?")),
        properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace("?", ""), schema])),
    };
}

/** The schema of a list whose items all have one schema. */
export const listSchema = (items: object): object => ({ type: "array", items });

/** The schema of a text that is one of these. */
export const oneOfSchema = (...values: readonly string[]): object => ({ enum: values });
