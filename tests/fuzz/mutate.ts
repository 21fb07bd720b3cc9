type Random = () => number;

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** Texts that readers stumble over. */
const texts = [
    "",
    " ",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "null",
    "undefined",
    "true",
    "NaN",
    "-1",
    "1e999",
    "99999999999999999999",
    "0x7f",
    "\0",
    "\u2028",
    "\u202e",
    "\ud800",
    "\ufeff",
    "../../etc/passwd",
    "$(x)",
    "%s%n%x",
    "<x>",
    "]]>",
    "&lt;",
    "&amp;&#0;",
    "*",
    "&a",
    "!!binary",
    "a".repeat(5000),
    "urn:pulumi:dev::p::t::n",
    "2026-13-45T99:99:99Z",
    "acs:kms:::key/",
] as const;

const values: readonly unknown[] = [
    ...texts,
    null,
    true,
    false,
    0,
    -1,
    0.5,
    1e21,
    2 ** 53,
    Number.MAX_VALUE,
    [],
    {},
    [[]],
    [null],
    { "": null },
    { a: { b: { c: [] } } },
];

/** Largest input, in characters. */
const mostCharacters = 400_000;

/** A wrong value, or a deep or a long one. */
function anyValue(random: Random): unknown {
    const kind = random();
    if (kind < 0.9) return structuredClone(pick(random, values));
    if (kind < 0.94) return nested(below(random, 3000));
    if (kind < 0.97)
        return Array.from({ length: below(random, 20_000) }, (_, index) => (index % 7 === 0 ? null : index));
    return Object.fromEntries(Array.from({ length: below(random, 3000) }, (_, index) => [`key-${index}`, index]));
}

function nested(depth: number): unknown {
    let value: unknown = "deep";
    for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    return value;
}

/** Changes one to four places of a JSON value: other types, missing members, members twice, other keys. */
export function mutatedValue(sample: unknown, random: Random): unknown {
    let value = structuredClone(sample);
    for (let left = 1 + below(random, 4); left > 0; left -= 1) value = changedOnce(value, random);
    return value;
}

function changedOnce(root: unknown, random: Random): unknown {
    const places = placesOf(root);
    const place = pick(random, places);
    if (place === undefined) return anyValue(random);
    const { parent, key } = place;
    const container = parent as Record<string | number, unknown>;
    switch (below(random, 7)) {
        case 0:
            if (Array.isArray(parent)) parent.splice(key as number, 1);
            else delete container[key];
            break;
        case 1:
            if (Array.isArray(parent)) parent.push(structuredClone(parent[key as number]));
            else
                Object.defineProperty(container, pick(random, texts), {
                    value: container[key],
                    enumerable: true,
                    configurable: true,
                    writable: true,
                });
            break;
        case 2: {
            const other = pick(random, places);
            const moved = (other.parent as Record<string | number, unknown>)[other.key];
            container[key] = structuredClone(moved);
            break;
        }
        case 3:
            container[key] = [container[key]];
            break;
        case 4:
            container[key] = { [pick(random, texts)]: container[key] };
            break;
        case 5: {
            const text = container[key];
            container[key] = typeof text === "string" ? mutatedText(text, text, random) : anyValue(random);
            break;
        }
        default:
            container[key] = anyValue(random);
    }
    return root;
}

interface Place {
    readonly parent: object;
    readonly key: string | number;
}

function placesOf(root: unknown): Place[] {
    const found: Place[] = [];
    const waiting: unknown[] = [root];
    while (waiting.length > 0 && found.length < 5000) {
        const value = waiting.shift();
        if (typeof value !== "object" || value === null) continue;
        for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
            found.push({ parent: value, key });
            waiting.push((value as Record<string | number, unknown>)[key]);
        }
    }
    return found;
}

/** Changes one to four places of a text: characters, tokens, lines, repetitions, parts of another text. */
export function mutatedText(sample: string, other: string, random: Random): string {
    let text = sample;
    for (let left = 1 + below(random, 4); left > 0; left -= 1)
        text = textChangedOnce(text, other, random).slice(0, mostCharacters);
    return text;
}

