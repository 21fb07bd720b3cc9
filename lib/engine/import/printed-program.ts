import type { PackageSchema } from "../provider/package-schema";
import type { ProviderRegistry } from "../provider/provider-registry";
import type { ResourceState } from "../state/resource-state";
import { packageOfType, urnName } from "../urn";
import { type PropertyMap, type PropertyValue, Secret } from "../values/property-value";

/**
 * A program in TypeScript that declares resources as they are in the state, in the form of the CLI's language host. Components have no
 * declaration, because their class is not known.
 * @param variables names of variables by URNs
 */
export async function printedProgram(
    states: readonly ResourceState[],
    variables: ReadonlyMap<string, string>,
    providers: ProviderRegistry,
): Promise<string> {
    const imports = new Map([["@pulumi/pulumi", "pulumi"]]);
    const declarations: string[] = [];
    for (const state of states) {
        if (!state.custom) continue;
        const packageName = packageOfType(state.type);
        const schema = await (await providers.load(state.provider)).schema();
        const alias = identifier(packageName);
        imports.set(schema.language?.nodejs?.packageName ?? `@pulumi/${packageName}`, alias);
        declarations.push(declarationOf(state, alias, schema, variables));
    }
    const lines = [...imports].map(([name, alias]) => `import * as ${alias} from ${JSON.stringify(name)};\n`);
    return `${lines.join("")}\n${declarations.join("")}`;
}

function declarationOf(
    state: ResourceState,
    alias: string,
    schema: PackageSchema,
    variables: ReadonlyMap<string, string>,
): string {
    const { urn, type, inputs } = state;
    const name = urnName(urn);
    const known = schema.resources?.[type]?.inputProperties;
    const args = Object.entries(inputs).filter(([property]) => known === undefined || Object.hasOwn(known, property));
    const options = optionsOf(state, variables);
    const variable = identifier(variables.get(urn) ?? name);
    const parts = [JSON.stringify(name), objectLiteral(Object.fromEntries(args), ""), ...(options ? [options] : [])];
    return `const ${variable} = new ${classOf(type, alias)}(${parts.join(", ")});\n`;
}

/** `pkg:module/file:Class` is `pkg.module.Class`; the module `index` has no name. */
function classOf(type: string, alias: string): string {
    const [, module = "", name = ""] = type.split(":");
    const [space = ""] = module.split("/");
    return space === "index" || space === "" ? `${alias}.${name}` : `${alias}.${space}.${name}`;
}

function optionsOf({ parent, provider, protect }: ResourceState, variables: ReadonlyMap<string, string>): string {
    const named = (urn: string) => variables.get(urn);
    const providerUrn = provider.slice(0, provider.lastIndexOf("::"));
    const options = [
        ...(named(parent) === undefined ? [] : [`    parent: ${identifier(named(parent) ?? "")},\n`]),
        ...(protect ? ["    protect: true,\n"] : []),
        ...(named(providerUrn) === undefined ? [] : [`    provider: ${identifier(named(providerUrn) ?? "")},\n`]),
    ];
    return options.length === 0 ? "" : `{\n${options.join("")}}`;
}

function literalOf(value: PropertyValue, indent: string): string {
    if (value instanceof Secret) return `pulumi.secret(${literalOf(value.value, indent)})`;
    if (Array.isArray(value)) {
        if (value.length < 2) return `[${value.map((item) => literalOf(item, indent)).join("")}]`;
        const items = value.map((item) => `${indent}    ${literalOf(item, `${indent}    `)},\n`);
        return `[\n${items.join("")}${indent}]`;
    }
    return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
        ? objectLiteral(value as PropertyMap, indent)
        : JSON.stringify(value);
}

function objectLiteral(members: PropertyMap, indent: string): string {
    const entries = Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1));
    if (entries.length === 0) return "{}";
    const lines = entries.map(([name, value]) => {
        const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
        return `${indent}    ${key}: ${literalOf(value, `${indent}    `)},\n`;
    });
    return `{\n${lines.join("")}${indent}}`;
}

const identifier = (name: string): string => name.replaceAll(/[^A-Za-z0-9_$]/g, "_").replace(/^(?=[0-9])/, "_");
