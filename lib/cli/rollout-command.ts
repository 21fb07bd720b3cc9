import { type Command, InvalidArgumentError, Option } from "commander";
import type { Invocation } from "./command-line";
import { wholeNumber } from "./option-values";

/** Adds `rollout` and its commands to the program. Their code is loaded when one is called. */
export function registerRolloutCommand(program: Command, invocation: Invocation): void {
    const rollout = program
        .command("rollout")
        .description("deploy rules to many stacks in waves, by a rollout file (docs/rollout.md)")
        .addHelpText("after", example("rollout plan rollout.yaml && bucket-encryption rollout run rollout.yaml"));
    addPlan(rollout, invocation);
    addDeployments(rollout, invocation);
    addReports(rollout, invocation);
}

function addPlan(rollout: Command, { lazyAction }: Invocation): void {
    withEngine(rollout.command("plan").argument("<file>", "the rollout file"))
        .description("preview and review every stack, and write the plan; deploys nothing")
        .option(
            "--concurrency <count>",
            "previews at the same time (default: one for each core)",
            wholeNumber(1, 1_000),
        )
        .option("--create-stacks", "create missing stacks")
        .option(
            "--output <file>",
            "file for the plan (default: .rollout/<name of the file>/plan.json beside the rollout file)",
        )
        .addOption(
            new Option("--matrix <format>", "print jobs for a CI system that each run one stack").choices([
                "github",
                "gitlab",
                "json",
            ]),
        )
        .option("--from <plan>", "with --matrix: print the jobs of an existing plan")
        .option(
            "--image <image>",
            "with --matrix gitlab: the image of the jobs (default: with the plan's engine and Node)",
        )
        .option(
            "--node-version <major>",
            "with --matrix gitlab: Node's version in the default image (default: 22)",
            nodeVersion,
        )
        .option("--json", "print the plan as JSON")
        .addHelpText("after", example("rollout plan rollout.yaml --create-stacks"))
        .action(lazyAction(() => actions().rolloutPlanAction));
}

/** The commands that deploy stacks. */
function addDeployments(rollout: Command, { lazyAction }: Invocation): void {
    withEngine(withConfirmation(rollout.command("run").argument("<file>", "the rollout file")), ["temporal"])
        .description("deploy the plan, wave by wave")
        .option("--detach", "with --engine temporal: start the rollout and do not follow it")
        .option("--plan <file>", "the plan (default: the last one)")
        .option("--stack <name>", "only this stack, as a job of a CI system")
        .option(
            "--half-done",
            "with --stack: an earlier job may have deployed a part, so compare the rest with the plan (default: in a repeated attempt of a GitHub run)",
        )
        .option("--result <file>", "with --stack: file for the result, for `rollout report`")
        .addHelpText("after", example("rollout run rollout.yaml"))
        .action(lazyAction(() => runActions().rolloutRunAction));

    withPlan(
        withEngine(withConfirmation(rollout.command("resume").argument("<file>", "the rollout file")), ["temporal"]),
    )
        .description("continue a rollout that was interrupted, stopped or paused; deploys nothing twice")
        .option("--detach", "with --engine temporal: do not follow it")
        .addHelpText("after", example("rollout resume rollout.yaml"))
        .action(lazyAction(() => runActions().rolloutResumeAction));

    withEngine(rollout.command("worker").argument("<file>", "the rollout file"))
        .description("deploy stacks that a rollout on Temporal hands out, until a signal (docs/rollout-temporal.md)")
        .option("--max-concurrent <count>", "stacks at the same time", wholeNumber(1, 1_000), 10)
        .addHelpText("after", example("rollout worker rollout.yaml --max-concurrent 20"))
        .action(lazyAction(() => actions().rolloutWorkerAction));
}

/** The commands about a rollout that deploy nothing. */
function addReports(rollout: Command, { lazyAction }: Invocation): void {
    withPlan(onTemporal(rollout.command("status").argument("<file>", "the rollout file")))
        .description("show the state of the rollout")
        .option("--json", "print it as JSON")
        .addHelpText("after", example("rollout status rollout.yaml"))
        .action(lazyAction(() => actions().rolloutStatusAction));

    withPlan(onTemporal(rollout.command("abort").argument("<file>", "the rollout file")))
        .description("end a rollout for good; running deployments finish")
        .requiredOption("--reason <text>", "the reason, for the report")
        .addHelpText("after", example("rollout abort rollout.yaml --reason 'the key was withdrawn'"))
        .action(lazyAction(() => actions().rolloutAbortAction));

    onTemporal(
        rollout.command("report").argument("<files...>", "the rollout file, results of `rollout run --stack`, or both"),
    )
        .description("report the result of every wave, stack and bucket")
        .addOption(
            new Option("--format <format>", "the format of the report")
                .choices(["html", "markdown", "json", "junit"])
                .default("markdown"),
        )
        .addOption(new Option("--json", "the same as --format json").conflicts("format"))
        .option("--output <file>", "file for the report (default: standard output)")
        .option("--plan <file>", "the plan of the results (default: the last one)")
        .option("--gate <wave>", "end with status 2 unless this wave is done within its tolerance")
        .addHelpText("after", example("rollout report rollout.yaml --format html --output rollout.html"))
        .action(lazyAction(() => actions().rolloutReportAction));
}

const example = (text: string): string => `\nExample:\n  $ bucket-encryption ${text}`;

const withEngine = (command: Command, others: readonly string[] = []): Command =>
    command.addOption(
        new Option(
            "--engine <engine>",
            `the engine (default: auto, which is pulumi if the CLI is on the PATH, and embedded otherwise${others.length === 0 ? "" : "; temporal hands the stacks to workers"})`,
        ).choices(["auto", "pulumi", "embedded", ...others]),
    );

/** Commands about a rollout that deploy nothing. */
const onTemporal = (command: Command): Command =>
    command.addOption(
        new Option(
            "--engine <engine>",
            "where the rollout runs, if not on this machine (default: where the last one of this folder was started)",
        ).choices(["temporal"]),
    );

const withPlan = (command: Command): Command =>
    command.option(
        "--plan <file>",
        "with --engine temporal: the plan (default: the last one that was started in this folder)",
    );

const withConfirmation = (command: Command): Command =>
    command
        .option("-y, --yes", "confirm everything, also pauses for a person")
        .option("--json", "print the report as JSON at the end, and progress to standard error");

const actions = (): typeof import("./rollout-actions") => require("./rollout-actions");
const runActions = (): typeof import("./rollout-run-actions") => require("./rollout-run-actions");

function nodeVersion(text: string): number {
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (value < 20 || value > 99)
        throw new InvalidArgumentError("It must be a version of Node from 20 on, such as 24.");
    return value;
}
