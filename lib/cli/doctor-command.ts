import type { Command } from "commander";
import { type CheckResult, checkResults, type DoctorReport, doctorText, examineAccount } from "../doctor";
import { defaultStoreFamily, storeFamilyOf } from "../stores";
import { counted, jsonText } from "../text";
import { type AuditPlaces, accountsToExamine, type Opened } from "./audited-accounts";
import { listOption } from "./choice-options";
import { type CommandIo, widthOf } from "./command-io";
import type { Invocation } from "./command-line";
import { exitStatus } from "./exit-status";
import { collected } from "./option-values";
import { expectWritable, writeOutput } from "./output-file";
import { withPlaces } from "./place-options";

interface DoctorFlags extends AuditPlaces {
    readonly bucket?: readonly string[];
    readonly key?: readonly string[];
    readonly failOn: ReadonlySet<CheckResult>;
    readonly json?: boolean;
    readonly output?: string;
}

/** Adds `doctor` to the program: checks credentials, rights, region, KMS and clock. Only reads. */
export function registerDoctorCommand(program: Command, { action }: Invocation): void {
    const command = program
        .command("doctor")
        .description("check credentials, rights, region, KMS and clock; only reads")
        .option("--bucket <name>", "check the rights on this bucket; repeat it for several", collected)
        .option("--key <id>", "check the right to look up this KMS key; repeat it for several", collected);
    withPlaces(command, "the region of the buckets")
        .addOption(
            listOption(
                "--fail-on <results>",
                `end with status ${exitStatus.stoppedByGate} if there are such results, separated by commas`,
                "result",
                checkResults,
            ).default(new Set<CheckResult>(["missing", "wrong", "not-known"]), "missing,wrong,not-known"),
        )
        .option("--json", "print the check-up as JSON")
        .option("--output <file>", "write there instead of to standard output")
        .addHelpText(
            "after",
            [
                "",
                "Rights to write and to remove a rule are not-checked: no request shows them without writing. The report has policies that grant the missing rights, and the rights that were not checked.",
                "",
                "Examples:",
                "  $ bucket-encryption doctor --bucket example-logs",
                "  $ bucket-encryption doctor --accounts accounts.yaml --bucket example-logs --json",
            ].join("\n"),
        )
        .action(action(doctor));
}

async function doctor(io: CommandIo, flags: DoctorFlags): Promise<number> {
    expectWritable(io, { "--output": flags.output });
    const opened: Opened = [];
    try {
        const family = storeFamilyOf(flags.store) ?? defaultStoreFamily;
        const now = (): Date => new Date();
        const accounts: DoctorReport["accounts"][number][] = [];
        for (const account of accountsToExamine(flags, io, opened)) {
            const { bucket: buckets = [], key: keys = [] } = flags;
            accounts.push(await examineAccount(account, family, { buckets, keys, now }));
        }
        const { system } = family.rights();
        const report: DoctorReport = { at: now().toISOString(), store: family.name, system, accounts };
        const text = flags.json ? jsonText({ version: 1, ...report }) : doctorText(report, widthOf(io));
        writeOutput(io, flags.output, text, `the check-up of ${counted(accounts.length, "account")}`);
        const isStopped = accounts.some(({ checks }) => checks.some(({ result }) => flags.failOn.has(result)));
        return isStopped ? exitStatus.stoppedByGate : exitStatus.succeeded;
    } finally {
        for (const stores of opened) stores.close();
    }
}
