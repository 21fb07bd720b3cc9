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

export interface MatrixPlaces {
    /** The paths of the rollout file and its plan in the jobs. */
    readonly file: string;
    readonly plan: string;
}
