import Module from "node:module";

/** The parts of Node's module loader that its types leave out. */
interface ModuleLoader {
    _load(request: string, parent: { readonly filename?: string } | undefined, isMain: boolean): unknown;
    _resolveFilename(request: string, parent: unknown): string;
}

/**
 * Loads the TypeScript compiler and npm's Arborist when the SDK first uses them, instead of whenever the SDK is loaded. They are
 * three quarters of that time, and only the serialization of functions uses them. A missing module still fails at once, because
 * the SDK then takes the compiler that it ships.
 */
export function deferModules(): void {
    const loader = Module as typeof Module & ModuleLoader;
    const load = loader._load;
    loader._load = function (request, parent, isMain) {
        if (!isDeferred(request, parent?.filename ?? "")) return load.call(this, request, parent, isMain);
        loader._resolveFilename(request, parent);
        let loaded: { readonly [name: PropertyKey]: unknown } | undefined;
        const module = (): { readonly [name: PropertyKey]: unknown } => {
            loaded ??= load.call(this, request, parent, isMain) as { readonly [name: PropertyKey]: unknown };
            return loaded;
        };
        // `__esModule` keeps TypeScript's import helpers from copying every property, which would load the module.
        const get = (_target: object, name: PropertyKey): unknown =>
            name === "__esModule" ? true : name === "default" ? module() : module()[name];
        return new Proxy({}, { get });
    };
}

function isDeferred(request: string, from: string): boolean {
    if (/(^|[\\/])typescript(\.js)?$/.test(request)) return /[\\/]pulumi[\\/]typescript-shim\.js$/.test(from);
    return request === "@npmcli/arborist" && /[\\/]pulumi[\\/]runtime[\\/]closure[\\/]codePaths\.js$/.test(from);
}
