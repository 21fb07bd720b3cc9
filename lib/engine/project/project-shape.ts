import { DocumentShape } from "../../documents";

/** The shape of `Pulumi.yaml`. */
export interface WrittenProject {
    readonly name: string;
    readonly runtime?: string | { readonly name?: string; readonly options?: Readonly<Record<string, unknown>> };
    readonly main?: string | null;
    readonly config?: string | null | Readonly<Record<string, unknown>>;
    readonly stackConfigDir?: string | null;
    readonly backend?: { readonly url?: string } | null;
    readonly options?: { readonly refresh?: "always" } | null;
    readonly plugins?: {
        readonly providers?: readonly WrittenPlugin[] | null;
        readonly languages?: readonly WrittenPlugin[] | null;
        readonly analyzers?: readonly WrittenPlugin[] | null;
    } | null;
    readonly packages?: Readonly<Record<string, string | WrittenPackage>> | null;
}

export interface WrittenPlugin {
    readonly name: string;
    readonly path: string;
    readonly version?: string | null;
}

export interface WrittenPackage {
    readonly source: string;
    readonly version?: string | null;
    readonly parameters?: readonly string[];
}

/** One key of `config` in `Pulumi.yaml`. */
export interface WrittenConfigType {
    readonly type?: ConfigTypeName;
    readonly items?: ConfigItems;
    readonly description?: string;
    readonly secret?: boolean;
    readonly default?: unknown;
    readonly value?: unknown;
}

export type ConfigTypeName = "string" | "integer" | "boolean" | "array" | "object";

export interface ConfigItems {
    readonly type: ConfigTypeName;
    readonly items?: ConfigItems;
}

const optionalText = { type: ["string", "null"] };
/** The system refuses NUL in a path. */
const optionalPath = { type: ["string", "null"], pattern: "^[^\\u0000]*$" };
const optionalMap = (properties: object): object => ({
    type: ["object", "null"],
    properties,
    additionalProperties: false,
});
const plugins = {
    type: ["array", "null"],
    items: {
        type: "object",
        required: ["name", "path"],
        properties: {
            name: { type: "string", pattern: "^[a-zA-Z0-9-][a-zA-Z0-9-_.]*[a-zA-Z0-9]$" },
            path: { type: "string", minLength: 1, pattern: "^[^\\u0000]*$" },
            version: { type: ["string", "null"], pattern: "^\\d+\\.\\d+\\.\\d+([-+].*)?$" },
        },
        additionalProperties: false,
    },
};
const typeName = { enum: ["string", "integer", "boolean", "array", "object"] };

/** Refuses what the CLI's schema refuses (sdk/go/common/workspace/project.json), and NULs in paths. */
export const projectShape = new DocumentShape<WrittenProject>({
    type: "object",
    required: ["name"],
    properties: {
        name: { type: "string" },
        description: optionalText,
        author: optionalText,
        website: optionalText,
        license: optionalText,
        runtime: {
            type: ["string", "object"],
            minLength: 1,
            properties: { name: { type: "string", minLength: 1 }, options: { type: "object" } },
            additionalProperties: false,
        },
        main: optionalPath,
        config: {
            type: ["object", "string", "null"],
            pattern: "^[^\\u0000]*$",
            // As in the CLI's schema, where it is in the wrong place.
            properties: { secret: { type: "boolean" } },
            additionalProperties: {
                type: ["string", "integer", "boolean", "array", "object"],
                properties: {
                    type: typeName,
                    items: { $ref: "#/$defs/items" },
                    description: { type: "string" },
                    secret: { type: "boolean" },
                    default: {},
                    value: {},
                },
                additionalProperties: false,
            },
        },
        stackConfigDir: optionalPath,
        backend: optionalMap({ url: { type: "string" } }),
        options: optionalMap({ refresh: { const: "always" } }),
        plugins: optionalMap({ providers: plugins, languages: plugins, analyzers: plugins }),
        packages: {
            type: ["object", "null"],
            propertyNames: { pattern: "^[a-zA-Z0-9-][a-zA-Z0-9-_.]*[a-zA-Z0-9]$" },
            additionalProperties: {
                type: ["string", "object"],
                minLength: 1,
                pattern: "^[^\\u0000]*$",
                required: ["source"],
                properties: {
                    source: { type: "string", minLength: 1, pattern: "^[^\\u0000]*$" },
                    version: { type: ["string", "null"] },
                    parameters: { type: "array", items: { type: "string" } },
                    checksums: { type: ["object", "null"], additionalProperties: { type: "string" } },
                },
                additionalProperties: false,
            },
        },
        template: optionalMap({
            displayName: optionalText,
            description: optionalText,
            quickstart: optionalText,
            important: { type: ["boolean", "null"] },
            metadata: { type: ["object", "null"], additionalProperties: { type: "string" } },
            config: {
                type: ["object", "null"],
                additionalProperties: {
                    type: ["object", "string", "number", "boolean", "array", "null"],
                    properties: { description: optionalText, default: {}, secret: { type: ["boolean", "null"] } },
                },
            },
        }),
    },
    $defs: {
        items: {
            type: "object",
            required: ["type"],
            properties: { type: typeName, items: { $ref: "#/$defs/items" } },
        },
    },
});
