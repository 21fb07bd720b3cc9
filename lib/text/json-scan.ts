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
    const stack: Container[] = [];
    let expected: Expected = "value";
    let offset = 0;
    const fault = (message: string): ScanResult => ({ fault: { offset, message } });
    const afterValue = (): Expected => (stack.length === 0 ? "end" : "comma or end");
    const take = (pattern: RegExp): string | undefined => {
        pattern.lastIndex = offset;
        const [taken] = pattern.exec(text) ?? [];
        if (taken !== undefined) offset += taken.length;
        return taken;
    };
    for (;;) {
        take(/[ \t\r\n]*/y);
        const next = text[offset];
        const top = stack.at(-1);
        if (next === undefined) {
            return expected === "end" ? {} : fault(cutOff);
        }
        if (expected === "end") return fault("there is more after the end of the document");
        if (expected === "colon") {
            if (next !== ":") return fault("a colon is missing");
            offset += 1;
            expected = "value";
        } else if (expected === "comma or end" && top !== undefined) {
            if (next === ",") {
                offset += 1;
                if (!top.isObject) top.part = (top.part as number) + 1;
                expected = top.isObject ? "key" : "value";
            } else if (next === (top.isObject ? "}" : "]")) {
                offset += 1;
                stack.pop();
                expected = afterValue();
            } else return fault("a comma or a closing bracket is missing");
        } else if (expected === "key" || expected === "key or }") {
            if (next === "}" && expected === "key or }") {
                offset += 1;
                stack.pop();
                expected = afterValue();
            } else {
                const end = stringEnd(text, offset);
                if (typeof end === "string") return fault(end === notText ? "a name in double quotes is missing" : end);
                if (top !== undefined) top.part = JSON.parse(text.slice(offset, end));
                offset = end;
                expected = "colon";
            }
        } else if (next === "]" && expected === "value or ]") {
            offset += 1;
            stack.pop();
            expected = afterValue();
        } else {
            if (path !== undefined && isAt(stack, path)) return { found: offset };
            if (next === "{" || next === "[") {
                offset += 1;
                stack.push({ isObject: next === "{", part: next === "{" ? "" : 0 });
                expected = next === "{" ? "key or }" : "value or ]";
            } else {
                const end = stringEnd(text, offset);
                if (typeof end === "number") offset = end;
                else if (end !== notText) return fault(end);
                else if (take(literal) === undefined) return fault("a value is missing or not valid JSON");
                expected = afterValue();
            }
        }
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
