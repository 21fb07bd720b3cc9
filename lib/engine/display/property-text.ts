import { displayWidth, padded as paddedText } from "../../text";
import {
    Archive,
    Asset,
    isPropertyList,
    isPropertyMap,
    type PropertyMap,
    type PropertyValue,
    ResourceReference,
    Secret,
    Unknown,
    valuesEqual,
} from "../values/property-value";
import { markColors, type Painter } from "./colors";

/** A line of a property diff, with the mark before it. */
export interface DiffLine {
    readonly mark: "  " | "+ " | "- " | "~ ";
    readonly text: string;
    /** The number of maps and lists around the line. */
    readonly depth: number;
}

/** A value on one line, as the CLI writes it. */
export function valueText(value: PropertyValue): string {
    if (value instanceof Secret) return "[secret]";
    if (value instanceof Unknown) return "[unknown]";
    if (value instanceof Asset) return `asset(${value.hash.slice(0, 7)})`;
    if (value instanceof Archive) return `archive(${value.hash.slice(0, 7)})`;
    if (value instanceof ResourceReference) return value.urn;
    if (isPropertyList(value)) return `[${value.map(valueText).join(", ")}]`;
    if (isPropertyMap(value))
        return `{${Object.keys(value)
            .map((key) => `${key}: ${valueText(value[key] as PropertyValue)}`)
            .join(", ")}}`;
    return value === null ? "<null>" : JSON.stringify(value);
}

/** Properties that begin with two underscores are for the SDK only. */
const isShown = (key: string): boolean => !key.startsWith("__");

export const shownKeys = (...maps: PropertyMap[]): string[] =>
    [...new Set(maps.flatMap((map) => Object.keys(map)))].filter(isShown).sort();

/** All properties, one to a line, names padded to the longest. */
export function propertyLines(properties: PropertyMap, mark: DiffLine["mark"] = "  "): DiffLine[] {
    const keys = shownKeys(properties);
    return keys.flatMap((key) => valueLines(mark, padded(key, keys), properties[key] as PropertyValue, 0));
}

/** Two sets of properties line by line, changed or not. */
export function diffLines(olds: PropertyMap, news: PropertyMap, depth = 0): DiffLine[] {
    const keys =
        depth === 0 ? shownKeys(olds, news) : [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
    return keys.flatMap((key) => changeLines(padded(key, keys), olds[key], news[key], depth));
}

/** The names of the properties that changed, marked as the CLI does: `+new, -gone, ~changed`. */
export function changedNames(olds: PropertyMap, news: PropertyMap): string[] {
    return shownKeys(olds, news)
        .filter((key) => !valuesEqual(olds[key], news[key]))
        .map((key) => `${olds[key] === undefined ? "+" : news[key] === undefined ? "-" : "~"}${key}`);
}

function changeLines(
    label: string,
    old: PropertyValue | undefined,
    now: PropertyValue | undefined,
    depth: number,
): DiffLine[] {
    if (old === undefined) return valueLines("+ ", label, now as PropertyValue, depth);
    if (now === undefined) return valueLines("- ", label, old, depth);
    if (valuesEqual(old, now)) return valueLines("  ", label, now, depth);
    if (isPropertyMap(old) && isPropertyMap(now))
        return bracketed("~ ", label, "{", "}", diffLines(old, now, depth + 1), depth);
    if (isPropertyList(old) && isPropertyList(now)) {
        const count = Math.max(old.length, now.length);
        const items = Array.from({ length: count }, (_, index) =>
            changeLines(`[${index}]`, old[index], now[index], depth + 1),
        );
        return bracketed("~ ", label, "[", "]", items.flat(), depth);
    }
    return [{ mark: "~ ", text: `${label}: ${valueText(old)} => ${valueText(now)}`, depth }];
}

function valueLines(mark: DiffLine["mark"], label: string, value: PropertyValue, depth: number): DiffLine[] {
    if (isPropertyMap(value) && Object.keys(value).length > 0) {
        const keys = Object.keys(value).sort();
        const inner = keys.flatMap((key) =>
            valueLines(mark, padded(key, keys), value[key] as PropertyValue, depth + 1),
        );
        return bracketed(mark, label, "{", "}", inner, depth);
    }
    if (isPropertyList(value) && value.length > 0) {
        const inner = value.flatMap((item, index) => valueLines(mark, `[${index}]`, item, depth + 1));
        return bracketed(mark, label, "[", "]", inner, depth);
    }
    return [{ mark, text: `${label}: ${valueText(value)}`, depth }];
}

function bracketed(
    mark: DiffLine["mark"],
    label: string,
    open: string,
    close: string,
    inner: DiffLine[],
    depth: number,
): DiffLine[] {
    return [{ mark, text: `${label}: ${open}`, depth }, ...inner, { mark, text: close, depth }];
}

const padded = (key: string, keys: readonly string[]): string => paddedText(key, Math.max(...keys.map(displayWidth)));

/** Lines of a diff, indented and colored. */
export function diffText(lines: readonly DiffLine[], depth: number, paint: Painter): string {
    return lines
        .map(({ mark, text, depth: inner }) => {
            const indent = "    ".repeat(depth + inner);
            return `${paint(markColors[mark], `${indent.slice(2)}${mark}${text}`)}\n`;
        })
        .join("");
}
