import { counted, firstColumns, htmlText, shortened } from "../../text";
import { stackWords, waveWords } from "./report-words";
import type { ReportedWave, StackState } from "./rollout-report";

/** A sign beside the color, for color-blind readers and for print. */
const signs: Record<StackState, string> = {
    deployed: "✓",
    unchanged: "=",
    failed: "✕",
    differs: "≠",
    held: "⊘",
    interrupted: "‖",
    waiting: "·",
    running: "…",
    "not-planned": "?",
};

const step = 26;
const box = 22;

/** Where the parts of a picture are. */
interface Layout {
    readonly width: number;
    /** Where the boxes begin. */
    readonly left: number;
    /** How far the boxes are below the name of their wave. */
    readonly below: number;
    readonly perLine: number;
    readonly legendColumns: number;
}

/** A narrow display shows the names above the boxes, in the same size of letters. */
const layouts = {
    wide: { width: 860, left: 240, below: 0, perLine: Math.floor(620 / step), legendColumns: 4 },
    narrow: { width: 350, left: 0, below: 22, perLine: Math.floor(350 / step), legendColumns: 2 },
} as const satisfies Record<string, Layout>;

/** A picture of the waves from top to bottom, with a box for each stack. Colors come from the page's style. */
export function wavePicture(waves: readonly ReportedWave[], display: keyof typeof layouts): string {
    const layout: Layout = layouts[display];
    const { width, below, perLine, legendColumns } = layout;
    let top = 8;
    const rows = waves.map((wave, index) => {
        const lines = Math.max(1, Math.ceil(wave.stacks.length / perLine));
        const row = waveRow(wave, index, top, layout);
        top += below + lines * step + 14;
        return row;
    });
    const used = (Object.keys(signs) as StackState[]).filter((state) =>
        waves.some(({ stacks }) => stacks.some((one) => one.state === state)),
    );
    const legend = used.map((state, index) => {
        const x = (index % legendColumns) * (legendColumns === 2 ? 175 : 210);
        const y = top + 8 + Math.floor(index / legendColumns) * step;
        return `${stackBox(state, x, y)}<text class="label" x="${x + step + 4}" y="${y + 15}">${htmlText(stackWords[state])}</text>`;
    });
    const height = top + 16 + Math.ceil(used.length / legendColumns) * step;
    const description = waves
        .map(({ name, state, stacks }) => `${name}: ${waveWords[state]}, ${counted(stacks.length, "stack")}`)
        .join("; ");
    return [
        `<svg class="waves ${display}" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-labelledby="waves-title-${display} waves-description-${display}" xmlns="http://www.w3.org/2000/svg">`,
        `<title id="waves-title-${display}">Waves and outcomes</title>`,
        `<desc id="waves-description-${display}">${htmlText(description)}</desc>`,
        ...rows,
        ...legend,
        "</svg>",
    ].join("\n");
}

function waveRow(
    { name, state, stacks }: ReportedWave,
    index: number,
    top: number,
    { width, left, below, perLine }: Layout,
): string {
    const short = firstColumns(name, 19) === name ? name : `${firstColumns(name, 18)}…`;
    const boxes = stacks.map((stack, position) => {
        const x = left + (position % perLine) * step;
        const y = top + below + Math.floor(position / perLine) * step;
        const title = `${stack.name}: ${stackWords[stack.state]}${stack.reason === undefined ? "" : ` (${shortened(stack.reason, 200)})`}`;
        return `<g><title>${htmlText(title)}</title>${stackBox(stack.state, x, y)}</g>`;
    });
    return [
        `<text class="label" x="0" y="${top + 15}">${index + 1}. ${htmlText(short)}</text>`,
        `<text class="label faint" x="${left === 0 ? width : left - 12}" y="${top + 15}" text-anchor="end">${htmlText(waveWords[state])}</text>`,
        ...boxes,
    ].join("\n");
}

function stackBox(state: StackState, x: number, y: number): string {
    const middle = box / 2;
    return `<rect class="box ${state}" x="${x}" y="${y}" width="${box}" height="${box}" rx="4"/><text class="sign ${state}" x="${x + middle}" y="${y + 16}" text-anchor="middle">${signs[state]}</text>`;
}
