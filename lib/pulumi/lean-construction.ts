import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import * as state from "@pulumi/pulumi/runtime/state";

type PrepareStackTrace = NonNullable<typeof Error.prepareStackTrace>;

let fullLimit: number | undefined;
let fullPrepare: PrepareStackTrace | undefined;

/**
 * Shortens the stack traces that the SDK asks for while it constructs a resource, by errors without a message. It reads one for the resource's place
 * in the program, and the CLI keeps all of its frames in the state: what called the program, Node's loader and the SDK's launcher,
 * is left out there, two hundred bytes for each resource. The others describe promises. Where no source maps are read, nothing changes.
 */
export function shortenStackTraces(): void {
    const prepare = Error.prepareStackTrace;
    if (prepare === undefined || fullPrepare !== undefined) return;
    fullPrepare = prepare;
    Error.prepareStackTrace = (error, frames) => {
        if (error.message !== "") return prepare(error, frames);
        if (frames[0]?.getFunctionName() === "debuggablePromise") return String(error);
        return prepare(error, frames.slice(0, frames.findLastIndex(isOfProgram) + 1));
    };
}

const launcher = /^node:|[\\/]@pulumi[\\/]pulumi[\\/]/;
const isOfProgram = (frame: NodeJS.CallSite): boolean => !launcher.test(frame.getFileName() ?? "");

/** Makes stack traces as before again, also when a constructor failed. */
export function restoreStackTraces(): void {
    if (fullPrepare !== undefined) Error.prepareStackTrace = fullPrepare;
    fullPrepare = undefined;
    if (fullLimit !== undefined) Error.stackTraceLimit = fullLimit;
    fullLimit = undefined;
}

function omitStackTraces(): void {
    fullLimit ??= Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
}

/**
 * Makes it cheap to construct a class of resources.
 *
 * The SDK creates about fifteen promises for each property that the constructor names, four of them with the text of a stack trace,
 * which is most of the time of a program with many resources. It does so between the assignments of `urn` and of the last property,
 * so the traces are left out between these two. Everything else keeps its trace: transformations, errors of the
 * constructor, the source position, and a registration that fails later. The caller calls `shortenStackTraces` before, and
 * `restoreStackTraces` in a `finally` clause.
 * @param lazyNames outputs that `namesGivenOnly` lets the constructor leave out: their only value is the given one, so an output is
 * made when it is first read
 * @param lastName the property that the constructor gives as the last one
 */
export function makeLean(
    resourceClass: { readonly prototype: object },
    lazyNames: readonly string[],
    lastName = "__provider",
): void {
    define("urn", { assigned: omitStackTraces });
    define(lastName, { assigned: restoreStackTraces });
    for (const name of lazyNames) define(name, { read: absentOutput });

    function define(
        name: string,
        { assigned, read }: { assigned?: () => void; read?: (resource: pulumi.CustomResource) => unknown },
    ): void {
        const own = (resource: object, value: unknown): unknown => {
            Object.defineProperty(resource, name, { value, writable: true, enumerable: true, configurable: true });
            return value;
        };
        Object.defineProperty(resourceClass.prototype, name, {
            configurable: true,
            get(this: pulumi.CustomResource) {
                // The prototype itself is no resource.
                return read === undefined || this === resourceClass.prototype ? undefined : own(this, read(this));
            },
            set(this: object, value: unknown) {
                assigned?.();
                own(this, value);
            },
        });
    }
}

/** The output of a property without a value, as the SDK makes it: not known in a preview. */
const absentOutput = (resource: pulumi.CustomResource): pulumi.Output<unknown> =>
    resource.id.apply((): unknown => (pulumi.runtime.isDryRun() ? unknown : undefined));

/**
 * Whether a constructor may name the given properties only. Others may get values where the resource is read (`get`), where a
 * transform may add them, and from mocks; the resources of a component are subject to its transforms. The answer is `false` where
 * the SDK's launcher does not run the program.
 */
export function namesGivenOnly({ id, urn, parent, transforms, transformations }: Options = {}): boolean {
    const isOrdinary = [id, urn, parent, transforms, transformations].every((option) => option === undefined);
    if (!isOrdinary || process.env.PULUMI_NODEJS_ROOT_DIRECTORY === undefined) return false;
    const stack = pulumi.runtime.getStackResource() as { readonly __transformations?: readonly unknown[] } | undefined;
    // Not in the SDK's types. Without it, transforms of the whole stack cannot be excluded.
    const { getStore } = state as { getStore?: () => { readonly callbacks?: unknown } };
    return stack?.__transformations?.length === 0 && getStore !== undefined && getStore().callbacks === undefined;
}

type Options = Pick<pulumi.CustomResourceOptions, "id" | "urn" | "parent" | "transforms" | "transformations">;
