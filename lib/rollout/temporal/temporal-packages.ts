import { UserError } from "../../errors";

// The packages of Temporal's SDK are optional peers, and are not installed where this package is built and checked. So these are the
// parts of their types that are used; `tests/interop/temporal` compares them with the real ones.

/** From `@temporalio/envconfig`. */
export interface TemporalEnvironment {
    loadClientConnectConfig(options?: TemporalProfileOptions): {
        readonly connectionOptions: {
            readonly address?: string;
            readonly apiKey?: string | (() => string);
            readonly tls?: TemporalTls | boolean | null;
        };
        readonly namespace?: string;
    };
}

/** `TLSConfig` of `@temporalio/common`. */
export interface TemporalTls {
    readonly serverNameOverride?: string | null;
    readonly serverRootCACertificate?: Uint8Array;
    readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array } | null;
}

interface TemporalProfileOptions {
    readonly profile?: string;
    readonly overrideEnvVars?: Record<string, string>;
}

/** Encodes what goes to the server. Source: https://docs.temporal.io/payload-codec */
export interface PayloadCodec {
    encode(payloads: object[]): Promise<object[]>;
    decode(payloads: object[]): Promise<object[]>;
}

export interface DataConverterOptions {
    readonly payloadCodecs?: PayloadCodec[];
    readonly failureConverterPath?: string;
}

/** From `@temporalio/client`. */
export interface TemporalClientPackage {
    readonly Connection: {
        connect(options: { readonly address?: string; readonly connectTimeout?: number }): Promise<TemporalConnection>;
    };
    readonly Client: new (options: {
        connection: TemporalConnection;
        namespace?: string;
        dataConverter?: DataConverterOptions;
    }) => TemporalClient;
}

export interface TemporalConnection {
    close(): Promise<void>;
}

export interface TemporalClient {
    readonly workflow: {
        start(
            workflow: string,
            options: {
                readonly workflowId: string;
                readonly taskQueue: string;
                readonly args: unknown[];
                readonly workflowIdReusePolicy: "REJECT_DUPLICATE" | "ALLOW_DUPLICATE";
                readonly workflowIdConflictPolicy: "FAIL";
                readonly staticSummary?: string;
            },
        ): Promise<WorkflowHandle>;
        getHandle(workflowId: string): WorkflowHandle;
    };
    readonly workflowService: {
        describeTaskQueue(request: {
            readonly namespace: string;
            readonly taskQueue: { readonly name: string };
            readonly taskQueueType: number;
        }): Promise<{ readonly pollers?: readonly object[] | null }>;
    };
}

export interface WorkflowHandle {
    signal(name: string, ...args: unknown[]): Promise<void>;
    query(name: string, ...args: unknown[]): Promise<unknown>;
    describe(): Promise<WorkflowDescription>;
    cancel(): Promise<unknown>;
}

export interface WorkflowDescription {
    readonly status: { readonly name: string };
    readonly raw: { readonly pendingActivities?: readonly PendingActivity[] | null };
}

/** `temporal.api.workflow.v1.PendingActivityInfo`, as far as `status` shows it. */
export interface PendingActivity {
    readonly activityId?: string | null;
    readonly activityType?: { readonly name?: string | null } | null;
    readonly attempt?: number | null;
    readonly lastFailure?: { readonly message?: string | null } | null;
    readonly lastWorkerIdentity?: string | null;
}

/** From `@temporalio/worker`. */
export interface TemporalWorkerPackage {
    readonly NativeConnection: {
        connect(options: { readonly address?: string }): Promise<TemporalConnection>;
    };
    readonly Worker: {
        create(options: {
            readonly connection: TemporalConnection;
            readonly namespace?: string;
            readonly taskQueue: string;
            readonly identity: string;
            readonly workflowBundle: { readonly code: string };
            readonly activities: object;
            readonly dataConverter?: DataConverterOptions;
            readonly maxConcurrentActivityTaskExecutions: number;
            readonly maxCachedWorkflows: number;
            readonly shutdownGraceTime: number;
        }): Promise<TemporalWorker>;
    };
    readonly Runtime: {
        install(options: {
            readonly shutdownSignals: [];
            readonly logger: object;
            readonly telemetryOptions: object;
        }): object;
    };
    readonly DefaultLogger: new (
        level: "WARN",
        write: (entry: { readonly level: string; readonly message: string; readonly meta?: object }) => void,
    ) => object;
    bundleWorkflowCode(options: {
        readonly workflowsPath: string;
        readonly logger: object;
        readonly failureConverterPath?: string;
        readonly webpackConfigHook: (configuration: WebpackConfiguration) => WebpackConfiguration;
    }): Promise<{ readonly code: string }>;
}

