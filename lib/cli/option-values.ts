import { InvalidArgumentError } from "commander";

/** The values of an option that may be given more than once. */
export const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** Reads a whole number; without a greatest one, any that a number holds exactly. */
export function wholeNumber(least: number, most?: number): (text: string) => number {
    return (text) => {
        const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
        if (value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return value;
        throw new InvalidArgumentError(
            `It must be a whole number from ${least} ${most === undefined ? "on" : `to ${most}`}.`,
        );
    };
}
