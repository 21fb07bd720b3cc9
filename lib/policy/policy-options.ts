import type { EnforcementLevel, PolicyConfigSchema } from "@pulumi/policy";
import { UserError } from "../errors";
import { nearestSpelling } from "../rule";
import { exceptionFault, exceptionsSchema, type PolicyException } from "./policy-exceptions";

/** Configuration that every policy has. */
export interface CommonConfig {
    /** Names of the stacks to which the policy applies; `*` is any text. */
    readonly stacks: readonly string[];
    readonly exceptions: readonly PolicyException[];
    /**
     * How a preview treats a value that is known only in the deployment: `report` warns of it, `block` counts it as a
     * violation.
     */
    readonly undecided: "report" | "block";
}

/** Options of a policy in your own pack. */
export interface PolicyOptions<Config extends object> {
    /** Another name, so that a pack may have the policy twice. */
    readonly name?: string;
    /** Default: see docs/policy.md. */
    readonly enforcementLevel?: EnforcementLevel;
    /** Configuration that applies where the pack's user sets none. */
    readonly defaults?: Partial<Config & CommonConfig>;
    /** The clock by which exceptions end. Default: the machine's. */
    readonly now?: () => Date;
}

export function commonSchema(stacks: readonly string[]): PolicyConfigSchema["properties"] {
    return {
        stacks: {
            type: "array",
            description: "Names of the stacks to which this policy applies; * is any text.",
            default: [...stacks],
            items: { type: "string", minLength: 1 },
        },
        undecided: {
            type: "string",
            enum: ["report", "block"],
            default: "report",
            description: "Whether a value that is known only in the deployment is reported in a preview, or blocks it.",
        },
        ...exceptionsSchema,
    };
}

/** The schema with the given values as its defaults. */
export function schemaWithDefaults(
    properties: PolicyConfigSchema["properties"],
    defaults: object,
): PolicyConfigSchema["properties"] {
    const values = new Map(Object.entries(defaults));
    return Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [
            name,
            values.get(name) === undefined ? schema : { ...schema, default: values.get(name) },
        ]),
    );
}

/** The configuration of a policy: the user's values, and the schema's defaults for the others. */
export function configFrom<Config>(properties: PolicyConfigSchema["properties"], config: object): Config {
    const defaults = Object.entries(properties).map(([name, schema]) => [name, schema.default]);
    const set = Object.entries(config).filter(([, value]) => value !== undefined);
    return Object.fromEntries([...defaults, ...set]) as Config;
}

/**
 * Faults of a configuration that engines do not find with the schema: a name that the policy does not have, and exemptions
 * that have no effect.
 */
export function configurationFaults(properties: PolicyConfigSchema["properties"], config: object): string[] {
    const names = Object.keys(properties);
    const unknown = Object.keys(config).filter((name) => !names.includes(name));
    const { exceptions } = config as { exceptions?: unknown };
    const list = Array.isArray(exceptions) ? (exceptions as PolicyException[]) : [];
    return [
        ...unknown.map((name) => {
            const meant = nearestSpelling(name, names);
            return `its configuration has a property "${name}", which the policy does not have${meant ? `; did you mean "${meant}"?` : ""}`;
        }),
        ...list.flatMap((exception, index) => {
            const fault = exceptionFault(exception);
            return fault === undefined
                ? []
                : [`exception ${index + 1} in its configuration ${fault}, so it has no effect`];
        }),
    ];
}

const optionNames: readonly (keyof PolicyOptions<object>)[] = ["name", "enforcementLevel", "defaults", "now"];

/**
 * Refuses options that a pack in JavaScript gives in another form: ignored, they would let everything pass that they should stop.
 * @param policy the policy's own name
 * @throws UserError `invalid-policy-pack` with all faults
 */
export function expectOptions(policy: string, properties: PolicyConfigSchema["properties"], options: unknown): void {
    const faults = isPlainObject(options)
        ? [
              ...Object.keys(options)
                  .filter((name) => !(optionNames as readonly string[]).includes(name))
                  .map(
                      (name) =>
                          `it has no option "${name}"${Object.hasOwn(properties, name) ? `; give it in "defaults"` : ""}`,
                  ),
              ...defaultFaults(properties, options.defaults ?? {}),
          ]
        : ["its options must be an object"];
    if (faults.length === 0) return;
    const cure = "Correct what the pack gives to the policy.";
    throw new UserError(
        "invalid-policy-pack",
        `The policy "${policy}" cannot be used: ${faults.join("; ")}`,
        {},
        { cure },
    );
}

function defaultFaults(properties: PolicyConfigSchema["properties"], defaults: unknown): string[] {
    if (!isPlainObject(defaults)) return [`its "defaults" must be an object`];
    const misfits = Object.entries(defaults).flatMap(([name, value]) => {
        const schema = properties[name];
        const fault = schema === undefined || value === undefined ? undefined : valueFault(schema, value);
        return fault === undefined ? [] : [`"${name}" in its "defaults" ${fault}`];
    });
    return [...configurationFaults(properties, defaults), ...misfits];
}

type ValueSchema = PolicyConfigSchema["properties"][string];

/** What the schema of a policy's configuration can say: a text or a boolean, one of some texts, or a list of texts or objects. */
function valueFault(schema: ValueSchema, value: unknown): string | undefined {
    const isList = schema.type === "array";
    if (isList && !Array.isArray(value)) return "must be a list";
    if (!isList && !schema.enum && schema.type !== typeof value) return `must be a ${schema.type}`;
    if (schema.enum?.every((allowed) => allowed !== value)) return `must be one of ${schema.enum.join(", ")}`;
    if (!Array.isArray(value)) return undefined;
    if (value.length < (schema.minItems ?? 0)) return "must not be empty";
    for (const item of value) {
        const fault = typeof schema.items === "object" ? valueFault(schema.items as ValueSchema, item) : undefined;
        if (fault !== undefined) return `has an item that ${fault}`;
    }
    return undefined;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return Object.prototype.toString.call(value) === "[object Object]";
}
