import { stringify } from "yaml";
import { UserError } from "../../errors";
import { type RolloutFile, stacksOf } from "../file/rollout-file";
import type { RolloutPlan } from "../plan/rollout-plan";
import { gitlabPipeline } from "./gitlab-pipeline";
import type { MatrixJob, MatrixPlaces, MatrixWave } from "./matrix-wave";

export type MatrixFormat = "github" | "gitlab" | "json";

/** The most jobs that GitHub makes of one matrix. Source: https://docs.github.com/en/actions/reference/limits */
const mostOfGithubMatrix = 256;

/** In bytes of UTF-16. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs */
const mostOfGithubOutputs = 1_000_000;

/** Jobs for a CI system, each for one stack. @throws UserError `too-many-rollout-jobs` */
export function matrixText(format: MatrixFormat, file: RolloutFile, plan: RolloutPlan, places: MatrixPlaces): string {
    const waves = matrixWaves(file, plan, places);
    switch (format) {
        case "json":
            return `${JSON.stringify({ plan: plan.id, waves }, undefined, 2)}\n`;
        case "github":
            return githubOutputs(waves);
        case "gitlab":
            return stringify(gitlabPipeline(plan, waves, places), { lineWidth: 0 });
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

/**
 * Lines for the file that GITHUB_OUTPUT names, for each wave: its name, how many jobs may run at the same time, and its parts, a list of
 * matrices as texts. Each part has at most as many jobs as GitHub makes of a matrix; a workflow that runs the parts one after another
 * never has more jobs at the same time than the wave allows. A wave that fits into one matrix is there as one, too.
 * @throws UserError `too-many-rollout-jobs` when GitHub cannot pass so much between jobs
 */
function githubOutputs(waves: readonly MatrixWave[]): string {
    const lines = waves.flatMap(({ name, maxConcurrent, jobs }, index) => {
        const include = jobs.map(({ command: _command, result: _result, ...job }) => job);
        const parts = chunks(include, mostOfGithubMatrix).map((part) => JSON.stringify({ include: part }));
        const wave = `wave_${index + 1}`;
        return [
            `${wave}_name=${name}`,
            `${wave}_max_parallel=${maxConcurrent}`,
            `${wave}_parts=${JSON.stringify(parts)}`,
            ...(parts.length === 1 ? [`${wave}=${parts[0]}`] : []),
        ];
    });
    const text = `${[`waves=${waves.length}`, ...lines].join("\n")}\n`;
    const bytes = 2 * text.length;
    if (bytes > mostOfGithubOutputs)
        throw new UserError(
            "too-many-rollout-jobs",
            `The jobs take ${bytes} bytes, and GitHub passes at most ${mostOfGithubOutputs} bytes from one job to others`,
        );
    return text;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
        items.slice(index * size, (index + 1) * size),
    );
}
