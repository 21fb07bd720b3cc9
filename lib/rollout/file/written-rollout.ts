/** A rollout file as it is written, once the schema has accepted it. */
export interface WrittenRollout {
    readonly name: string;
    readonly workDir?: string;
    readonly refresh?: boolean;
    readonly policyPacks?: readonly string[];
    readonly stacks: readonly WrittenStack[];
    readonly waves: readonly WrittenWave[];
    readonly temporal?: WrittenTemporalPart;
}

export interface WrittenTemporalPart {
    readonly sharedPlace: string;
    readonly codec?: string;
    readonly heartbeatTimeout?: string;
    readonly lockWait?: string;
}

export interface WrittenStack {
    readonly name: string;
    readonly stack?: string;
    readonly workDir?: string;
    readonly account?: string;
    readonly region?: string;
    readonly configuration?: Readonly<Record<string, unknown>>;
    readonly tags?: Readonly<Record<string, string | number | boolean>>;
}

export interface WrittenWave {
    readonly name: string;
    readonly stacks?: readonly string[];
    readonly tags?: Readonly<Record<string, string | number | boolean>>;
    readonly maxConcurrent?: number | string;
    readonly failureTolerance?: number | string;
    readonly concurrencyMode?: "soft" | "strict";
    readonly regionOrder?: readonly string[];
    readonly pause?: string | { readonly until: string };
}
