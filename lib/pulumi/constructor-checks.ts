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
    requireArguments(resourceCalled(name), args);
    refuseUnusableSettings();
    requireLoadableProvider();
    refuseImport(name, options);
}

/**
 * Refuses arguments that are no object, which the types cannot do for programs in JavaScript: spread, they would be properties of other names.
 * @throws RunError `invalid-arguments`
 */
export function requireArguments(of: string, args: unknown): void {
    if (Object.prototype.toString.call(args) === "[object Object]" && !pulumi.Output.isInstance(args)) return;
    const what = `${of} needs an object with its arguments, and got ${kindOf(args)}`;
    throw programError(new UserError("invalid-arguments", what));
}

export const resourceCalled = (name: string): string => `The resource ${JSON.stringify(name)}`;

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
