import type { RolloutWave } from "../file/rollout-file";

/** One job: a stack of a wave. */
export interface MatrixJob {
    readonly stack: string;
    readonly account?: string;
    readonly region?: string;
    readonly risk: string;
    /** What the job runs. */
    readonly command: readonly string[];
    /** Where the job writes what became of the stack. */
    readonly result: string;
}

export interface MatrixWave extends Pick<RolloutWave, "name" | "maxConcurrent" | "failureTolerance" | "pause"> {
    readonly jobs: readonly MatrixJob[];
}

export interface MatrixPlaces {
    /** The rollout file and its plan, as the jobs reach them. */
    readonly file: string;
    readonly plan: string;
}
