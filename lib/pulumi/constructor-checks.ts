import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../errors";
import { requireLoadableProvider } from "./loadable-provider";
import { programError } from "./program-error";
import { refuseUnusableSettings } from "./usable-settings";

/**
 * Refuses arguments and options that the provider sees too late or not at all.
 * @throws RunError `invalid-arguments`, `open-secret`, `invalid-settings`, `missing-package` or `import-not-supported`
 */
export function checkConstruction(
    name: string,
    args: unknown,
    options: pulumi.CustomResourceOptions | undefined,
): void {
    requireArguments(resourceCalled(name), args, options?.id);
    refuseUnusableSettings();
    requireLoadableProvider();
    refuseImport(name, options);
}

/**
 * Refuses arguments that are no object, which the types cannot do for programs in JavaScript: spread, they would be properties of other
 * names. Also values in them that an engine does not see as they are: it would take a `Map` of overrides for no overrides, and leave half of a
 * surrogate pair out of a bucket's name, which may then be another bucket's.
 * @param id of a resource that is looked up
 * @throws RunError `invalid-arguments`
 */
export function requireArguments(of: string, args: unknown, id?: unknown): void {
    const refused = (what: string) => programError(new UserError("invalid-arguments", `${of} ${what}`));
    if (!isPlainObject(args) || pulumi.Output.isInstance(args))
        throw refused(`needs an object with its arguments, and got ${kindOf(args)}`);
    const opaque = Object.entries({ ...args, id }).flatMap(([name, value]) => opaqueValues(name, value));
    if (opaque.length > 0) throw refused(`holds values that engines cannot take: ${opaque.join(", ")}`);
}

/** Arguments nest less; a value that holds itself is the SDK's to refuse. */
const deepest = 8;

const isHalved = (text: string): boolean => /\p{Cs}/u.test(text);

/** The values in one that an engine does not see as they are, each as a phrase. */
function opaqueValues(path: string, value: unknown, depth = 0): string[] {
    if (typeof value === "string") return isHalved(value) ? [`\`${path}\` has half of a character`] : [];
    if (typeof value !== "object" || value === null || depth > deepest) return [];
    if (pulumi.Output.isInstance(value) || isPromise(value) || pulumi.Resource.isInstance(value)) return [];
    // The names of a set's buckets are very many.
    if (Array.isArray(value) && value.every((item) => typeof item === "string" && !isHalved(item))) return [];
    if (Array.isArray(value)) return value.flatMap((item, index) => opaqueValues(`${path}[${index}]`, item, depth + 1));
    if (!isPlainObject(value)) return [`\`${path}\` is a ${tagOf(value).slice("[object ".length, -1)}`];
    return Object.entries(value).flatMap(([name, member]) => [
        ...(isHalved(name) ? [`a name in \`${path}\` has half of a character`] : []),
        ...opaqueValues(`${path}.${name}`, member, depth + 1),
    ]);
}

export const resourceCalled = (name: string): string => `The resource ${JSON.stringify(name)}`;

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

/** Whether a value's own members are all that it has. Objects of other modules' realms count too. */
const isPlainObject = (value: unknown): value is object => tagOf(value) === "[object Object]";

const isPromise = (value: object): boolean => "then" in value && typeof value.then === "function";

function kindOf(value: unknown): string {
    if (value === undefined || value === null) return String(value);
    if (Array.isArray(value)) return "a list";
    if (pulumi.Output.isInstance(value)) return "an output";
    if (value instanceof Promise) return "a promise";
    return typeof value === "object" ? "another object" : `a ${typeof value}`;
}

/** Engines import a resource by its provider's own program, which dynamic providers do not have. */
function refuseImport(name: string, options: pulumi.CustomResourceOptions | undefined): void {
    if (options?.import === undefined) return;
    const what = `${resourceCalled(name)} has the option \`import\`, which resources of this package do not support`;
    throw programError(new UserError("import-not-supported", what));
}

const warnedRuns = new WeakSet<object>();

/** The bucket's name is the resource's id, and engines store and show ids in plain text. Warns once for each run of a program. */
export function warnOfSecretName(bucket: pulumi.Input<string>): void {
    if (!pulumi.Output.isInstance<string>(bucket)) return;
    const name: pulumi.Output<string> = pulumi.output(bucket);
    const { getStackResource } = pulumi.runtime as { getStackResource?: () => object | undefined };
    const run = getStackResource?.() ?? warnedRuns;
    void pulumi.isSecret(name).then((isSecret) => {
        if (!isSecret || warnedRuns.has(run)) return;
        warnedRuns.add(run);
        const what =
            "`bucket` is a secret, but the bucket's name is the resource's id, which engines store and show in plain text. If the name must stay secret, do not declare it with this resource";
        void pulumi.log.warn(what);
    });
}

/**
 * With `onDelete: "restore"`, a replacement deletes the old resource first. The provider then knows the rule that the bucket had before
 * the old resource when it creates the new one. In the other order it would take the old resource's own rule for that. The bucket keeps
 * its rule in between, since the program declares it.
 */
export function replacementOrder(
    onDelete: unknown,
    options: pulumi.CustomResourceOptions | undefined,
): Pick<pulumi.CustomResourceOptions, "deleteBeforeReplace"> {
    return onDelete === "restore" && options?.deleteBeforeReplace === undefined ? { deleteBeforeReplace: true } : {};
}
