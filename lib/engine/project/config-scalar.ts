import { UserError } from "../../errors";

/** A plain value of the configuration as its file holds it. */
export type ConfigScalar = string | number | boolean | bigint;

export const configTypes = ["string", "bool", "int", "float"] as const;
export type ConfigType = (typeof configTypes)[number];

/** Inside structures, a text that looks like a whole number or a truth value becomes one, as with `pulumi config set --path`. */
export function coerced(text: string): ConfigScalar {
    if (text === "true" || text === "false") return text === "true";
    if (!/^[+-]?\d+$/.test(text) || (text.length > 1 && text.startsWith("0"))) return text;
    const value = BigInt(text.replace("+", ""));
    if (value < -(2n ** 63n) || value >= 2n ** 64n) return text;
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/**
 * A text as the type that `config set --type` names.
 * @throws UserError `invalid-command` when it is not one
 */
export function typedScalar(text: string, type: ConfigType): ConfigScalar {
    const isSuitable =
        type === "string" ||
        (type === "int" && /^[+-]?\d+$/.test(text) && isInt64(BigInt(text.replace("+", "")))) ||
        (type === "bool" && /^(1|t|true|0|f|false)$/i.test(text)) ||
        (type === "float" && text.trim() !== "" && Number.isFinite(Number(text)));
    if (!isSuitable)
        throw new UserError(
            "invalid-command",
            `The value is not of the type ${type}: ${JSON.stringify(text)}`,
            {},
            { cure: "Pass a value of this type, or leave --type out." },
        );
    switch (type) {
        case "string":
            return text;
        case "int":
            return BigInt(text.replace("+", ""));
        case "bool":
            return /^(1|t|true)$/i.test(text);
        case "float":
            return Number(text);
    }
}

const isInt64 = (value: bigint): boolean => value >= -(2n ** 63n) && value < 2n ** 63n;
