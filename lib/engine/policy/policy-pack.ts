import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Client, credentials, type MethodDefinition, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { DocumentShape, readYaml } from "../../documents";
import { UserError } from "../../errors";
import { emptyMessage } from "../processes/empty-message";
import { grpcOptions } from "../processes/grpc-options";
import { HostProcess } from "../processes/host-process";
import { resolveSdk } from "../processes/sdk-location";
import { unaryCall } from "../processes/unary-call";
import type { StackConfig } from "../project/stack-settings";
import { organization } from "../state/stack-reference";
import { structOf, structToProperties } from "../values/wire-values";
import { type AnalyzedResource, analyzeRequest, fill, withoutInternal } from "./analyzed-resource";
import {
    configFaults,
    effectiveConfig,
    enforcementLevels,
    type PolicyConfig,
    type PolicyInfo,
    policySeverities,
    unknownPolicies,
} from "./policy-config";
import type { Remediation, Violation } from "./violation";

/** A pack to run, as given on the command line. */
export interface PolicyPackSource {
    readonly folder: string;
    readonly config?: ReadonlyMap<string, PolicyConfig> | undefined;
}

/** The operation, as far as policies may know it. */
export interface PolicyPlace {
    readonly engineAddress: string;
    readonly project: string;
    readonly stack: string;
    readonly preview: boolean;
    readonly config: StackConfig;
    readonly environment: NodeJS.ProcessEnv;
    readonly onLine: (line: string) => void;
}

/** One policy pack, run by the SDK's own analyzer process (sdk/go/common/resource/plugin/analyzer_plugin.go). */
export class PolicyPack {
    readonly #host: HostProcess;
    readonly #client: Client;

    private constructor(
        host: HostProcess,
        client: Client,
        readonly name: string,
        readonly version: string,
        /** As on the command line. */
        readonly folder: string,
    ) {
        this.#host = host;
        this.#client = client;
    }

    /** @throws UserError `invalid-policy-pack` */
    static async start({ folder, config }: PolicyPackSource, place: PolicyPlace): Promise<PolicyPack> {
        const pack = resolve(folder);
        const version = packVersion(pack);
        const keys = [...place.config];
        const host = await HostProcess.start(
            "policy pack",
            [resolveSdk(pack, "cmd/run-policy-pack"), place.engineAddress, pack],
            pack,
            {
                ...place.environment,
                PULUMI_NODEJS_ORGANIZATION: organization,
                PULUMI_NODEJS_PROJECT: place.project,
                PULUMI_NODEJS_STACK: place.stack,
                PULUMI_NODEJS_DRY_RUN: String(place.preview),
                PULUMI_CONFIG: JSON.stringify(Object.fromEntries(keys.map(([key, { text }]) => [key, text]))),
            },
            place.onLine,
        );
        const client = new Client(host.address, credentials.createInsecure(), grpcOptions);
        const started = new PolicyPack(host, client, pack, version, folder);
        try {
            await started.#configureStack(place);
            return await started.#configure(config);
        } catch (error) {
            await started.close();
            throw error;
        }
    }

    async remediate(resource: AnalyzedResource): Promise<Remediation[]> {
        const request = analyzeRequest(resource, resource.properties);
        const response = await this.#call(AnalyzerService.remediate, request);
        return response.getRemediationsList().map((found) => ({
            policy: found.getPolicyname(),
            pack: found.getPolicypackname(),
            packVersion: this.version || found.getPolicypackversion(),
            description: found.getDescription(),
            message: found.getDiagnostic(),
            properties: found.hasProperties() ? structToProperties(found.getProperties()) : undefined,
        }));
    }

    async analyze(resource: AnalyzedResource): Promise<Violation[]> {
        const request = analyzeRequest(resource, withoutInternal(resource.properties));
        return this.#violations(await this.#call(AnalyzerService.analyze, request));
    }

    /** Checks all resources of the stack, with their outputs as properties. */
    async analyzeStack(resources: readonly AnalyzedResource[]): Promise<Violation[]> {
        const request = new analyzer.AnalyzeStackRequest();
        for (const resource of resources) {
            const { state } = resource;
            const message = fill(new analyzer.AnalyzerResource(), resource, withoutInternal(resource.properties));
            message.setParent(state.parent);
            message.setDependenciesList([...state.dependencies]);
            for (const [key, urns] of state.propertyDependencies) {
                message
                    .getPropertydependenciesMap()
                    .set(key, new analyzer.AnalyzerPropertyDependencies().setUrnsList([...urns]));
            }
            request.addResources(message);
        }
        return this.#violations(await this.#call(AnalyzerService.analyzeStack, request));
    }

    async close(): Promise<void> {
        this.#client.close();
        await this.#host.end();
    }

