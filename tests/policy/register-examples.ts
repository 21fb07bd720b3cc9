// Runs programs that it is given as JSON on standard input, each in a stack of its own without engine or cloud, and prints what
// they register as JSON: what an engine would show to policies. A process of its own, since the SDK keeps one stack in a process.
import Module from "node:module";
import { text } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import type { RegisteredResource } from "./analyzer-process";

/** A resource's request to the SDK's monitor for tests; the SDK keeps the whole request from its mocks. */
interface RegisterRequest {
    getType(): string;
    getName(): string;
    getProtect(): boolean;
    getProvider(): string;
    getIgnorechangesList(): string[];
    getObject(): { toJavaScript(): Record<string, unknown> };
    getPropertydependenciesMap(): { toArray(): [string, [string[]]][] };
}
interface Monitor {
    registerResource(request: RegisterRequest, callback: unknown): void;
}

async function register(program: string, stack: string): Promise<RegisteredResource[]> {
    const registered: RegisteredResource[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ name, inputs, id }) => ({ id: id || String(inputs.bucket ?? `${name}-id`), state: inputs }),
            call: ({ inputs }) => inputs,
        },
        "example",
        stack,
    );
    const monitor = (pulumi.runtime as unknown as { getMonitor(): Monitor }).getMonitor();
    const usual = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
        const { __provider, ...props } = request.getObject().toJavaScript();
        const provider = registered.find(({ urn }) => request.getProvider().startsWith(`${urn}::`));
        registered.push({
            urn: `urn:pulumi:${stack}::example::${request.getType()}::${request.getName()}`,
            ...(provider === undefined ? {} : { provider: { type: provider.type, props: provider.props } }),
            type: request.getType(),
            props,
            protect: request.getProtect(),
            ignoreChanges: request.getIgnorechangesList(),
            dependencies: Object.fromEntries(
                request
                    .getPropertydependenciesMap()
                    .toArray()
                    .map(([property, [urns]]) => [property, urns]),
            ),
        });
        usual(request, callback);
    };
    const { outputText } = ts.transpileModule(program, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, esModuleInterop: true },
    });
    const module = new Module(__filename) as Module & { _compile(code: string, file: string): void };
    module.paths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(__dirname);
    module._compile(outputText, __filename);
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
    return registered;
}

async function main(): Promise<void> {
    const programs = JSON.parse(await text(process.stdin)) as { program: string; stack: string }[];
    const results: RegisteredResource[][] = [];
    for (const { program, stack } of programs) results.push(await register(program, stack));
    process.stdout.write(JSON.stringify(results));
}

void main();
