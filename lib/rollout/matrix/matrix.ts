import { stringify } from "yaml";
import { UserError } from "../../errors";
import { type RolloutFile, type RolloutWave, stacksOf } from "../file/rollout-file";
import type { RolloutPlan } from "../plan/rollout-plan";
import { gitlabPipeline } from "./gitlab-pipeline";

export type MatrixFormat = "github" | "gitlab" | "json";

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

/** The most jobs that GitHub makes of one matrix. Source: https://docs.github.com/en/actions/reference/limits */
const mostOfGithub = 256;

/** Jobs for a CI system, each for one stack. @throws UserError `invalid-command` when the system can't have so many */
export function matrixText(format: MatrixFormat, file: RolloutFile, plan: RolloutPlan, places: MatrixPlaces): string {
    const waves = matrixWaves(file, plan, places);
    switch (format) {
        case "json":
            return `${JSON.stringify({ plan: plan.id, waves }, undefined, 2)}\n`;
        case "github":
            return githubOutputs(waves);
        case "gitlab":
            return stringify(gitlabPipeline(waves, places), { lineWidth: 0 });
    }
}

function matrixWaves(file: RolloutFile, plan: RolloutPlan, places: MatrixPlaces): MatrixWave[] {
    const planned = new Map(plan.stacks.map((stack) => [stack.name, stack]));
    const inFile = new Map(file.stacks.map((stack) => [stack.name, stack]));
    return file.waves.map((wave) => ({
        name: wave.name,
        maxConcurrent: wave.maxConcurrent,
        failureTolerance: wave.failureTolerance,
        ...(wave.pause !== undefined && { pause: wave.pause }),
        jobs: stacksOf(wave).map((stack): MatrixJob => {
            const { account, region } = inFile.get(stack) ?? {};
            const result = `rollout-results/${stack}.json`;
            const ours = ["npx", "bucket-encryption", "rollout", "run", places.file];
            return {
                stack,
                ...(account !== undefined && { account }),
                ...(region !== undefined && { region }),
                risk: planned.get(stack)?.risk ?? "not known",
                command: [...ours, "--plan", places.plan, "--stack", stack, "--result", result, "--yes"],
                result,
            };
        }),
    }));
}

/** Lines for the file that GITHUB_OUTPUT names: a matrix and a limit for each wave. */
function githubOutputs(waves: readonly MatrixWave[]): string {
    const lines = waves.flatMap(({ name, maxConcurrent, jobs }, index) => {
        if (jobs.length > mostOfGithub)
            throw new UserError(
                "invalid-command",
                `Wave ${name} has ${jobs.length} stacks, and GitHub makes at most ${mostOfGithub} jobs of a matrix`,
            );
        const include = jobs.map(({ command: _command, result: _result, ...job }) => job);
        const wave = `wave_${index + 1}`;
        return [
            `${wave}_name=${name}`,
            `${wave}_max_parallel=${maxConcurrent}`,
            `${wave}=${JSON.stringify({ include })}`,
        ];
    });
    return `${[`waves=${waves.length}`, ...lines].join("\n")}\n`;
}
