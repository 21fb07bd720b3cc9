import type { ConfigItems, ConfigTypeName, WrittenConfigType } from "./project-shape";

/** One configuration key, as `Pulumi.yaml` declares it. */
export interface ConfigDeclaration {
    /** As the file has it, for messages. */
    readonly name: string;
    /** With its namespace. */
    readonly key: string;
    readonly type: ConfigTypeName | undefined;
    readonly items: ConfigItems | undefined;
    readonly secret: boolean;
    /** The value where the stack sets none. */
    readonly value: unknown;
    /** Whether the key belongs to the project: without a value here, a stack must set one. */
    readonly isProjects: boolean;
}

/** Reads `config` of `Pulumi.yaml`. Plain values are defaults of the project's own keys, and values of other keys. */
export function configDeclarations(config: Readonly<Record<string, unknown>>, project: string): ConfigDeclaration[] {
    return Object.entries(config).map(([name, written]) => {
        const isProjects = !name.includes(":") || name.startsWith(`${project}:`);
        const declared = isConfigType(written) ? written : { value: written };
        return {
            name,
            key: name.includes(":") ? name : `${project}:${name}`,
            type: declared.type,
            items: declared.items,
            secret: declared.secret === true,
            value: declared.value ?? declared.default ?? undefined,
            isProjects,
        };
    });
}

/** Faults of `config` in `Pulumi.yaml` that its schema does not find (workspace/project.go, Project.Validate). */
export function configDeclarationFaults(config: Readonly<Record<string, unknown>>, project: string): string[] {
    return Object.entries(config).flatMap(([name, written]) => {
        if (!isConfigType(written)) return [];
        const { type, items, value, default: standard } = written;
        const hasDefault = standard !== undefined && standard !== null;
        const hasValue = value !== undefined && value !== null;
        if (hasDefault && hasValue) return [`"config.${name}" has both "default" and "value"`];
        if (!(!name.includes(":") || name.startsWith(`${project}:`))) {
            if (type !== undefined) return [`"config.${name}" is not the project's own key and cannot have a "type"`];
            if (hasDefault) return [`"config.${name}" is not the project's own key: use "value" in place of "default"`];
            return hasValue ? [] : [`"config.${name}" is not the project's own key and needs a "value"`];
        }
        if (type === "array" && items === undefined) return [`"config.${name}" is an array and has no "items"`];
        if (type !== undefined && hasDefault && !hasConfigType(standard, type, items))
            return [`the default of "config.${name}" is not of the type ${typeText(type, items)}`];
        return [];
    });
}

/** Whether a value of the configuration has a type; numbers and truth values may be text. */
export function hasConfigType(value: unknown, type: ConfigTypeName, items: ConfigItems | undefined): boolean {
    switch (type) {
        case "string":
            return typeof value === "string";
        case "integer":
            return (
                Number.isInteger(value) ||
                typeof value === "bigint" ||
                (typeof value === "string" && /^[+-]?\d+$/.test(value))
            );
        case "boolean":
            return typeof value === "boolean" || value === "true" || value === "false";
        case "object":
            return typeof value === "object" && value !== null && !Array.isArray(value);
        case "array":
            return (
                Array.isArray(value) &&
                items !== undefined &&
                value.every((item) => hasConfigType(item, items.type, items.items))
            );
    }
}

/** A type in words: `array<string>`. */
export const typeText = (type: ConfigTypeName, items: ConfigItems | undefined): string =>
    items === undefined ? type : `array<${typeText(items.type, items.items)}>`;

const isConfigType = (written: unknown): written is WrittenConfigType =>
    typeof written === "object" && written !== null && !Array.isArray(written);