    async #configureStack({ stack, project, preview, config }: PolicyPlace): Promise<void> {
        const request = new analyzer.AnalyzerStackConfigureRequest();
        request.setStack(stack);
        request.setProject(project);
        request.setOrganization(organization);
        request.setDryRun(preview);
        for (const [key, { text, secret }] of config) {
            request.getConfigMap().set(key, text);
            if (secret) request.addConfigSecretKeys(key);
        }
        // The SDK's process has all this from its environment and lacks the call.
        await this.#call(AnalyzerService.configureStack, request).catch(() => {});
    }

    async #configure(wanted: ReadonlyMap<string, PolicyConfig> = new Map()): Promise<PolicyPack> {
        const info = await this.#call(AnalyzerService.getAnalyzerInfo, emptyMessage());
        const policies = info.getPoliciesList().map(policyInfo);
        const initial = new Map<string, PolicyConfig>();
        info.getInitialconfigMap().forEach((config, name) => {
            initial.set(name, {
                level: enforcementLevels[config.getEnforcementlevel()],
                properties: (config.getProperties()?.toJavaScript() ?? {}) as PolicyConfig["properties"],
            });
        });
        const config = effectiveConfig(policies, [initial, wanted]);
        const unknown = unknownPolicies(policies, wanted);
        if (unknown.length > 0)
            throw new UserError(
                "invalid-policy-pack",
                `The policies' configuration names ${unknown.join(", ")}, which the pack ${info.getName()} does not have`,
                {},
                { cure: "Correct the names in the file of --policy-pack-config." },
            );
        const faults = configFaults(policies, config);
        if (faults.length > 0) {
            const lines = faults.map(
                (fault) => `validating policy config: ${info.getName()} ${this.version || info.getVersion()}  ${fault}`,
            );
            throw new UserError(
                "invalid-policy-pack",
                `The policies' configuration does not fit their schemas:\n${lines.join("\n")}`,
                {},
                { cure: "Correct these values in the file of --policy-pack-config." },
            );
        }
        const request = new analyzer.ConfigureAnalyzerRequest();
        for (const [name, { level, properties }] of config) {
            const message = new analyzer.PolicyConfig();
            message.setEnforcementlevel(enforcementLevels.indexOf(level ?? "advisory") as analyzer.EnforcementLevel);
            message.setProperties(structOf(properties));
            request.getPolicyconfigMap().set(name, message);
        }
        if (config.size > 0) await this.#call(AnalyzerService.configure, request);
        return new PolicyPack(this.#host, this.#client, info.getName(), this.version || info.getVersion(), this.folder);
    }

    #violations(response: analyzer.AnalyzeResponse): Violation[] {
        return response.getDiagnosticsList().map((found) => {
            const level = enforcementLevels[found.getEnforcementlevel()] ?? "mandatory";
            return {
                urn: found.getUrn(),
                // A finding that is left after the remediation is mandatory.
                level: level === "remediate" ? "mandatory" : level,
                policy: found.getPolicyname(),
                pack: found.getPolicypackname(),
                packVersion: this.version || found.getPolicypackversion(),
                severity: policySeverities[found.getSeverity()] ?? "",
                description: found.getDescription(),
                message: found.getMessage(),
            };
        });
    }

    async #call<Request, Response>(method: MethodDefinition<Request, Response>, request: Request): Promise<Response> {
        try {
            return await unaryCall(this.#client, method, request);
        } catch (error) {
            const reason = this.#host.exitText ?? (error as ServiceError).details;
            throw new UserError("policy-failed", `A policy of ${this.name} failed: ${reason}`, {}, { cause: error });
        }
    }
}

/** The parts of a `PulumiPolicy.yaml` that the engine reads; the rest is for publishing. */
const packShape = new DocumentShape<{
    readonly runtime: string | { readonly name: string };
    readonly version?: string | number | null;
}>({
    type: "object",
    required: ["runtime"],
    properties: {
        runtime: { type: ["string", "object"], required: ["name"], properties: { name: { type: "string" } } },
        version: { type: ["string", "number", "null"] },
    },
});

/** @throws UserError `invalid-policy-pack`, `not-supported-by-embedded-engine` */
export function packVersion(folder: string): string {
    const file = join(folder, "PulumiPolicy.yaml");
    if (!existsSync(file)) throw new UserError("invalid-policy-pack", "The folder has no policy pack", { file });
    const source = { kind: "invalid-policy-pack", title: "The policy pack's file", file } as const;
    const { runtime, version } = readYaml(packShape, source);
    const name = typeof runtime === "string" ? runtime : runtime.name;
    if (name !== "nodejs") {
        throw new UserError(
            "not-supported-by-embedded-engine",
            `The runtime ${JSON.stringify(name)} of a policy pack is not supported by pulumi-embedded`,
            { file },
        );
    }
    return String(version ?? "");
}

function policyInfo(policy: analyzer.PolicyInfo): PolicyInfo {
    const schema = policy.getConfigschema();
    return {
        name: policy.getName(),
        level: enforcementLevels[policy.getEnforcementlevel()] ?? "advisory",
        schema: (schema?.getProperties()?.toJavaScript() ?? {}) as PolicyInfo["schema"],
        required: schema?.getRequiredList() ?? [],
    };
}
