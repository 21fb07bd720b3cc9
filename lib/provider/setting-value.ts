import type { StoreSetting } from "../stores";
import { settingTable } from "./setting";

/**
 * A setting's decoded value: engines pass structured values as JSON, and an id that `pulumi config set --path` stored
 * as a number counts as text. `undefined` where the setting is absent or empty.
 */
export function settingValue({ type }: Pick<StoreSetting, "type">, raw: unknown): unknown {
    if (raw === undefined || raw === null || raw === "") return undefined;
    if (type === "text" || type === "boolean") return typeof raw === "object" ? raw : scalar(raw, type);
    const value = structured(raw);
    return type === "account" ? withTextId(value) : idList(value);
}

/** Settings by their names, with decoded values; absent and empty ones are omitted. Other names are unchanged. */
export function canonicalSettings(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const settings = new Map(settingTable().map((row) => [row.name, row]));
    const decoded = Object.entries(raw).map(([name, value]): [string, unknown] => {
        const setting = settings.get(name);
        return [name, setting === undefined || typeof value === "symbol" ? value : settingValue(setting, value)];
    });
    return Object.fromEntries(decoded.filter(([, value]) => value !== undefined));
}

function scalar(raw: unknown, type: "text" | "boolean"): unknown {
    const value = structured(raw);
    if (typeof value === "object") return value;
    if (type === "boolean" && (raw === "true" || raw === "false")) return raw === "true";
    return type === "text" && typeof raw === "number" ? String(raw) : raw;
}

function structured(raw: unknown): unknown {
    if (typeof raw !== "string" || !/^\s*[[{]/.test(raw)) return raw;
    try {
        return JSON.parse(raw);
    } catch {
        return raw;
    }
}

function withTextId(account: unknown): unknown {
    if (typeof account !== "object" || account === null || Array.isArray(account) || !("id" in account)) return account;
    return { ...account, id: textId(account.id) };
}

/** A list, or one text with commas, which is how people set a list without `--path`. */
function idList(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(textId);
    return typeof value === "string" || typeof value === "number" ? String(value).split(/[\s,]+/) : [value];
}

/** A number that JavaScript holds exactly is the id that was written. Any other stays a number and is refused as one. */
function textId(id: unknown): unknown {
    return Number.isSafeInteger(id) ? String(id) : id;
}
