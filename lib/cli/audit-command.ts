import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { UserError, unreadable } from "../errors";
import {
    type AuditFinding,
    type AuditReport,
    adoptingProgram,
    auditAccounts,
    auditFindings,
    auditJson,
    auditNotification,
    auditSince,
    type NotificationFormat,
    notificationFormats,
    readStateFile,
    StateIndex,
} from "../review";
import { type CisRecommendation, cisRecommendationNames } from "../rule";
import { type BucketSelection, defaultStoreFamily, type StoreFamily, storeFamilies, storeFamilyOf } from "../stores";
import { counted, visible } from "../text";
import { AuditProgress } from "./audit-progress";
import { type AuditFormat, auditFormats, renderedAudit } from "./audit-rendering";
import { type AuditPlaces, type Opened, placesToAudit } from "./audited-accounts";
import { choiceOption, jsonOption, listOption } from "./choice-options";
import { type CommandIo, fileIn, widthOf } from "./command-io";
import type { Invocation } from "./command-line";
import { expectSameScope, readEarlierAudit } from "./earlier-audit";
import { exitStatus } from "./exit-status";
import { notificationUrl, postNotification } from "./notification";
import { expectWritable, writeOutput } from "./output-file";

interface AuditFlags extends AuditPlaces {
    readonly prefix?: string;
    readonly tag?: NonNullable<BucketSelection["tag"]>;
    readonly state?: readonly string[];
    readonly format: AuditFormat;
    readonly json?: boolean;
    readonly output?: string;
    readonly emit?: "stack";
    readonly plugin?: boolean;
    readonly showKeys?: boolean;
    readonly benchmark?: ReadonlySet<CisRecommendation>;
    readonly since?: string;
    readonly save?: string;
    readonly notify?: URL;
    readonly notifyFormat: NotificationFormat;
    readonly failOn?: ReadonlySet<AuditFinding>;
    readonly allowEmpty?: boolean;
    readonly parallel: number;
}

/** Adds `audit` to the program: lists an account's buckets and reports their encryption. Only reads. */
export function registerAuditCommand(program: Command, { action }: Invocation): void {
    const families = Object.values(storeFamilies);
    program
        .command("audit")
        .description("report the encryption of an account's buckets; only reads")
        .addOption(
            choiceOption(
                "--store <kind>",
                families.map(({ name, words }) => `${name} for ${words.title}`).join(", "),
                families.map(({ name }) => name),
            ).default(defaultStoreFamily.name),
        )
        .option("--profile <name>", "a profile of the aliyun CLI, or of AWS; repeat it for several accounts", collected)
        .option("--accounts <file>", "YAML or JSON with a list of accounts: name, id, profile, roleArn, externalId")
        .option("--endpoint <url>", `the endpoint (default: ${eachFamily("endpoint", () => "each region's own")})`)
        .option(
            "--region <id>",
            `the region that lists the buckets (default: ${eachFamily("region", ({ words }) => words.firstAskedRegion)})`,
        )
        .option("--force-path-style", "with --store s3: address buckets by path, for services that need it")
        .option("--kms-endpoint <url>", "the KMS endpoint (default: ALIBABA_CLOUD_KMS_ENDPOINT, or each region's own)")
        .option("--prefix <text>", "only buckets whose names begin with this")
        .option("--tag <key=value>", "only buckets with this tag; without a value: with any value", tagOf)
        .option(
            "--state <file>",
            "output of `pulumi stack export`, to show which stack manages a bucket; repeat it for several stacks",
            collected,
        )
        .addOption(choiceOption("--format <name>", "the format of the report", auditFormats).default("text"))
        .addOption(jsonOption())
        .addOption(
            choiceOption("--emit <what>", "instead of a report: `stack`, a program that adopts the existing rules", [
                "stack",
            ]),
        )
        .option("--plugin", "with --emit stack: declare resources of the provider plugin")
        .option("--output <file>", "write there instead of to standard output")
        .option("--show-keys", "show whole key ids, not only their last four characters")
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
        )
        .option("--allow-empty", "with --fail-on: pass also if no bucket was found")
        .option("--parallel <number>", "how many buckets are read at once", wholeNumber, 32)
        .addHelpText(
            "after",
            [
                "",
                "A rule that cannot be read is reported as not known, with the reason, and never as not encrypted. An audit needs these actions:",
                ...families.map(({ name, words }) => `  ${name}: ${words.auditActions}`),
                ...families
                    .filter((family) => !family.capabilities().keyLookup)
                    .map(
                        ({ name }) =>
                            `Keys of buckets in ${name} are not looked up: their state is reported as not known.`,
                    ),
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
            ].join("\n"),
        )
        .action(action(audit));
}

