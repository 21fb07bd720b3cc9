import util from "node:util";

/**
 * Makes `util.inspect` show errors without colors. The SDK asks for colors, and Node 20 then loops until it has used gigabytes and half
 * a minute on every stack trace that names a file directly below a scope, such as the SDK's own `@pulumi/resource.ts`
 * (markNodeModules in lib/internal/util/inspect.js).
 */
export function inspectErrorsWithoutColors(): void {
    const { inspect } = util;
    const uncolored = (value: unknown, options: unknown): unknown =>
        (options as util.InspectOptions | undefined)?.colors && value instanceof Error
            ? { ...(options as util.InspectOptions), colors: false }
            : options;
    const plain = (value: unknown, options?: unknown, ...rest: unknown[]): string =>
        (inspect as (...args: unknown[]) => string)(value, uncolored(value, options), ...rest);
    util.inspect = Object.assign(plain, inspect) as typeof util.inspect;
}
