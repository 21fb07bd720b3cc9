import Module from "node:module";

/** The parts of Node's module loader that its types leave out. */
interface ModuleLoader {
    _load(request: string, parent: { readonly filename?: string } | undefined, isMain: boolean): unknown;
    _resolveFilename(request: string, parent: unknown): string;
}

/** Modules that the SDK loads whenever it is loaded, for tasks that few programs have, and the files of the SDK that load them. */
const deferredModules: readonly { readonly request: RegExp; readonly from: RegExp }[] = [
    // The serialization of functions, which loads the compiler.
    { request: /^\.\/createClosure$/, from: /[\\/]pulumi[\\/]runtime[\\/]closure[\\/]serializeClosure\.js$/ },
    {
        request: /^(@npmcli\/arborist|normalize-package-data|fdir)$/,
        from: /[\\/]pulumi[\\/]runtime[\\/]closure[\\/]codePaths\.js$/,
    },
    // The Automation API, and providers that a program defines.
    { request: /^\.\/(automation|provider)$/, from: /[\\/]@pulumi[\\/]pulumi[\\/]index\.js$/ },
    { request: /^js-yaml$/, from: /[\\/]pulumi[\\/]runtime[\\/]manifest\.js$/ },
    // The comparison of versions.
    { request: /^semver$/, from: /[\\/]pulumi[\\/](runtime[\\/]rpc|cmd[\\/]run[\\/]run)\.js$/ },
    // Tracing, but for the interface that each call uses.
    { request: /^@opentelemetry\/(?!api$)/, from: /[\\/]pulumi[\\/]cmd[\\/]run[\\/]tracing\.js$/ },
];

/** Loads these modules when the SDK or a program first uses them. They are most of the time of a start. A missing module still fails at once. */
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
        return new Proxy(
            {},
            {
                get,
                has: (_target, name) => name in module(),
                ownKeys: () => Reflect.ownKeys(module()),
                getOwnPropertyDescriptor: (_target, name) => {
                    const descriptor = Reflect.getOwnPropertyDescriptor(module(), name);
                    return descriptor && { ...descriptor, configurable: true };
                },
            },
        );
    };
}

const isDeferred = (request: string, file: string): boolean =>
    deferredModules.some((deferred) => deferred.request.test(request) && deferred.from.test(file));
