import { type Command, InvalidArgumentError, Option } from "commander";
import { auditFindings, notificationFormats } from "../review";
import { cisRecommendationNames } from "../rule";
import { type BucketSelection, storeFamilies } from "../stores";
import { auditRenderers } from "./audit-rendering";
import { choiceOption, jsonOption, listOption } from "./choice-options";
import type { Invocation } from "./command-line";
import { exitStatus } from "./exit-status";
import { notificationUrl } from "./notification";
import { collected, wholeNumber } from "./option-values";
import { withPlaces } from "./place-options";

/** Adds `audit` to the program: lists an account's buckets and reports their encryption. Only reads. */
export function registerAuditCommand(program: Command, { lazyAction }: Invocation): void {
    const command = program.command("audit").description("report the encryption of an account's buckets; only reads");
    withSelection(withPlaces(command, "the region that lists the buckets"));
    withReport(command);
    withGate(command);
    withRepetition(command);
    command
        .option("--parallel <number>", "how many buckets are read at once", wholeNumber(1, 9_999), 32)
        .addHelpText("after", helpText())
        .action(lazyAction(() => actions().audit));
}

/** Which buckets are audited, and which states they are compared with. */
function withSelection(command: Command): void {
    command
        .option("--prefix <text>", "only buckets whose names begin with this")
        .option("--tag <key=value>", "only buckets with this tag; without a value: with any value", tagOf)
        .option(
            "--state <file>",
            "output of `pulumi stack export`, to show which stack manages a bucket; repeat it for several stacks",
            collected,
        );
}

/** What is written, and where. */
function withReport(command: Command): void {
    const formats = Object.keys(auditRenderers);
    command
        .addOption(choiceOption("--format <name>", "the format of the report", formats).default("text"))
        .addOption(jsonOption())
        .addOption(
            choiceOption("--emit <what>", "instead of a report: `stack`, a program that adopts the existing rules", [
                "stack",
            ]),
        )
        .option("--plugin", "with --emit stack: declare resources of the provider plugin")
        .option("--output <file>", "write there instead of to standard output")
        .option("--show-keys", "show whole key ids, not only their last four characters");
}

/** What stops a pipeline. */
function withGate(command: Command): void {
    command
        .addOption(
            listOption(
                "--fail-on <findings>",
                `end with status ${exitStatus.stoppedByGate} if there are such findings, separated by commas`,
                "finding",
                auditFindings,
            ),
        )
        .addOption(
            listOption(
                "--benchmark <recommendations>",
                "report buckets that do not meet these recommendations as findings, separated by commas",
                "recommendation",
                cisRecommendationNames,
            ),
        )
        .option("--allow-empty", "with --fail-on: pass also if no bucket was found");
}

/** What an audit that runs again and again needs. */
function withRepetition(command: Command): void {
    command
        .option(
            "--since <file>",
            `report only what changed since the audit in this file, and end with status ${exitStatus.stoppedByGate} if something did`,
        )
        .option("--save <file>", "also write the whole audit there, for the next --since")
        .addOption(
            new Option(
                "--notify <url>",
                "post the result to this address; with --since only if something changed",
            ).argParser(notificationUrl),
        )
        .addOption(
            choiceOption("--notify-format <name>", "the form of the posted JSON", notificationFormats).default("json"),
        );
}

function helpText(): string {
    const families = Object.values(storeFamilies);
    return [
        "",
        "A rule that cannot be read is reported as not known, with the reason, and never as not encrypted. An audit needs these actions:",
        ...families.map(({ name, words }) => `  ${name}: ${words.auditActions}`),
        ...families
            .filter((family) => !family.capabilities().keyLookup)
            .map(({ name }) => `Keys of buckets in ${name} are not looked up: their state is reported as not known.`),
        "",
        "Examples:",
        "  $ bucket-encryption audit",
        "  $ bucket-encryption audit --profile production --profile staging --format html --output audit.html",
        "  $ pulumi stack export --file state.json",
        "  $ bucket-encryption audit --state state.json --fail-on not-encrypted,key-unusable",
        "  $ bucket-encryption audit --accounts accounts.yaml --format csv --output audit.csv",
        "  $ bucket-encryption audit --fail-on cis-alibaba-cloud-5.9 --format ocsf --output audit.ocsf.jsonl",
        "  $ bucket-encryption audit --since audit.json --save audit.json --notify https://hooks.example.com/audits",
        "  $ bucket-encryption audit --emit stack --output index.ts",
        "  $ bucket-encryption audit --store s3 --profile production",
    ].join("\n");
}

const actions = (): typeof import("./audit-actions") => require("./audit-actions");

function tagOf(text: string): NonNullable<BucketSelection["tag"]> {
    const [, key = "", value] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
    if (key === "") throw new InvalidArgumentError("It must be a key, or a key, `=` and a value.");
    return value === undefined ? { key } : { key, value };
}
