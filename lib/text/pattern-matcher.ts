export interface PatternSyntax {
    /** `?` stands for any one character. */
    readonly hasAnyOne?: boolean;
    /** A character that `*` does not cross; `**` does. */
    readonly boundary?: string;
}

type Token = { readonly character: string } | { readonly anyOne: true } | { readonly anyRun: "within" | "across" };

/**
 * A test of whole texts against a pattern in which `*` stands for any run of characters, also an empty one. Its time grows with
 * the length of the text times that of the pattern, for every pattern. All patterns that users write are matched here.
 */
export function patternMatcher(pattern: string, syntax: PatternSyntax = {}): (text: string) => boolean {
    const tokens = tokensOf(pattern, syntax);
    return (text) => {
        // The tokens that may come next: all ways to match are followed at once.
        let next = new Set<number>();
        const add = (at: number, to: Set<number>): void => {
            to.add(at);
            const token = tokens[at];
            if (token !== undefined && "anyRun" in token) add(at + 1, to);
        };
        add(0, next);
        for (const character of text) {
            const after = new Set<number>();
            for (const at of next) {
                const token = tokens[at];
                if (token === undefined) continue;
                if ("anyRun" in token) {
                    if (token.anyRun === "across" || character !== syntax.boundary) add(at, after);
                } else if ("anyOne" in token || token.character === character) add(at + 1, after);
            }
            if (after.size === 0) return false;
            next = after;
        }
        return next.has(tokens.length);
    };
}

/** Whether a text matches a pattern. */
export function matchesPattern(text: string, pattern: string, syntax?: PatternSyntax): boolean {
    return patternMatcher(pattern, syntax)(text);
}

function tokensOf(pattern: string, { hasAnyOne = false, boundary }: PatternSyntax): Token[] {
    const shape = boundary === undefined ? /\*+|[^*]/gsu : /\*\*|\*|[^*]/gsu;
    return Array.from(pattern.matchAll(shape), ([part]): Token => {
        if (part.startsWith("*")) return { anyRun: boundary === undefined || part === "**" ? "across" : "within" };
        return hasAnyOne && part === "?" ? { anyOne: true } : { character: part };
    });
}
