/** A piece of a line in one style. */
export interface StyledText {
    readonly text: string;
    readonly bold: boolean;
    readonly dim: boolean;
    readonly color: Color | undefined;
}

type Color = "red" | "green" | "yellow" | "blue" | "magenta" | "cyan";

const colorNames: Record<string, Color> = {
    31: "red",
    32: "green",
    33: "yellow",
    34: "blue",
    35: "magenta",
    36: "cyan",
};

/** The colors of a picture: legible (contrast of 4.5 and more) on its background. */
export const themes = {
    dark: {
        background: "#111827",
        text: "#e5e7eb",
        ...{
            red: "#f87171",
            green: "#4ade80",
            yellow: "#facc15",
            blue: "#60a5fa",
            magenta: "#e879f9",
            cyan: "#22d3ee",
        },
    },
    light: {
        background: "#f9fafb",
        text: "#111827",
        ...{
            red: "#b91c1c",
            green: "#15803d",
            yellow: "#92400e",
            blue: "#1d4ed8",
            magenta: "#a21caf",
            cyan: "#0e7490",
        },
    },
} as const;

/** What a terminal shows after it got some output: enough of one for lines, colors, and drawing over earlier lines. */
export function screenAfter(output: string): StyledText[][] {
    const lines: StyledText[][] = [];
    let row = 0;
    let style = { bold: false, dim: false, color: undefined as Color | undefined };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals are told with
    for (const [part, cursor, kind] of output.matchAll(/\u001b\[([\d;]*)([A-Za-z])|\r|\n|[^\u001b\r\n]+/g)) {
        if (part === "\n") row += 1;
        else if (part === "\r") continue;
        else if (kind === "A") row = Math.max(0, row - Number(cursor || 1));
        else if (kind === "J") lines.length = Math.min(lines.length, row);
        else if (kind === "m") style = styleAfter(style, (cursor ?? "").split(";"));
        else if (kind === undefined) {
            while (lines.length <= row) lines.push([]);
            lines[row]?.push({ text: part, ...style });
        }
    }
    return lines;
}

function styleAfter(before: Omit<StyledText, "text">, codes: readonly string[]): Omit<StyledText, "text"> {
    let style = before;
    for (const code of codes) {
        if (code === "" || code === "0") style = { bold: false, dim: false, color: undefined };
        else if (code === "1") style = { ...style, bold: true };
        else if (code === "2") style = { ...style, dim: true };
        else style = { ...style, color: colorNames[code] ?? style.color };
    }
    return style;
}

/** The output in pieces, each of which draws over the one before. */
export function framesOf(output: string): string[] {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    return output.split(/(?=\u001b\[\d+A\r?\u001b\[J)/);
}

/** A line as a terminal of that width shows it: the rest goes on below. */
function wrapped(line: readonly StyledText[], columns: number): StyledText[][] {
    const rows: StyledText[][] = [[]];
    let room = columns;
    for (const { text, ...style } of line) {
        for (let rest = text; rest !== ""; ) {
            if (room === 0) {
                rows.push([]);
                room = columns;
            }
            const part = rest.slice(0, room);
            rows.at(-1)?.push({ text: part, ...style });
            rest = rest.slice(part.length);
            room -= part.length;
        }
    }
    return rows;
}

/** A picture of a terminal's lines. */
export function svgOf(
    lines: readonly (readonly StyledText[])[],
    columns: number,
    label: string,
    theme: keyof typeof themes = "dark",
): string {
    const painted = themes[theme];
    const [cell, height, margin] = [8.4, 19, 14];
    const width = Math.ceil(columns * cell + 2 * margin);
    const rows = lines.flatMap((line) => wrapped(line, columns));
    const total = rows.length * height + 2 * margin;
    const texts = rows.map((line, row) => {
        const spans = line.map(({ text, bold, dim, color }) => {
            const attributes = [
                color === undefined ? "" : ` fill="${painted[color]}"`,
                bold ? ' font-weight="bold"' : "",
                dim ? ' opacity="0.6"' : "",
            ].join("");
            return `<tspan${attributes}>${escaped(text)}</tspan>`;
        });
        return `<text x="${margin}" y="${margin + (row + 0.75) * height}">${spans.join("")}</text>`;
    });
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-label="${escaped(label)}">
<rect width="100%" height="100%" rx="8" fill="${painted.background}"/>
<style>text { white-space: pre }</style>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${painted.text}">
${texts.join("\n")}
</g>
</svg>
`;
}

const escaped = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
