/** Whether a name is what a pattern says, in which `*` stands for any part of it, also an empty one. */
export function matchesPattern(name: string, pattern: string): boolean {
    const [first = "", ...rest] = pattern.split("*");
    if (rest.length === 0) return name === pattern;
    const last = rest.pop() as string;
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let remaining = name.slice(first.length, name.length - last.length);
    for (const part of rest) {
        const found = remaining.indexOf(part);
        if (found < 0) return false;
        remaining = remaining.slice(found + part.length);
    }
    return true;
}

export function matchesAny(name: string, patterns: readonly string[]): boolean {
    return patterns.some((pattern) => matchesPattern(name, pattern));
}
