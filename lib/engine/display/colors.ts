import type { StepOp } from "../deployment/step";

/** Colors a text, or returns it unchanged. */
export type Painter = (color: Color, text: string) => string;

export type Color = "green" | "red" | "yellow" | "blue" | "magenta" | "cyan" | "bold" | "dim" | "plain";

const codes: Record<Color, string> = {
    green: "32",
    red: "31",
    yellow: "33",
    blue: "34",
    magenta: "35",
    cyan: "36",
    bold: "1",
    dim: "2",
    plain: "",
};

export const noColors: Painter = (_color, text) => text;

export const ansiColors: Painter = (color, text) =>
    color === "plain" || text === "" ? text : `\u001b[${codes[color]}m${text}\u001b[0m`;

/** @param choice `--color`: always, never, raw, auto; auto colors on terminals, unless NO_COLOR is set */
export function painterFor(choice: string, isTerminal: boolean, environment: NodeJS.ProcessEnv): Painter {
    if (choice === "always") return ansiColors;
    return choice === "auto" && isTerminal && !environment.NO_COLOR ? ansiColors : noColors;
}

export const opColors: Record<StepOp, Color> = {
    same: "plain",
    create: "green",
    update: "yellow",
    delete: "red",
    replace: "magenta",
    "create-replacement": "green",
    "delete-replaced": "red",
    read: "cyan",
    "read-replacement": "cyan",
    discard: "red",
    "discard-replaced": "red",
    "remove-pending-replace": "yellow",
    import: "green",
    "import-replacement": "green",
    refresh: "blue",
};

export const markColors = { "  ": "plain", "+ ": "green", "- ": "red", "~ ": "yellow" } as const satisfies Record<
    string,
    Color
>;
