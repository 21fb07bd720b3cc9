import { DocumentShape, readJson } from "../../documents";
import { schemaFaults } from "./schema-faults";

export const enforcementLevels = ["advisory", "mandatory", "disabled", "remediate"] as const;
/** In the order of the protocol's numbers (analyzer.proto, EnforcementLevel). */
export type EnforcementLevel = (typeof enforcementLevels)[number];

/** How severe a violation is; empty when the policy does not state it. In the order of the protocol's numbers (analyzer.proto, PolicySeverity). */
export const policySeverities = ["", "low", "medium", "high", "critical"] as const;
export type PolicySeverity = (typeof policySeverities)[number];

/** The configuration of one policy. */
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

type PolicyConfigDocument = Readonly<
    Record<string, EnforcementLevel | ({ readonly enforcementLevel?: EnforcementLevel } & PolicyConfig["properties"])>
>;

const policyShape = {
    type: ["string", "object"],
    if: { type: "string" },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON schemas
    then: { enum: enforcementLevels },
    properties: { enforcementLevel: { enum: enforcementLevels } },
};

/** A level or properties for each policy; `all` is no policy, so it has no properties. */
const policyConfigShape = new DocumentShape<PolicyConfigDocument>({
    type: "object",
    properties: { all: { ...policyShape, additionalProperties: false } },
    additionalProperties: policyShape,
});

/**
 * Reads a file of `--policy-pack-config`.
 * @throws UserError `invalid-policy-pack`, with the place of each fault
 */
export function readPolicyConfig(file: string): Map<string, PolicyConfig> {
    const source = { kind: "invalid-policy-pack", title: "The policies' configuration", file } as const;
    const document = readJson(policyConfigShape, source);
    return new Map(
        Object.entries(document).map(([name, value]) => {
            if (typeof value === "string") return [name, { level: value, properties: {} }];
            const { enforcementLevel, ...properties } = value;
            return [name, { level: enforcementLevel, properties }];
        }),
    );
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

/** Policies that the configuration names and the pack lacks. One that only gets a level is accepted, as by the CLI. */
export function unknownPolicies(policies: readonly PolicyInfo[], wanted: ReadonlyMap<string, PolicyConfig>): string[] {
    const known = new Set(policies.map(({ name }) => name));
    return [...wanted]
        .filter(([name, { level, properties }]) => {
            return !known.has(name) && level === undefined && Object.keys(properties).length > 0;
        })
        .map(([name]) => name);
}

/** Where a configuration violates the policies' JSON schemas, in the CLI's words, sorted. */
export function configFaults(policies: readonly PolicyInfo[], config: ReadonlyMap<string, PolicyConfig>): string[] {
    return policies
        .flatMap(({ name, schema, required }) => {
            const whole = { type: "object", properties: schema, required: [...required] };
            return schemaFaults(whole, config.get(name)?.properties ?? {}).map((fault) => `${name}: ${fault}`);
        })
        .sort();
}

const defaultsOf = (schema: PolicyInfo["schema"]): { [name: string]: unknown } =>
    Object.fromEntries(
        Object.entries(schema).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
    );
