import { readFileSync } from "node:fs";
import type { ErrorObject, ValidateFunction } from "ajv";
import { UserError } from "../../errors";

export const enforcementLevels = ["advisory", "mandatory", "disabled", "remediate"] as const;
/** In the order of the protocol's numbers (analyzer.proto, EnforcementLevel). */
export type EnforcementLevel = (typeof enforcementLevels)[number];

/** What one policy is told to do. */
export interface PolicyConfig {
    readonly level?: EnforcementLevel | undefined;
    readonly properties: { readonly [name: string]: unknown };
}

/** A policy as its pack describes it. */
export interface PolicyInfo {
    readonly name: string;
    readonly level: EnforcementLevel;
    /** JSON schema of each property. */
    readonly schema: { readonly [property: string]: { readonly default?: unknown } };
    readonly required: readonly string[];
}

/** Reads a file of `--policy-pack-config`: JSON with a level or properties for each policy. @throws UserError `invalid-policy-pack` */
export function readPolicyConfig(file: string): Map<string, PolicyConfig> {
    let json: unknown;
    try {
        json = JSON.parse(readFileSync(file, "utf8"));
    } catch (cause) {
        throw new UserError(
            "invalid-policy-pack",
            `The policies' configuration can't be read: ${(cause as Error).message}`,
            { file },
            { cause },
        );
    }
    return new Map(
        Object.entries(json as object).map(([name, value]: [string, unknown]) => {
            if (typeof value === "string") return [name, { level: levelOf(value, file), properties: {} }];
            const { enforcementLevel, ...properties } = value as { enforcementLevel?: unknown };
            return [
                name,
                { level: enforcementLevel === undefined ? undefined : levelOf(enforcementLevel, file), properties },
            ];
        }),
    );
}

function levelOf(value: unknown, file: string): EnforcementLevel {
    const level = enforcementLevels.find((known) => known === value);
    if (level !== undefined) return level;
    throw new UserError("invalid-policy-pack", `${JSON.stringify(value)} is not an enforcement level`, { file });
}

/** The defaults of the policies' schemas, then what the pack itself sets, then what the user does; `all` sets the level of every policy. */
export function effectiveConfig(
    policies: readonly PolicyInfo[],
    layers: readonly ReadonlyMap<string, PolicyConfig>[],
): Map<string, Required<PolicyConfig>> {
    const result = new Map<string, Required<PolicyConfig>>(
        policies.map(({ name, level, schema }) => [name, { level, properties: defaultsOf(schema) }]),
    );
    for (const layer of layers) {
        const all = layer.get("all")?.level;
        for (const [name, config] of result) {
            const own = layer.get(name);
            result.set(name, {
                level: own?.level ?? all ?? config.level,
                properties: { ...config.properties, ...own?.properties },
            });
        }
    }
    return result;
}

/**
 * What is wrong with a configuration, in words: all that doesn't suit the policies' JSON schemas. Formats aren't looked at, as the
 * CLI looks at few.
 */
export function configFaults(policies: readonly PolicyInfo[], config: ReadonlyMap<string, PolicyConfig>): string[] {
    // Loaded here: only operations with policies need it.
    const { Ajv }: typeof import("ajv") = require("ajv");
    const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false });
    return policies.flatMap(({ name, schema, required }) => {
        const { properties = {} } = config.get(name) ?? {};
        let isSuitable: ValidateFunction;
        try {
            isSuitable = ajv.compile({ type: "object", properties: schema, required: [...required] });
        } catch (error) {
            return [`${name}: its JSON schema can't be used: ${(error as Error).message}`];
        }
        return isSuitable(properties) ? [] : (isSuitable.errors ?? []).map((fault) => `${name}: ${faultText(fault)}`);
    });
}

function faultText({ instancePath, keyword, message = "is wrong", params }: ErrorObject): string {
    const place = instancePath.slice(1).replaceAll("/", ".");
    const inside = (property: unknown): string => (place === "" ? String(property) : `${place}.${property}`);
    if (keyword === "required") return `${inside(params.missingProperty)} is required`;
    if (keyword === "additionalProperties") return `${inside(params.additionalProperty)} is not a property that it has`;
    if (keyword === "type") return `${place} must be of type ${[params.type].flat().join(" or ")}`;
    if (keyword === "enum") return `${place} must be one of ${params.allowedValues.map(quoted).join(", ")}`;
    return `${place} ${message}`.trim();
}

const quoted = (value: unknown): string => JSON.stringify(value);

const defaultsOf = (schema: PolicyInfo["schema"]): { [name: string]: unknown } =>
    Object.fromEntries(
        Object.entries(schema).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
    );