/** For instance `oss: OSS_REGION, or cn-hangzhou; s3: …`. */
function eachFamily(argument: "region" | "endpoint", otherwise: (family: StoreFamily) => string): string {
    return Object.values(storeFamilies)
        .map((family) => {
            const setting = family.settings.find((row) => row.argument === argument);
            return `${family.name}: ${[...(setting?.variables ?? []), `or ${otherwise(family)}`].join(", ")}`;
        })
        .join("; ");
}

async function audit(io: CommandIo, flags: AuditFlags): Promise<number> {
    expectFittingFlags(flags);
    expectWritable(io, { "--output": flags.output, "--save": flags.save });
    const opened: Opened = [];
    try {
        const earlier = flags.since === undefined ? undefined : readEarlierAudit(io, flags.since);
        const states = flags.state === undefined ? undefined : new StateIndex(readStates(io, flags.state), flags.store);
        const { accounts, service } = placesToAudit(flags, io, opened);
        const selection = {
            ...(flags.prefix !== undefined && { prefix: flags.prefix }),
            ...(flags.tag !== undefined && { tag: flags.tag }),
        };
        if (earlier !== undefined)
            expectSameScope(earlier, { store: flags.store, service, ...selection }, flags.since ?? "");
        const outcome = await auditAccounts(accounts, {
            store: flags.store,
            service,
            selection,
            ...(states !== undefined && { states }),
            showKeys: flags.showKeys === true,
            benchmark: benchmarkOf(flags),
            parallel: flags.parallel,
            progress: new AuditProgress(io.stderr).show,
        });
        const errors: unknown[] = [...outcome.errors];
        // A list that failed does not show that there is no bucket.
        const emptyNotes = errors.length > 0 ? [] : emptyNotesOf(outcome.report, flags);
        const whole = { ...outcome.report, notes: [...outcome.report.notes, ...emptyNotes] };
        if (flags.emit === "stack") {
            if (errors.length === accounts.length && whole.buckets.length === 0) throw new AggregateError(errors);
            const { text, declared, notes } = adoptingProgram(outcome, flags.plugin);
            for (const note of notes) io.stderr.write(`${visible(note)}\n`);
            write(text, `a program with ${counted(declared.length, "rule")}`, flags, io);
            if (errors.length > 0) throw new AggregateError(errors);
            return exitStatus.succeeded;
        }
        const report = earlier === undefined ? whole : auditSince(earlier, whole, benchmarkOf(flags));
        write(renderedAudit(report, flags.json ? "json" : flags.format, widthOf(io)), whatOf(report), flags, io);
        // An incomplete audit must not become the one that the next is compared with.
        if (flags.save !== undefined && errors.length === 0)
            writeOutput(io, flags.save, auditJson(whole), whatOf(whole));
        const hasNews = report.since === undefined || report.since.changes.length > 0 || errors.length > 0;
        if (flags.notify !== undefined && hasNews) {
            const message = auditNotification(report, flags.notifyFormat);
            await postNotification(flags.notify, message).catch((error: unknown) => errors.push(error));
        }
        if (errors.length > 0) throw new AggregateError(errors);
        return gateStatus(report, emptyNotes, flags, io);
    } finally {
        for (const stores of opened) stores.close();
    }
}

