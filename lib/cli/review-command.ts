import { type Command, InvalidArgumentError } from "commander";
import { UserError } from "../errors";
import {
    type ChangeClass,
    changeClasses,
    commentLimits,
    type Outcome,
    passes,
    type ReviewReport,
    readStateFile,
    reviewHtml,
    reviewJson,
    reviewMarkdown,
    reviewPreviewFile,
    reviewSarif,
    reviewStateFiles,
    reviewText,
    type StackReview,
} from "../review";
import { counted } from "../text";
import { choiceOption, jsonOption, listOption } from "./choice-options";
import { type CommandIo, widthOf } from "./command-io";
import type { Invocation } from "./command-line";
import { exitStatus } from "./exit-status";
import { outcomeOf, valuesOf } from "./file-outcomes";
import { expectWritable, writeOutput } from "./output-file";

type Format = "text" | "markdown" | "json" | "sarif" | "html";

const renderers: Record<Format, (report: ReviewReport, flags: ReviewFlags, columns: number) => string> = {
    text: (report, _, columns) => reviewText(report, columns),
    markdown: (report, { marker, commentLimit: limit }) => reviewMarkdown(report, { marker, limit }),
    json: reviewJson,
    sarif: reviewSarif,
    html: reviewHtml,
};

interface ReviewFlags {
    readonly from?: string;
    readonly to?: string;
    readonly stack?: string;
    readonly format: Format;
    readonly json?: boolean;
    readonly failOn?: ReadonlySet<ChangeClass>;
    readonly output?: string;
    readonly marker: string;
    readonly commentLimit: number;
}

/** Adds `review` to the program: reads previews or states, reports what they mean for encryption. Makes no request. */
export function registerReviewCommand(program: Command, { action }: Invocation): void {
    program
        .command("review")
        .description("report what a deployment means for each bucket's encryption, and stop gates")
        .argument(
            "[file...]",
            "output of `pulumi preview --json`, one file for each stack; `-` or none: standard input",
        )
        .option("--from <file>", "instead of previews: output of `pulumi stack export` before the change")
        .option("--to <file>", "with --from: output of `pulumi stack export` after the change")
        .option("--stack <name>", "the stack's name in the review (default: the name in the file)")
        .addOption(choiceOption("--format <name>", "the format of the report", Object.keys(renderers)).default("text"))
        .addOption(jsonOption())
        .addOption(
            listOption(
                "--fail-on <classes>",
                `end with status ${exitStatus.stoppedByGate} if there is a change of these classes, separated by commas`,
                "class",
                changeClasses,
            ),
        )
        .option("--output <file>", "write there instead of to standard output")
        .option(
            "--marker <name>",
            "with markdown: the name that marks this comment among others",
            markerName,
            "default",
        )
        .option(
            "--comment-limit <characters>",
            "with markdown: `github` (65,536), `gitlab` (1,000,000), or a number of at least 2,000",
            commentLimit,
            commentLimits.github,
        )
        .addHelpText(
            "after",
            [
                "",
                "A preview that failed, that a policy refused, or that did not end never passes. Secrets and values that are known only at deployment make a change `unknown`.",
                "",
                "Examples:",
                "  $ pulumi preview --refresh --json > preview.json",
                "  $ bucket-encryption review preview.json --fail-on removed,weakened,unknown",
                "",
                "  $ bucket-encryption review dev.json prod.json --format markdown --output comment.md",
                "  $ bucket-encryption review --from before.json --to after.json --json",
            ].join("\n"),
        )
        .action(action(review));
}

async function review(io: CommandIo, files: readonly string[], flags: ReviewFlags): Promise<number> {
    expectWritable(io, { "--output": flags.output });
    const report: ReviewReport = { reviews: await reviewsOf(io, files, flags), failOn: flags.failOn ?? new Set() };
    const text = renderers[flags.json ? "json" : flags.format](report, flags, widthOf(io));
    writeOutput(io, flags.output, text, `the review of ${counted(report.reviews.length, "stack")}`);
    return passes(report) ? exitStatus.succeeded : exitStatus.stoppedByGate;
}

async function reviewsOf(
    io: CommandIo,
    files: readonly string[],
    { from, to, stack }: ReviewFlags,
): Promise<StackReview[]> {
    if (from === undefined && to === undefined) {
        if (stack !== undefined && files.length > 1) {
            throw new UserError("invalid-review-options", "--stack names one stack, but several files are given");
        }
        const names = files.length === 0 ? ["-"] : files;
        const outcomes: Outcome<StackReview>[] = [];
        // One at a time: only the review of a file is kept in memory.
        for (const name of names)
            outcomes.push(await outcomeOf(io, name, "invalid-preview", (file) => reviewPreviewFile(file, stack)));
        return valuesOf(outcomes);
    }
    if (from === undefined || to === undefined) {
        throw new UserError("invalid-review-options", "--from needs --to, and --to needs --from");
    }
    if (files.length > 0) {
        throw new UserError("invalid-review-options", "Pass either previews, or --from with --to");
    }
    const [before, after] = valuesOf([
        await outcomeOf(io, from, "invalid-exported-state", readStateFile),
        await outcomeOf(io, to, "invalid-exported-state", readStateFile),
    ]);
    return [reviewStateFiles(before ?? [], after ?? [], stack)];
}

function markerName(text: string): string {
    if (/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(text) && !text.includes("--")) return text;
    throw new InvalidArgumentError("It must be 1 to 100 letters, digits, `.`, `_`, `/` and single `-`.");
}

function commentLimit(text: string): number {
    if (text === "github" || text === "gitlab") return commentLimits[text];
    const limit = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (limit >= 2_000) return limit;
    throw new InvalidArgumentError("It must be `github`, `gitlab`, or a whole number from 2000 on.");
}
