import type { RolloutWave } from "../file/rollout-file";

/** One job: a stack of a wave. */
export interface MatrixJob {
    readonly stack: string;
    readonly account?: string;
    readonly region?: string;
    readonly risk: string;
    /** The command that the job runs. */
    readonly command: readonly string[];
    /** The file to which the job writes the stack's result. */
    readonly result: string;
}

export interface MatrixWave extends Pick<RolloutWave, "name" | "maxConcurrent" | "failureTolerance" | "pause"> {
    readonly jobs: readonly MatrixJob[];
}

/** Where the jobs run. */
export interface MatrixImage {
    /** The image of the jobs; by default one with the engine that made the plan and with Node. */
    readonly image?: string | undefined;
    /** The major version of Node in the default image. */
    readonly nodeVersion?: number | undefined;
}

export interface MatrixPlaces extends MatrixImage {
    /** The paths of the rollout file and its plan in the jobs. */
    readonly file: string;
    readonly plan: string;
}
