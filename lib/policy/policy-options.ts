import type { EnforcementLevel, PolicyConfigSchema } from "@pulumi/policy";
import { nearestSpelling } from "../rule";
import { exceptionFault, exceptionsSchema, type PolicyException } from "./policy-exceptions";

/** What every policy can be told, beside what is its own. */
export interface CommonConfig {
    /** Names of the stacks in which the policy holds; `*` is any text. */
    readonly stacks: readonly string[];
    readonly exceptions: readonly PolicyException[];
    /**
     * What becomes of a value that only the deployment will know: `report` tells so in the preview, and lets it go on;
     * `block` counts it as a violation.
     */
    readonly undecided: "report" | "block";
}

/** How a policy is made for a pack of one's own. */
export interface PolicyOptions<Config extends object> {
    /** Another name, so that a pack may have the policy twice. */
    readonly name?: string;
    /** Default: what the policy's page says. */
    readonly enforcementLevel?: EnforcementLevel;
    /** Configuration that holds where the pack's user sets none. */
    readonly defaults?: Partial<Config & CommonConfig>;
    /** The clock by which exceptions end. Default: the machine's. */
    readonly now?: () => Date;
}

export function commonSchema(stacks: readonly string[]): PolicyConfigSchema["properties"] {
    return {
        stacks: {
            type: "array",
            description: "Names of the stacks in which this policy holds; * is any text.",
            default: [...stacks],
            items: { type: "string", minLength: 1 },
        },
        undecided: {
            type: "string",
            enum: ["report", "block"],
            default: "report",
            description: "Whether a value that only the deployment will know is told in a preview, or blocks it.",
        },
        ...exceptionsSchema,
    };
}

/** A schema in which the given values take the place of its defaults. */
export function schemaWithDefaults(
    properties: PolicyConfigSchema["properties"],
    defaults: object,
): PolicyConfigSchema["properties"] {
    const given = new Map(Object.entries(defaults));
    return Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [
            name,
            given.get(name) === undefined ? schema : { ...schema, default: given.get(name) },
        ]),
    );
}

/** The configuration with which a policy runs: what the user set, and the schema's defaults for the rest. */
export function configFrom<Config>(properties: PolicyConfigSchema["properties"], given: object): Config {
    const defaults = Object.entries(properties).map(([name, schema]) => [name, schema.default]);
    const set = Object.entries(given).filter(([, value]) => value !== undefined);
    return Object.fromEntries([...defaults, ...set]) as Config;
}

/**
 * What is wrong with a configuration beyond what an engine checks against the schema: a name that the policy doesn't have,
 * which the engine lets pass, and exceptions that can't excuse anything.
 */
export function configurationFaults(properties: PolicyConfigSchema["properties"], given: object): string[] {
    const names = Object.keys(properties);
    const unknown = Object.keys(given).filter((name) => !names.includes(name));
    const { exceptions } = given as { exceptions?: unknown };
    const list = Array.isArray(exceptions) ? (exceptions as PolicyException[]) : [];
    return [
        ...unknown.map((name) => {
            const meant = nearestSpelling(name, names);
            return `its configuration has a property "${name}", which the policy doesn't know${meant ? `; did you mean "${meant}"?` : ""}`;
        }),
        ...list.flatMap((exception, index) => {
            const fault = exceptionFault(exception);
            return fault === undefined
                ? []
                : [`exception ${index + 1} in its configuration ${fault}, and excuses nothing`];
        }),
    ];
}
