/** Where scanning ended: at the first invalid character, or at the wanted value. */
export interface ScanResult {
    readonly fault?: { readonly offset: number; readonly message: string };
    /** Offset of the value at the path that was looked for. */
    readonly found?: number;
}

interface Container {
    readonly isObject: boolean;
    part: string | number;
}

type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end" | "end";

const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Finds the place of the first fault of a JSON text, which `JSON.parse` does not always report, or of the value at a path.
 * Only called for texts with a fault, and needs no more memory however deep they are nested.
 */
export function scanJson(text: string, path?: readonly (string | number)[]): ScanResult {
    return new JsonScanner(text, path).scan();
}

/** Reads one token after the other. Its methods return a result where scanning ends. */
class JsonScanner {
    readonly #text: string;
    readonly #path: readonly (string | number)[] | undefined;
    readonly #stack: Container[] = [];
    #expected: Expected = "value";
    #offset = 0;

    constructor(text: string, path: readonly (string | number)[] | undefined) {
        this.#text = text;
        this.#path = path;
    }

    scan(): ScanResult {
        for (;;) {
            this.#take(/[ \t\r\n]*/y);
            const next = this.#text[this.#offset];
            const result = next === undefined ? this.#endOfText() : this.#token(next);
            if (result !== undefined) return result;
        }
    }

    #endOfText(): ScanResult {
        return this.#expected === "end" ? {} : this.#fault(cutOff);
    }

    #token(next: string): ScanResult | undefined {
        switch (this.#expected) {
            case "end":
                return this.#fault("there is more after the end of the document");
            case "colon":
                if (next !== ":") return this.#fault("a colon is missing");
                return this.#goOn(1, "value");
            case "comma or end":
                return this.#separator(next);
            case "key":
                return this.#key();
            case "key or }":
                return next === "}" ? this.#endOfContainer() : this.#key();
            case "value":
                return this.#value(next);
            case "value or ]":
                return next === "]" ? this.#endOfContainer() : this.#value(next);
        }
    }

    #separator(next: string): ScanResult | undefined {
        const top = this.#stack.at(-1);
        if (next === "," && top !== undefined) {
            if (!top.isObject) top.part = (top.part as number) + 1;
            return this.#goOn(1, top.isObject ? "key" : "value");
        }
        if (next === (top?.isObject ? "}" : "]")) return this.#endOfContainer();
        return this.#fault("a comma or a closing bracket is missing");
    }

    #key(): ScanResult | undefined {
        const end = stringEnd(this.#text, this.#offset);
        if (typeof end === "string") return this.#fault(end === notText ? "a name in double quotes is missing" : end);
        const top = this.#stack.at(-1);
        if (top !== undefined) top.part = JSON.parse(this.#text.slice(this.#offset, end));
        return this.#goOn(end - this.#offset, "colon");
    }

    #value(next: string): ScanResult | undefined {
        if (this.#path !== undefined && isAt(this.#stack, this.#path)) return { found: this.#offset };
        if (next === "{" || next === "[") {
            this.#stack.push({ isObject: next === "{", part: next === "{" ? "" : 0 });
            return this.#goOn(1, next === "{" ? "key or }" : "value or ]");
        }
        const end = stringEnd(this.#text, this.#offset);
        if (typeof end === "number") this.#offset = end;
        else if (end !== notText) return this.#fault(end);
        else if (!this.#take(literal)) return this.#fault("a value is missing or not valid JSON");
        return this.#goOn(0, this.#afterValue());
    }

    #endOfContainer(): undefined {
        this.#stack.pop();
        return this.#goOn(1, this.#afterValue());
    }

    #afterValue(): Expected {
        return this.#stack.length === 0 ? "end" : "comma or end";
    }

    #goOn(characters: number, expected: Expected): undefined {
        this.#offset += characters;
        this.#expected = expected;
    }

    #take(pattern: RegExp): boolean {
        pattern.lastIndex = this.#offset;
        const [taken] = pattern.exec(this.#text) ?? [];
        this.#offset += taken?.length ?? 0;
        return taken !== undefined;
    }

    #fault(message: string): ScanResult {
        return { fault: { offset: this.#offset, message } };
    }
}

function isAt(stack: readonly Container[], path: readonly (string | number)[]): boolean {
    return stack.length === path.length && path.every((part, depth) => stack[depth]?.part === part);
}

const notText = "not a text";
const cutOff = "the text is cut off";
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Where the text that begins there ends, or what is wrong with it. A loop, since a pattern would need memory for long ones. */
function stringEnd(text: string, start: number): number | string {
    if (text[start] !== '"') return notText;
    for (let at = start + 1; at < text.length; at += 1) {
        const unit = text.charCodeAt(at);
        if (unit === 0x22) return at + 1;
        if (unit < 0x20) return "a text has a line break or another control character in it";
        if (unit !== 0x5c) continue;
        escapeSequence.lastIndex = at;
        const [found] = escapeSequence.exec(text) ?? [];
        if (found === undefined) return text.length - at < 6 ? cutOff : "a text has an escape that JSON does not have";
        at += found.length - 1;
    }
    return cutOff;
}

/** Line and column, both from 1 on, as editors count. */
export function linePosition(text: string, offset: number): { readonly line: number; readonly column: number } {
    const before = text.slice(0, offset);
    const lineStart = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