/** @throws AggregateError with all contradictions */
function expectFittingFlags(flags: AuditFlags): void {
    const { since, save, emit, json, format, notify, store, plugin, allowEmpty, failOn, notifyFormat } = flags;
    const faults = [
        ...(plugin && emit === undefined ? ["--plugin needs --emit stack"] : []),
        ...(allowEmpty && failOn === undefined ? ["--allow-empty needs --fail-on"] : []),
        ...(notifyFormat !== "json" && notify === undefined ? ["--notify-format needs --notify"] : []),
        ...(since !== undefined && !json && format === "prometheus"
            ? ["--since reports only changes, and --format prometheus reports all buckets: pass one of the two"]
            : []),
        ...(emit !== undefined && [since, save, notify].some((given) => given !== undefined)
            ? ["--emit writes a program and no report: omit --since, --save and --notify"]
            : []),
        ...(emit !== undefined && flags.forcePathStyle
            ? ["--emit writes a program that addresses buckets by their names: omit --force-path-style"]
            : []),
        ...(benchmarkOf(flags).size > 0 && storeFamilyOf(store)?.benchmarks.length === 0
            ? [`--benchmark is not supported with --store ${store}`]
            : []),
    ];
    if (faults.length > 0)
        throw new AggregateError(faults.map((what) => new UserError("invalid-review-options", what)));
}

/** A gate for a recommendation asks for it too. */
function benchmarkOf({ benchmark, failOn }: AuditFlags): ReadonlySet<CisRecommendation> {
    return new Set(cisRecommendationNames.filter((name) => benchmark?.has(name) || failOn?.has(name)));
}

function whatOf({ buckets, since }: AuditReport): string {
    if (since === undefined) return `the audit of ${counted(buckets.length, "bucket")}`;
    return `${counted(since.changes.length, "change")} since ${since.at}`;
}

/** With --since, changes stop the command; --fail-on then asks for changed buckets with such findings alone. */
function gateStatus(report: AuditReport, emptyNotes: readonly string[], flags: AuditFlags, io: CommandIo): number {
    if (emptyNotes.length > 0 && flags.failOn !== undefined && flags.allowEmpty !== true) {
        io.stderr.write(`Stopped: ${emptyNotes.join(" ")} Pass --allow-empty if that is expected.\n`);
        return exitStatus.stoppedByGate;
    }
    const isStopped =
        flags.failOn === undefined
            ? (report.since?.changes.length ?? 0) > 0
            : report.buckets.some(({ findings }) => findings.some((name) => flags.failOn?.has(name)));
    return isStopped ? exitStatus.stoppedByGate : exitStatus.succeeded;
}

/** A gate that saw no bucket has shown nothing: a misspelt prefix or tag must not pass. */
function emptyNotesOf({ buckets }: AuditReport, { prefix, tag }: AuditFlags): string[] {
    if (buckets.length > 0) return [];
    const criteria = [
        ...(prefix === undefined ? [] : [`prefix ${JSON.stringify(prefix)}`]),
        ...(tag === undefined
            ? []
            : [`tag ${JSON.stringify([tag.key, ...(tag.value === undefined ? [] : [tag.value])].join("="))}`]),
    ];
    return [criteria.length === 0 ? "No bucket was found." : `No bucket matches ${criteria.join(" and ")}.`];
}

/** The resources of all states. @throws AggregateError with the faults of all files */
function readStates(io: CommandIo, files: readonly string[]): ReturnType<typeof readState>[] {
    const errors: UserError[] = [];
    const states = files.flatMap((file) => {
        try {
            return [readState(io, file)];
        } catch (error) {
            if (!(error instanceof UserError)) throw error;
            errors.push(error);
            return [];
        }
    });
    if (errors.length > 0) throw new AggregateError(errors);
    return states;
}

function readState(io: CommandIo, file: string) {
    let bytes: Buffer;
    try {
        bytes = readFileSync(fileIn(io, file));
    } catch (error) {
        throw unreadable("invalid-exported-state", visible(file), error);
    }
    const outcome = readStateFile({ name: file, bytes });
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
}

function write(text: string, what: string, { output }: AuditFlags, io: CommandIo): void {
    if (output === undefined) io.stdout.write(text);
    else writeOutput(io, output, text, what);
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
    return [...before, value];
}

function tagOf(text: string): NonNullable<BucketSelection["tag"]> {
    const [, key = "", value] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
    if (key === "") throw new InvalidArgumentError("It must be a key, or a key, `=` and a value.");
    return value === undefined ? { key } : { key, value };
}

function wholeNumber(text: string): number {
    const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (value < 1) throw new InvalidArgumentError("It must be a whole number from 1 to 9999.");
    return value;
}
