import { UserError } from "../../errors";
import type { PluginRequest } from "../provider/provider-inputs";
import { buildUrn } from "../urn";
import type { ImportEntry, ImportFile } from "./import-file";

/** A resource to adopt: an entry of an import file whose names are resolved. */
export interface ImportRequest {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly id: string;
    /** A URN; empty for the stack. */
    readonly parent: string;
    /** The URN of an explicit provider, or empty. */
    readonly provider: string;
    readonly plugin: PluginRequest;
    /** The inputs to keep; empty for all. */
    readonly properties: readonly string[];
    readonly isComponent: boolean;
}

export interface ImportRequests {
    readonly requests: readonly ImportRequest[];
    /** The names of resources in the printed program, by their URNs. */
    readonly variables: ReadonlyMap<string, string>;
}

/**
 * Resolves an import file's names (pkg/cmd/pulumi/operations/import.go, parseImportFile).
 * @throws UserError `invalid-import-file` with every fault, `not-supported-by-embedded-engine`
 */
export function importRequests(file: ImportFile, stack: string, project: string): ImportRequests {
    const entries = (file.resources ?? []).map((entry) => {
        const { name = "", logicalName = "" } = entry;
        return { ...entry, name: name || logicalName, logicalName: logicalName || name };
    });
    refuse(entries.flatMap(incomplete));
    refuseUnsupported(file);
    const faults: string[] = [];
    const nameTable = new Map(Object.entries(file.nameTable ?? {}));
    const count = (name: string) => entries.filter((entry) => entry.name === name).length;
    const urns = new Map<string, string>();
    const variables = new Map([...nameTable].map(([name, urn]) => [urn, name]));
    const requests: ImportRequest[] = [];
    const resolve = (entry: NamedEntry): string => {
        const { type = "", name, logicalName, parent = "", provider = "" } = entry;
        const resolved = urns.get(name);
        if (resolved !== undefined && count(name) === 1) return resolved;
        const words = describe(entry);
        const above = entries.find((other) => other.name === parent);
        if (parent !== "" && count(parent) > 1) faults.push(`${words} has an ambiguous parent`);
        if (parent !== "" && above === undefined && !nameTable.has(parent))
            faults.push(`the parent '${parent}' for ${words} has no entry in 'nameTable'`);
        // A name that is being resolved stands for itself below: a circle ends there.
        urns.set(name, "");
        const parentUrn = nameTable.get(parent) ?? (above === undefined ? "" : (urns.get(parent) ?? resolve(above)));
        if (parent !== "" && parentUrn === "" && above !== undefined && count(parent) === 1)
            faults.push(`${words} is its own parent or ancestor`);
        if (provider !== "" && !nameTable.has(provider))
            faults.push(`the provider '${provider}' for ${words} has no entry in 'nameTable'`);
        const urn = buildUrn(stack, project, parentUrn, type, logicalName);
        if (requests.some((other) => other.urn === urn))
            faults.push(`${words} has an ambiguous URN, set name (or logical name) to be unique`);
        urns.set(name, urn);
        variables.set(urn, freeName(variables, name, type));
        requests.push({
            urn,
            type,
            name: logicalName,
            id: entry.id ?? "",
            parent: parentUrn,
            provider: nameTable.get(provider) ?? "",
            plugin: { version: entry.version ?? "", url: entry.pluginDownloadUrl ?? "" },
            properties: entry.properties ?? [],
            isComponent: entry.component === true,
        });
        return urn;
    };
    for (const entry of entries) resolve(entry);
    refuse(faults);
    if (requests.length === 0) refuse(["no resources to import"]);
    // In the order of the file, with parents before their children.
    return { requests, variables };
}

type NamedEntry = ImportEntry & { readonly name: string; readonly logicalName: string };

function incomplete(entry: NamedEntry, index: number): string[] {
    const { type = "", name, id = "", component = false, remote = false } = entry;
    const words = describe(entry, index);
    return [
        ...(type === "" ? [`${words} has no type`] : []),
        ...(name === "" ? [`${words} has no name`] : []),
        ...(!component && id === "" ? [`${words} has no ID`] : []),
        ...(component && id !== "" ? [`${words} has an ID, but is marked as a component`] : []),
        ...(remote && !component ? [`${words} is marked as remote, but not as a component`] : []),
        ...(type !== "" && !/^[^:]+:[^:]+:[^:]+$/.test(type)
            ? [
                  `import type "${type}" is not a valid resource type token. Type tokens must be of the format <package>:<module>:<type>`,
              ]
            : []),
    ];
}

function describe({ name, id = "", type = "" }: NamedEntry, index = 0): string {
    const words = name !== "" ? `'${name}'` : id !== "" ? `'${id}'` : String(index);
    return `resource ${words}${type === "" ? "" : ` of type '${type}'`}`;
}

function refuseUnsupported({ resources = [], providerInputs }: ImportFile): void {
    const what =
        providerInputs !== undefined
            ? "`providerInputs` of an import file"
            : resources.some(({ remote }) => remote === true)
              ? "The import of remote components"
              : undefined;
    if (what !== undefined)
        throw new UserError("not-supported-by-embedded-engine", `${what} is not supported by pulumi-embedded`);
}

/** @throws UserError `invalid-import-file` */
function refuse(faults: readonly string[]): void {
    if (faults.length > 0)
        throw new UserError(
            "invalid-import-file",
            `The resources cannot be imported: ${[...new Set(faults)].join("; ")}`,
        );
}

/** A variable of its own for each resource: a name that is taken gets the type's name as its end. */
function freeName(taken: ReadonlyMap<string, string>, name: string, type: string): string {
    const names = new Set(taken.values());
    const last = type.split(":").at(-1) ?? "";
    const longer = `${name}${last.charAt(0).toUpperCase()}${last.slice(1)}`;
    const wishes = [name, longer, ...Array.from({ length: names.size }, (_, index) => `${longer}${index + 2}`)];
    return wishes.find((wish) => !names.has(wish)) ?? name;
}