export interface WebpackConfiguration {
    resolve?: { modules?: string[] };
}

export interface TemporalWorker {
    run(): Promise<void>;
    shutdown(): void;
}

/** From `@temporalio/activity`. */
export interface TemporalActivityPackage {
    readonly Context: { current(): ActivityContext };
    readonly ApplicationFailure: {
        create(options: {
            readonly message: string;
            readonly type: string;
            readonly nonRetryable: boolean;
            readonly nextRetryDelay?: number;
        }): Error;
    };
}

export interface ActivityContext {
    readonly info: {
        readonly attempt: number;
        readonly scheduledTimestampMs: number;
        readonly heartbeatTimeoutMs?: number;
    };
    readonly cancellationSignal: AbortSignal;
    heartbeat(details?: unknown): void;
}

/** From `@temporalio/workflow`; only code in the sandbox uses it. */
export interface TemporalWorkflowPackage {
    proxyActivities<Activities>(options: {
        readonly startToCloseTimeout: number;
        readonly heartbeatTimeout?: number;
        readonly activityId?: string;
        readonly retry: {
            readonly initialInterval: number;
            readonly backoffCoefficient: number;
            readonly maximumInterval: number;
            readonly maximumAttempts?: number;
        };
    }): Activities;
    startChild(
        workflow: string,
        options: {
            readonly workflowId: string;
            readonly args: unknown[];
            readonly staticSummary?: string;
        },
    ): Promise<{ signal(name: string, ...args: unknown[]): Promise<void>; result(): Promise<unknown> }>;
    getExternalWorkflowHandle(workflowId: string): { signal(name: string, ...args: unknown[]): Promise<void> };
    condition(holds: () => boolean): Promise<void>;
    condition(holds: () => boolean, milliseconds: number): Promise<boolean>;
    continueAsNew(...args: unknown[]): Promise<never>;
    workflowInfo(): {
        readonly workflowId: string;
        readonly parent?: { readonly workflowId: string };
        readonly continueAsNewSuggested: boolean;
    };
    defineSignal(name: string): object;
    defineQuery(name: string): object;
    setHandler(definition: object, handler: (...args: never[]) => unknown): void;
    readonly CancellationScope: {
        current(): { readonly cancelRequested: Promise<never> };
        nonCancellable<Result>(work: () => Promise<Result>): Promise<Result>;
    };
    rootCause(error: unknown): string | undefined;
}

interface Packages {
    readonly "@temporalio/envconfig": TemporalEnvironment;
    readonly "@temporalio/client": TemporalClientPackage;
    readonly "@temporalio/worker": TemporalWorkerPackage;
    readonly "@temporalio/activity": TemporalActivityPackage;
}

/** What must be installed to start and follow rollouts, and for workers. */
export const temporalPackages = {
    client: ["@temporalio/client", "@temporalio/envconfig"],
    worker: ["@temporalio/worker", "@temporalio/workflow", "@temporalio/activity", "@temporalio/envconfig"],
} as const;

/**
 * Loads a package of Temporal's SDK.
 * @param find returns the file of a package; from this package on, or else from where the process works
 * @throws UserError `missing-package`, naming every package that the purpose needs
 */
export function temporalPackage<Name extends keyof Packages>(
    name: Name,
    purpose: keyof typeof temporalPackages,
    find: (name: string) => string = findPackage,
): Packages[Name] {
    let file: string;
    try {
        file = find(name);
    } catch (cause) {
        const who = purpose === "client" ? "A rollout on Temporal" : "A worker of rollouts on Temporal";
        const cure = `Run \`npm install ${temporalPackages[purpose].join(" ")}\` in the folder where you run the command.`;
        throw new UserError(
            "missing-package",
            `${who} needs the package ${name}, which is not installed`,
            {},
            { cause, cure },
        );
    }
    return require(file);
}

// A linked package sees its own folder's packages, and not those of the folder that the command runs in.
export function findPackage(wanted: string): string {
    return require.resolve(wanted, { paths: [__dirname, process.cwd()] });
}
