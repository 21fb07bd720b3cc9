import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Client, credentials } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { Message } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** A resource as a program registers it: properties as they are on the wire. */
export interface RegisteredResource {
    readonly urn: string;
    readonly type: string;
    readonly props: Readonly<Record<string, unknown>>;
    readonly protect?: boolean;
    readonly ignoreChanges?: readonly string[];
    /** URNs, by property. */
    readonly dependencies?: Readonly<Record<string, readonly string[]>>;
    readonly provider?: { readonly type: string; readonly props: Readonly<Record<string, unknown>> };
}

export interface Report {
    readonly policy: string;
    readonly level: string;
    readonly resource: string;
    readonly message: string;
}

const levels = ["advisory", "mandatory", "disabled", "remediate"];
const root = resolve(__dirname, "../..");
const runPack = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", "run-policy-pack");

/** The pack in the SDK's own analyzer process, asked as an engine asks it. */
export class AnalyzerProcess {
    readonly #child: ChildProcess;
    readonly #client: Client;

    private constructor(child: ChildProcess, client: Client) {
        this.#child = child;
        this.#client = client;
    }

    static async start(): Promise<AnalyzerProcess> {
        const pack = join(root, "lib", "policy", "pack");
        const child = spawn(process.execPath, [runPack, "127.0.0.1:1", pack], {
            cwd: pack,
            stdio: ["ignore", "pipe", "inherit"],
        });
        const [port] = (await once(createInterface(child.stdout), "line")) as [string];
        return new AnalyzerProcess(child, new Client(`127.0.0.1:${port}`, credentials.createInsecure()));
    }

    /** Takes the place of the configuration before; a policy that is not named keeps its own level. */
    async configure(config: Readonly<Record<string, unknown>>): Promise<void> {
        const request = new analyzer.ConfigureAnalyzerRequest();
        for (const [name, value] of Object.entries(config)) {
            const { enforcementLevel = "mandatory", ...properties } = (
                typeof value === "string" ? { enforcementLevel: value } : value
            ) as Record<string, unknown>;
            const message = new analyzer.PolicyConfig();
            message.setEnforcementlevel(levels.indexOf(enforcementLevel as string) as 0);
            message.setProperties(Struct.fromJavaScript(properties as never));
            request.getPolicyconfigMap().set(name, message);
        }
        await this.#call("configure", request);
    }

    /** The policies' findings about each resource, and then about the stack. */
    async judge(resources: readonly RegisteredResource[]): Promise<Report[]> {
        const found: analyzer.AnalyzeDiagnostic[] = [];
        const stack = new analyzer.AnalyzeStackRequest();
        for (const resource of resources) {
            const request = filled(new analyzer.AnalyzeRequest(), resource);
            const answer = await this.#call<analyzer.AnalyzeResponse>("analyze", request);
            found.push(...answer.getDiagnosticsList().map((one) => one.setUrn(resource.urn)));
            const member = filled(new analyzer.AnalyzerResource(), resource);
            for (const [property, urns] of Object.entries(resource.dependencies ?? {})) {
                const dependencies = new analyzer.AnalyzerPropertyDependencies().setUrnsList([...urns]);
                member.getPropertydependenciesMap().set(property, dependencies);
            }
            stack.addResources(member);
        }
        const answer = await this.#call<analyzer.AnalyzeResponse>("analyzeStack", stack);
        return [...found, ...answer.getDiagnosticsList()].map((one) => ({
            policy: one.getPolicyname(),
            level: levels[one.getEnforcementlevel()] ?? "",
            resource: one.getUrn().split("::").at(-1) ?? "",
            // The SDK puts the policy's description before each message.
            message: one.getMessage().replace(`${one.getDescription()}\n`, ""),
        }));
    }

    /** The properties that remediating policies make of a resource's; `undefined` without a change. */
    async remediate(resource: RegisteredResource): Promise<Record<string, unknown> | undefined> {
        const request = filled(new analyzer.AnalyzeRequest(), resource);
        const answer = await this.#call<analyzer.RemediateResponse>("remediate", request);
        return answer.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
    }

    async stop(): Promise<void> {
        this.#client.close();
        this.#child.kill();
        if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
    }

    #call<Response>(method: keyof typeof AnalyzerService, request: Message): Promise<Response> {
        const { path, requestSerialize, responseDeserialize } = AnalyzerService[method] as unknown as {
            path: string;
            requestSerialize: (message: Message) => Buffer;
            responseDeserialize: (bytes: Buffer) => Response;
        };
        return new Promise((fulfil, reject) => {
            this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) => {
                if (error === null && response !== undefined) fulfil(response);
                else reject(error);
            });
        });
    }
}

function filled<Target extends analyzer.AnalyzeRequest | analyzer.AnalyzerResource>(
    message: Target,
    { urn, type, props, protect = false, ignoreChanges = [], provider }: RegisteredResource,
): Target {
    message.setUrn(urn);
    message.setType(type);
    message.setName(urn.split("::").at(-1) ?? "");
    message.setProperties(Struct.fromJavaScript(props as never));
    const options = new analyzer.AnalyzerResourceOptions();
    options.setProtect(protect);
    options.setIgnorechangesList([...ignoreChanges]);
    message.setOptions(options);
    if (provider !== undefined) {
        const about = new analyzer.AnalyzerProviderResource();
        about.setType(provider.type);
        about.setProperties(Struct.fromJavaScript(provider.props as never));
        message.setProvider(about);
    }
    return message;
}
