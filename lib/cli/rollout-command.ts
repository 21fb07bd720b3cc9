import { type Command, InvalidArgumentError, Option } from "commander";
import type { Invocation } from "./command-line";
import type { PlanFlags, ReportFlags, RunFlags } from "./rollout-actions";

/** Adds `rollout` and its commands to the program. What they do is loaded when one is called. */
export function registerRolloutCommand(program: Command, { action }: Invocation): void {
    const rollout = program
        .command("rollout")
        .description("bring rules to many stacks, in waves, as a rollout file says (docs/rollout.md)")
        .addHelpText("after", example("rollout plan rollout.yaml && bucket-encryption rollout run rollout.yaml"));

    withEngine(rollout.command("plan").argument("<file>", "the rollout file"))
        .description("preview and review every stack, and write down what may be deployed; deploys nothing")
        .option(
            "--concurrency <count>",
            "how many previews at the same time (default: one for each core)",
            positiveInteger,
        )
        .option("--create-stacks", "make stacks that aren't there yet")
        .option(
            "--output <file>",
            "where to write the plan (default: .rollout/<name>/plan.json beside the rollout file)",
        )
        .addOption(
            new Option("--matrix <format>", "print jobs for a CI system that each run one stack").choices([
                "github",
                "gitlab",
                "json",
            ]),
        )
        .option("--from <plan>", "with --matrix: print the jobs of a plan that was made before")
        .option("--json", "print the plan as JSON")
        .addHelpText("after", example("rollout plan rollout.yaml --create-stacks"))
        .action(action(async (io, file: string, flags: PlanFlags) => actions().planRolloutAction(file, flags, io)));

    withEngine(consenting(rollout.command("run").argument("<file>", "the rollout file")))
        .description("deploy what was planned, wave by wave")
        .option("--plan <file>", "the plan (default: the one that was made last)")
        .option("--stack <name>", "only this stack, as a job of a CI system")
        .option(
            "--half-done",
            "with --stack: an earlier job may have deployed a part; what is left must lead where the plan leads (default: in a repeated attempt of a GitHub job)",
        )
        .option("--result <file>", "with --stack: where to write what became of it, for `rollout report`")
        .addHelpText("after", example("rollout run rollout.yaml"))
        .action(action(async (io, file: string, flags: RunFlags) => actions().runRolloutAction(file, flags, io)));

    withEngine(consenting(rollout.command("resume").argument("<file>", "the rollout file")))
        .description("go on with a rollout that was cut off, stopped or paused; does nothing twice")
        .addHelpText("after", example("rollout resume rollout.yaml"))
        .action(action(async (io, file: string, flags: RunFlags) => actions().resumeRolloutAction(file, flags, io)));

    rollout
        .command("status")
        .argument("<file>", "the rollout file")
        .description("show where the rollout stands")
        .option("--json", "print it as JSON")
        .addHelpText("after", example("rollout status rollout.yaml"))
        .action(
            action(async (io, file: string, flags: { json?: boolean }) =>
                actions().rolloutStatusAction(file, flags, io),
            ),
        );

    rollout
        .command("abort")
        .argument("<file>", "the rollout file")
        .description("end a rollout for good; stacks that are being deployed are finished")
        .requiredOption("--reason <text>", "why, for the report")
        .addHelpText("after", example("rollout abort rollout.yaml --reason 'the key was withdrawn'"))
        .action(
            action(async (io, file: string, flags: { reason: string }) =>
                actions().abortRolloutAction(file, flags, io),
            ),
        );

    rollout
        .command("report")
        .argument("<files...>", "the rollout file, results of `rollout run --stack`, or both")
        .description("tell what became of every wave, stack and bucket")
        .addOption(
            new Option("--format <format>", "the form of the report")
                .choices(["html", "markdown", "json", "junit"])
                .default("markdown"),
        )
        .option("--json", "the same as --format json")
        .option("--output <file>", "where to write it (default: standard output)")
        .option("--plan <file>", "the plan that the results belong to (default: the one that was made last)")
        .option("--gate <wave>", "fail unless this wave is done, with no more failures than it tolerates")
        .addHelpText("after", example("rollout report rollout.yaml --format html --output rollout.html"))
        .action(
            action(async (io, files: string[], flags: ReportFlags) => actions().rolloutReportAction(files, flags, io)),
        );
}

const example = (text: string): string => `\nExample:\n  $ bucket-encryption ${text}`;

const withEngine = (command: Command): Command =>
    command.addOption(
        new Option("--engine <engine>", "what deploys: pulumi is the CLI, through the Automation API")
            .choices(["auto", "pulumi", "embedded"])
            .default("auto"),
    );

const consenting = (command: Command): Command =>
    command
        .option("-y, --yes", "go ahead, also at pauses for a person, without being asked")
        .option("--json", "print the report as JSON at the end, and progress to standard error");

const actions = (): typeof import("./rollout-actions") => require("./rollout-actions");

function positiveInteger(text: string): number {
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (!(value >= 1 && value <= 1000)) throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
    return value;
}