function textChangedOnce(text: string, other: string, random: Random): string {
    const at = below(random, text.length + 1);
    const length = Math.min(text.length - at, 1 + below(random, random() < 0.8 ? 8 : 400));
    const [before, cut, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
    switch (below(random, 12)) {
        case 0:
            return before + after;
        case 1:
            return before;
        case 2:
            return before + pick(random, texts) + cut + after;
        case 3:
            return before + String.fromCharCode(below(random, random() < 0.7 ? 128 : 0x1_0000)) + text.slice(at + 1);
        case 4:
            return before + cut + cut + after;
        case 5:
            return before + cut.repeat(below(random, Math.ceil(60_000 / Math.max(1, cut.length)))) + after;
        case 6: {
            const from = below(random, other.length + 1);
            return before + other.slice(from, from + 1 + below(random, 300)) + after;
        }
        case 7:
            return replacedToken(
                text,
                /"[^"\\\n]*"/g,
                () => (random() < 0.8 ? JSON.stringify(pick(random, texts)) : deepText(random)),
                random,
            );
        case 8:
            return replacedToken(
                text,
                /-?\d+(\.\d+)?/g,
                () => pick(random, ["-1", "0", "1e999", "99999999999999999999", "0.1", "NaN", ""]),
                random,
            );
        case 9:
            return linesChanged(text, random);
        case 10:
            return elementChanged(text, random);
        default:
            return (
                before +
                pick(random, [
                    "[",
                    "]",
                    "{",
                    "}",
                    ":",
                    ",",
                    "\n",
                    "\n  ",
                    "<",
                    ">",
                    "/",
                    "&",
                    "#",
                    "|",
                    "-",
                    "\t",
                    "\r\n",
                    "'",
                    '"',
                    "\\",
                ]) +
                cut +
                after
            );
    }
}

/** A value so deep that reading it by recursion fails. */
function deepText(random: Random): string {
    const depth = below(random, 60_000);
    const [open, close] = pick(random, [
        ["[", "]"],
        ['{"a":', "}"],
    ]) as [string, string];
    return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

function replacedToken(text: string, token: RegExp, by: () => string, random: Random): string {
    const found = [...text.matchAll(token)];
    const match = pick(random, found);
    if (match === undefined) return text;
    return text.slice(0, match.index) + by() + text.slice(match.index + match[0].length);
}

function linesChanged(text: string, random: Random): string {
    const lines = text.split("\n");
    const at = below(random, lines.length);
    const line = lines[at] ?? "";
    const changes = [
        [],
        [line, line],
        [`  ${line}`],
        [line.trimStart()],
        [`${line} &anchor`],
        [line.replace(/: .*$/, ": *anchor")],
        [line.replace(/: .*$/, ": &a [*a, *a]")],
        [line, "<<: *anchor"],
        [line.replace(/: .*$/, ": !!js/function 'x'")],
        [line.replace(/: .*$/, ": !!binary not-base64")],
        ["---", line],
        ["? [a, b]: c", line],
    ];
    lines.splice(at, 1, ...pick(random, changes));
    return lines.join("\n");
}

/** XML: an element is dropped, doubled, repeated very often, nested, or given something special. */
function elementChanged(text: string, random: Random): string {
    const match = pick(random, [...text.matchAll(/<([A-Za-z]+)>[^<]*<\/\1>/g)]);
    if (match === undefined) return text;
    const [element = "", name = ""] = match;
    const changes = [
        "",
        element + element,
        element.repeat(below(random, Math.ceil(200_000 / element.length))),
        `<${name}/>`.repeat(below(random, 40_000)),
        `<${name}>`.repeat(below(random, 3000)) + element,
        `<${name}>${element}</${name}>`,
        `<${name}><![CDATA[x]]></${name}>`,
        `<${name}><!-- x --></${name}>`,
        `<${name} a="b" xmlns="urn:x">x</${name}>`,
        `<__proto__>x</__proto__>`,
        `<constructor>x</constructor>`,
        `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${element}`,
        `<${name}>&#x41;&unknown;</${name}>`,
        `<?php x ?>${element}`,
        `<${name}>${pick(random, texts)}</${name}>`,
    ];
    return text.slice(0, match.index) + pick(random, changes) + text.slice(match.index + element.length);
}

/** Changes bytes, beside what a text can hold: another encoding, zeros, no UTF-8. */
export function mutatedBytes(text: string, random: Random): Buffer {
    const bytes = Buffer.from(text);
    switch (below(random, 12)) {
        case 0:
            return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
        case 1:
            return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
        case 2: {
            for (let left = 1 + below(random, 8); left > 0 && bytes.length > 0; left -= 1)
                bytes[below(random, bytes.length)] = below(random, 256);
            return bytes;
        }
        case 3:
            return Buffer.concat([bytes, Buffer.alloc(below(random, 5000))]);
        default:
            return bytes;
    }
}

/** An input made of a sample: of its structure where it is JSON, and of its text. */
export function inputOf(samples: readonly string[], random: Random): Buffer {
    const sample = pick(random, samples);
    const isJson = /^\s*[[{]/.test(sample) && random() < 0.6;
    const text =
        (isJson ? mutatedJson(sample, random) : undefined) ?? mutatedText(sample, pick(random, samples), random);
    return mutatedBytes(text.slice(0, mostCharacters), random);
}

/** @returns `undefined` for a text that is no JSON, and where a value became too deep to be written */
function mutatedJson(text: string, random: Random): string | undefined {
    try {
        return JSON.stringify(mutatedValue(JSON.parse(text), random), undefined, random() < 0.5 ? 2 : 0);
    } catch (error) {
        if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
        throw error;
    }
}
