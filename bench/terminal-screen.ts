/** A piece of a line in one style. */
export interface StyledText {
    readonly text: string;
    readonly bold: boolean;
    readonly dim: boolean;
    readonly color: string | undefined;
}

const colors: Record<string, string> = {
    31: "#f87171",
    32: "#4ade80",
    33: "#facc15",
    34: "#60a5fa",
    35: "#e879f9",
    36: "#22d3ee",
};

/** What a terminal shows after it got some output: enough of one for lines, colors, and drawing over earlier lines. */
export function screenAfter(output: string): StyledText[][] {
    const lines: StyledText[][] = [];
    let row = 0;
    let style = { bold: false, dim: false, color: undefined as string | undefined };
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
        else style = { ...style, color: colors[code] ?? style.color };
    }
    return style;
}

/** The output in pieces, each of which draws over the one before. */
export function framesOf(output: string): string[] {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    return output.split(/(?=\u001b\[\d+A\r?\u001b\[J)/);
}

/** A picture of a terminal's lines. */
export function svgOf(lines: readonly (readonly StyledText[])[], columns: number, label: string): string {
    const [cell, height, margin] = [8.4, 19, 14];
    const width = Math.ceil(columns * cell + 2 * margin);
    const total = lines.length * height + 2 * margin;
    const texts = lines.map((line, row) => {
        const spans = line.map(({ text, bold, dim, color }) => {
            const attributes = [
                color === undefined ? "" : ` fill="${color}"`,
                bold ? ' font-weight="bold"' : "",
                dim ? ' opacity="0.6"' : "",
            ].join("");
            return `<tspan${attributes}>${escaped(text)}</tspan>`;
        });
        return `<text x="${margin}" y="${margin + (row + 0.75) * height}">${spans.join("")}</text>`;
    });
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-label="${escaped(label)}">
<rect width="100%" height="100%" rx="8" fill="#111827"/>
<style>text { white-space: pre }</style>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e5e7eb">
${texts.join("\n")}
</g>
</svg>
`;
}

const escaped = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
