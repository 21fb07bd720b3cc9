import { Lexer } from "yaml";

/** Levels of lists and maps. People and tools nest far less, and most of what reads values is recursive. */
const deepestLevel = 200;

/** Whether a value is nested too deeply to be read by recursion. */
export function isNestedTooDeeply(value: unknown): boolean {
    let level = [value].filter(isContainer);
    for (let depth = 1; level.length > 0; depth += 1) {
        if (depth > deepestLevel) return true;
        level = level.flatMap((container) => Object.values(container).filter(isContainer));
    }
    return false;
}

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * The same for YAML before it is parsed. A parser that recurses to the end of the stack does not only throw: where it first uses a
 * regular expression there, V8 ends the process.
 */
export function isYamlNestedTooDeeply(text: string): boolean {
    // Nearly all documents have too few of them.
    if ((text.match(/[[{]/g)?.length ?? 0) <= deepestLevel && !text.split("\n").some(hasManyIndicators)) return false;
    let flow = 0;
    let onLine = 0;
    for (const token of new Lexer().lex(text)) {
        if (token === "[" || token === "{") flow += 1;
        else if (token === "]" || token === "}") flow -= 1;
        else if (flow === 0 && (token === "-" || token === "?" || token === ":")) onLine += 1;
        else if (token.includes("\n")) onLine = 0;
        if (flow > deepestLevel || onLine > deepestLevel) return true;
    }
    return false;
}

/** `- - - a` opens three lists on one line. */
const hasManyIndicators = (line: string): boolean => (line.match(/[-?:](?=\s)/g)?.length ?? 0) > deepestLevel;
