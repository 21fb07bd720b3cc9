import { UserError } from "../errors";
import {
    type AuditFinding,
    type AuditOutcome,
    type AuditReport,
    adoptingProgram,
    auditAccounts,
    auditJson,
    auditNotification,
    auditSince,
    type EarlierAudit,
    type NotificationFormat,
    readStateFile,
    StateIndex,
} from "../review";
import { type CisRecommendation, cisRecommendationNames } from "../rule";
import { type BucketSelection, storeFamilyOf } from "../stores";
import { counted, visible } from "../text";
import { AuditProgress } from "./audit-progress";
import { type AuditFormat, auditRenderers } from "./audit-rendering";
import { type AuditPlaces, type Opened, placesToAudit } from "./audited-accounts";
import { type CommandIo, widthOf } from "./command-io";
import { expectSameScope, readEarlierAudit } from "./earlier-audit";
import { exitStatus } from "./exit-status";
import { outcomeOf, valuesOf } from "./file-outcomes";
import { postNotification } from "./notification";
import { expectWritable, writeOutput } from "./output-file";

export interface AuditFlags extends AuditPlaces {
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

/** Audits the accounts, and writes a report or a program. @returns the exit status */
export async function audit(io: CommandIo, flags: AuditFlags): Promise<number> {
    expectFittingFlags(flags);
    expectWritable(io, { "--output": flags.output, "--save": flags.save });
    const opened: Opened = [];
    try {
        const earlier = flags.since === undefined ? undefined : readEarlierAudit(io, flags.since);
        const states = flags.state === undefined ? undefined : await statesIn(flags.state, io);
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
            ...(states !== undefined && { states: new StateIndex(states, flags.store, service) }),
            showKeys: flags.showKeys === true,
            benchmark: benchmarkOf(flags),
            parallel: flags.parallel,
            progress: new AuditProgress(io.stderr).show,
        });
        return flags.emit === undefined
            ? await writeReport(outcome, earlier, flags, io)
            : writeProgram(outcome, flags, io);
    } finally {
        for (const stores of opened) stores.close();
    }
}

/** The resources of exported states. @throws AggregateError with the faults of all files */
async function statesIn(files: readonly string[], io: CommandIo) {
    const read = (file: string) => outcomeOf(io, file, "invalid-exported-state", readStateFile);
    return valuesOf(await Promise.all(files.map(read)));
}

/** @throws AggregateError if not all buckets could be listed */
function writeProgram(outcome: AuditOutcome, flags: AuditFlags, io: CommandIo): number {
    const { report, errors } = outcome;
    if (errors.length === report.accounts.length && report.buckets.length === 0) throw new AggregateError(errors);
    const { text, declared, notes } = adoptingProgram(outcome, flags.plugin);
    for (const note of notes) io.stderr.write(`${visible(note)}\n`);
    writeOutput(io, flags.output, text, `a program with ${counted(declared.length, "rule")}`);
    if (errors.length > 0) throw new AggregateError(errors);
    return exitStatus.succeeded;
}

/** @throws AggregateError after the report, if not all buckets could be listed, or the notification was not sent */
async function writeReport(
    outcome: AuditOutcome,
    earlier: EarlierAudit | undefined,
    flags: AuditFlags,
    io: CommandIo,
): Promise<number> {
    const errors: unknown[] = [...outcome.errors];
    // A list that failed does not show that there is no bucket.
    const emptyNotes = errors.length > 0 ? [] : emptyNotesOf(outcome.report, flags);
    const whole = { ...outcome.report, notes: [...outcome.report.notes, ...emptyNotes] };
    const report = earlier === undefined ? whole : auditSince(earlier, whole, benchmarkOf(flags));
    const text = auditRenderers[flags.json ? "json" : flags.format](report, widthOf(io));
    writeOutput(io, flags.output, text, whatOf(report));
    // An incomplete audit must not become the one that the next is compared with.
    if (flags.save !== undefined && errors.length === 0) writeOutput(io, flags.save, auditJson(whole), whatOf(whole));
    const hasNews = report.since === undefined || report.since.changes.length > 0 || errors.length > 0;
    if (flags.notify !== undefined && hasNews) {
        const message = auditNotification(report, flags.notifyFormat);
        await postNotification(flags.notify, message).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors);
    return gateStatus(report, emptyNotes, flags, io);
}

/** @throws AggregateError with all contradictions */
function expectFittingFlags(flags: AuditFlags): void {
    const { since, emit, json, format, notify, store, plugin, allowEmpty, failOn, notifyFormat } = flags;
    const ofReport = [
        ...(format === "text" ? [] : ["--format"]),
        ...(["json", "showKeys", "failOn", "benchmark", "since", "save", "notify"] as const)
            .filter((name) => flags[name] !== undefined)
            .map((name) => `--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`),
    ];
    const faults = [
        ...(plugin && emit === undefined ? ["--plugin needs --emit stack"] : []),
        ...(allowEmpty && failOn === undefined ? ["--allow-empty needs --fail-on"] : []),
        ...(notifyFormat !== "json" && notify === undefined ? ["--notify-format needs --notify"] : []),
        ...(since !== undefined && !json && format === "prometheus"
            ? ["--since reports only changes, and --format prometheus reports all buckets: pass one of the two"]
            : []),
        ...(emit !== undefined && ofReport.length > 0
            ? [`--emit writes a program and no report: omit ${ofReport.join(", ")}`]
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
