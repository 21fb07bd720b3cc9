const mostNamed = 10;

/** Names for a message: all if they are few, otherwise the first of them. */
export function namesText(names: readonly string[]): string {
    const named = names.slice(0, mostNamed).join(", ");
    return names.length > mostNamed ? `${named} and ${names.length - mostNamed} more` : named;
}
