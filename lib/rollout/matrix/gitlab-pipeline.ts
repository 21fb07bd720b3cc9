import path from "node:path";
import { shellWord } from "../../text";
import { RolloutFolder } from "../journal/rollout-folder";
import type { RolloutPlan } from "../plan/rollout-plan";
import type { MatrixImage, MatrixPlaces, MatrixWave } from "./matrix-wave";

/** The longest delay of a job. Source: https://docs.gitlab.com/ci/jobs/job_control/ */
const longestDelaySeconds = 7 * 86_400;

/** The oldest version of Node that is maintained. Source: https://nodejs.org/en/about/previous-releases */
const defaultNodeVersion = 22;

/** An image that does not change, unlike one that names only Node's major version. */
const defaultNodeImage = "node:22.21.1-bookworm-slim";

/**
 * The engine that made the plan also deploys it, so its CLI is in the image.
 * Source: https://www.pulumi.com/docs/iac/operations/docker-images/
 */
function imageOf(engine: string, { image, nodeVersion }: MatrixImage): string {
    if (image !== undefined) return image;
    const [, version] = /^pulumi v?(\d+\.\d+\.\d+)$/.exec(engine) ?? [];
    if (version !== undefined) return `pulumi/pulumi-nodejs-${nodeVersion ?? defaultNodeVersion}:${version}`;
    return nodeVersion === undefined ? defaultNodeImage : `node:${nodeVersion}-bookworm-slim`;
}

/** With a provider for OIDC among the project's variables, jobs exchange GitLab's token for a role and keep no access key. */
const tokenScript = `if [ -n "$ALIBABA_CLOUD_OIDC_PROVIDER_ARN" ]; then
  export ALIBABA_CLOUD_OIDC_TOKEN_FILE="$(mktemp)"
  printf %s "$ALIBABA_CLOUD_ID_TOKEN" > "$ALIBABA_CLOUD_OIDC_TOKEN_FILE"
fi`;

/**
 * A child pipeline: a stage for each wave with a job for each stack, and one after it, the gate, that fails when too many of them did.
 * GitLab has no limit for the jobs of a stage, but runs one job at a time of each resource group, so the jobs take turns in as many
 * groups as may run at the same time. A cache keeps the journal of each job, so that a job that is retried knows what was begun.
 * Source: https://docs.gitlab.com/ci/yaml/
 */
export function gitlabPipeline(
    { id, engine }: Pick<RolloutPlan, "id" | "engine">,
    waves: readonly MatrixWave[],
    { file, plan, ...image }: MatrixPlaces,
): object {
    const shared = sharedParts(id, file, plan);
    const jobs: Record<string, object> = {
        "take the plan": {
            stage: "plan",
            needs: [{ pipeline: "$PARENT_PIPELINE_ID", job: "plan" }],
            before_script: [],
            script: [`test -f ${shellWord(plan)}`],
            artifacts: { paths: [plan] },
        },
    };
    waves.forEach((wave, index) => {
        Object.assign(jobs, waveJobs(wave, index, shared));
        if (index < waves.length - 1) Object.assign(jobs, pauseJob(wave, index));
    });
    jobs.report = {
        stage: "report",
        when: "always",
        script: [
            `${shared.report} --format html --output rollout.html`,
            `${shared.report} --format junit --output rollout.xml`,
        ],
        artifacts: { when: "always", paths: ["rollout.html"], reports: { junit: "rollout.xml" } },
    };
    const stages = waves.flatMap((wave, index) => [stageOf(wave, index), `gate ${index + 1}`, `pause ${index + 1}`]);
    return {
        stages: ["plan", ...stages, "report"],
        default: {
            image: imageOf(engine, image),
            id_tokens: { ALIBABA_CLOUD_ID_TOKEN: { aud: "sts.aliyuncs.com" } },
            before_script: ["npm ci", tokenScript],
        },
        ...jobs,
    };
}

/** What the jobs of all waves share. */
interface SharedParts {
    /** The command that deploys a stack. */
    readonly run: string;
    /** The command that reports the jobs' results. */
    readonly report: string;
    readonly cache: object;
}

function sharedParts(id: string, file: string, plan: string): SharedParts {
    const { folder } = RolloutFolder.of(file).forStack("one");
    const command = "npx bucket-encryption rollout";
    return {
        run: `${command} run ${shellWord(file)} --plan ${shellWord(plan)}`,
        report: `${command} report ${shellWord(file)} rollout-results/*.json --plan ${shellWord(plan)}`,
        cache: {
            key: `rollout-${id.slice(0, 12)}-$ROLLOUT_STACK`,
            paths: [`${path.relative("", path.dirname(folder))}/`],
            when: "always",
        },
    };
}

/** A wave's template, its jobs and its gate. */
function waveJobs(wave: MatrixWave, index: number, { run, report, cache }: SharedParts): Record<string, object> {
    const jobs: Record<string, object> = {
        [templateOf(index)]: {
            stage: stageOf(wave, index),
            script: [`${run} --stack "$ROLLOUT_STACK" --result "rollout-results/$ROLLOUT_STACK.json" --yes`],
            // The gate decides whether too many failed.
            allow_failure: true,
            cache,
            artifacts: { when: "always", paths: ["rollout-results/$ROLLOUT_STACK.json"] },
        },
    };
    wave.jobs.forEach(({ stack, account, region }, position) => {
        jobs[`stack ${stack}`] = {
            extends: templateOf(index),
            resource_group: `rollout-${index + 1}-${(position % wave.maxConcurrent) + 1}`,
            variables: {
                ROLLOUT_STACK: stack,
                ...(account !== undefined && { ROLLOUT_ACCOUNT: account }),
                ...(region !== undefined && { ROLLOUT_REGION: region }),
            },
        };
    });
    jobs[`gate ${wave.name}`] = {
        stage: `gate ${index + 1}`,
        script: [`${report} --gate ${shellWord(wave.name)}`],
    };
    return jobs;
}

/** A hidden job: GitLab limits what a pipeline's file may take in memory, so a stack's job has only what differs. */
const templateOf = (index: number): string => `.stack of wave ${index + 1}`;

const stageOf = ({ name }: MatrixWave, index: number): string => `wave ${index + 1} ${name}`;

/** A delayed job for a short pause. GitLab cannot wait until a given time or for longer, so a person continues then. */
function pauseJob({ name, pause }: MatrixWave, index: number): Record<string, object> {
    if (pause === undefined) return {};
    const isShort = pause.for === "time" && pause.seconds <= longestDelaySeconds;
    const start = isShort ? { when: "delayed", start_in: `${pause.seconds} seconds` } : { when: "manual" };
    const job = { stage: `pause ${index + 1}`, before_script: [], script: ["true"], ...start, allow_failure: false };
    return { [`pause after ${name}`]: job };
}
