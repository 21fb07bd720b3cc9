export const stackType = "pulumi:pulumi:Stack";
const providerTypePrefix = "pulumi:providers:";

/** `urn:pulumi:<stack>::<project>::<parentQualifiedType$>type::<name>` (sdk/go/common/resource/urn). */
export function buildUrn(stack: string, project: string, parent: string, type: string, name: string): string {
    const parentType = parent === "" ? "" : urnQualifiedType(parent);
    const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
    return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

function urnParts(urn: string): [stack: string, project: string, qualifiedType: string, name: string] {
    const [stack = "", project = "", qualifiedType = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
    return [stack, project, qualifiedType, name.join("::")];
}

export const urnStack = (urn: string): string => urnParts(urn)[0];
export const urnProject = (urn: string): string => urnParts(urn)[1];
export const urnQualifiedType = (urn: string): string => urnParts(urn)[2];
export const urnType = (urn: string): string => urnQualifiedType(urn).split("$").at(-1) ?? "";
/** Everything after the third `::`; may itself contain `::`. */
export const urnName = (urn: string): string => urnParts(urn)[3];
export const isUrn = (text: string): boolean => /^urn:pulumi:[^:]+::[^:]+::.+::/.test(text);

export const isProviderType = (type: string): boolean => type.startsWith(providerTypePrefix);
export const providerTypeOf = (packageName: string): string => `${providerTypePrefix}${packageName}`;
/** The package that a resource type belongs to: `pulumi-nodejs` for dynamic resources. */
export const packageOfType = (type: string): string =>
    isProviderType(type) ? type.slice(providerTypePrefix.length) : (type.split(":")[0] ?? "");

/** `<provider urn>::<id>`, as a resource names its provider. */
export interface ProviderReference {
    readonly urn: string;
    readonly id: string;
}

export function parseProviderReference(text: string): ProviderReference | undefined {
    const end = text.lastIndexOf("::");
    const urn = text.slice(0, Math.max(end, 0));
    return isUrn(urn) && isProviderType(urnType(urn)) ? { urn, id: text.slice(end + 2) } : undefined;
}

export const isDefaultProvider = (urn: string): boolean => /^default($|_)/.test(urnName(urn));
