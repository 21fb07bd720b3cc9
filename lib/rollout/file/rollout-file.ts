/** A rollout file after reading: paths are absolute, waves have their stacks, defaults are filled in. */
export interface RolloutFile {
    readonly name: string;
    /** SHA-256 of the file's text; a plan belongs to one digest. */
    readonly digest: string;
    /** Whether every rule is read before each preview and deployment. */
    readonly refresh: boolean;
    /** Folders of policy packs. */
    readonly policyPacks: readonly string[];
    readonly stacks: readonly RolloutStack[];
    readonly waves: readonly RolloutWave[];
    /** For rollouts on Temporal. */
    readonly temporal?: TemporalPart;
}

export interface TemporalPart {
    /** A folder, or `oss://BUCKET/PREFIX` or `s3://BUCKET/PREFIX`, that every worker and command can reach. */
    readonly sharedPlace: string;
    /** A module that exports `payloadCodecs`. */
    readonly codec?: string;
    /** How long a worker may be silent before another one takes its stacks. In seconds. */
    readonly heartbeatTimeout: number;
    /** How long workers wait for the lock of a stack before the stack counts as held. In seconds. */
    readonly lockWait: number;
}

export interface RolloutStack {
    /** Unique in the file. */
    readonly name: string;
    /** Pulumi's name of the stack. */
    readonly stack: string;
    readonly workDir: string;
    /** The only account that it may touch. */
    readonly account?: string;
    readonly region?: string;
    /** Keys with their namespace; values as Pulumi keeps them, structured ones as JSON text. */
    readonly configuration: Readonly<Record<string, string>>;
    readonly tags: Readonly<Record<string, string>>;
}

export interface RolloutWave {
    readonly name: string;
    /** Names of stacks. Groups run one after another, the stacks of a group together. */
    readonly groups: readonly (readonly string[])[];
    /** How many stacks run at the same time. */
    readonly maxConcurrent: number;
    /** How many stacks may fail. */
    readonly failureTolerance: number;
    readonly concurrencyMode: "soft" | "strict";
    /** The pause after the wave. */
    readonly pause?: Pause;
}

export type Pause =
    | { readonly for: "person" }
    | { readonly for: "time"; readonly seconds: number }
    /** `until` is a time in ISO 8601. */
    | { readonly for: "until"; readonly until: string };

export const stacksOf = ({ groups }: Pick<RolloutWave, "groups">): string[] => groups.flat();
