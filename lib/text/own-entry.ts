/** A table's entry of a name that others chose. Names as `constructor` have none, though every object has such a property. */
export function ownEntry<Entry>(table: Readonly<Record<string, Entry>>, name: string): Entry | undefined {
    return Object.hasOwn(table, name) ? table[name] : undefined;
}
