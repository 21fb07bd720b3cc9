import { type Command, Option } from "commander";
import {
    type JournalEntry,
    type KmsGateway,
    kmsGateways,
    LocalCloud,
    LocalCloudConfigurationError,
    readAccountsFile,
    readFaultsFile,
} from "../local-cloud";
import { type CommandIo, fileIn } from "./command-io";
import { CommandRefused, type Invocation } from "./command-line";
import { exitStatus } from "./exit-status";
import { npmParentEnded } from "./npm-parent";
import { wholeNumber } from "./option-values";

interface LocalCloudFlags {
    readonly accounts?: string;
    readonly port?: number;
    readonly latency?: number;
    readonly data?: string;
    readonly faults?: string;
    readonly checkKeys?: boolean;
    readonly strict?: boolean;
    readonly kmsGateway?: KmsGateway;
}

/** Adds `local-cloud` to the program: the cloud in the foreground, until a signal ends it. */
export function registerLocalCloudCommand(program: Command, { action }: Invocation): void {
    program
        .command("local-cloud")
        .description("serve OSS, STS and KMS on a loopback address, for tests and trials")
        .option("--accounts <file>", "JSON file with accounts, their access keys, users, roles, KMS keys and buckets")
        .option("--data <folder>", "folder that keeps acknowledged changes (default: in memory only)")
        .option("--port <number>", "port to listen on (default: any free one)", wholeNumber(0, 65_535))
        .option("--latency <milliseconds>", "how long each answer is delayed (default: 0)", wholeNumber(0, 600_000))
        .option("--faults <file>", "JSON file with faults to play")
        .option("--check-keys", "let PutBucketEncryption refuse a KMS key that cannot be used")
        .option("--strict", "refuse query parameters without a meaning for the operation")
        .addOption(
            new Option(
                "--kms-gateway <gateway>",
                "the kind of KMS gateway; a dedicated one refuses DescribeKey",
            ).choices(kmsGateways),
        )
        .addHelpText(
            "after",
            [
                "",
                "Once it accepts requests it prints one line of JSON with the endpoints; then it logs requests to standard error.",
                "Without --accounts there is one account, with the access key local-key-id and the secret local-key-secret.",
                "",
                "Example:",
                "  $ bucket-encryption local-cloud --port 9000 --accounts accounts.json",
            ].join("\n"),
        )
        .action(action(serve));
}

async function serve(io: CommandIo, flags: LocalCloudFlags): Promise<void> {
    const signalled = endSignal(io);
    const orphaned = npmParentEnded(io.env);
    try {
        const cloud = await start(flags, io);
        io.stdout.write(`${JSON.stringify({ oss: cloud.url, sts: cloud.url, kms: cloud.url })}\n`);
        await Promise.race([signalled.signal, orphaned.ended]);
        await cloud.stop();
    } catch (error) {
        if (error instanceof LocalCloudConfigurationError) throw new CommandRefused(error.message, exitStatus.failed);
        throw error;
    } finally {
        signalled.forget();
        orphaned.forget();
    }
}

async function start(flags: LocalCloudFlags, io: CommandIo): Promise<LocalCloud> {
    const { accounts, port, latency, data, faults, checkKeys, strict, kmsGateway } = flags;
    return LocalCloud.start({
        ...(accounts !== undefined && { accounts: await readAccountsFile(fileIn(io, accounts)) }),
        ...(port !== undefined && { port }),
        ...(latency !== undefined && { latencyMs: latency }),
        ...(data !== undefined && { data: fileIn(io, data) }),
        ...(faults !== undefined && { faults: await readFaultsFile(fileIn(io, faults)) }),
        ...(checkKeys !== undefined && { checksKeyOnPut: checkKeys }),
        ...(strict !== undefined && { isStrict: strict }),
        ...(kmsGateway !== undefined && { kmsGateway }),
        onRequest: (entry) => io.stderr.write(`${logLine(entry)}\n`),
    });
}

function logLine({ method, bucket, operation, account, status, fault }: JournalEntry): string {
    const parts = [
        new Date().toISOString(),
        status ?? "no answer",
        method,
        operation ?? "(no operation)",
        bucket === undefined ? undefined : `bucket=${bucket}`,
        `account=${account ?? "(none)"}`,
        fault === undefined ? undefined : `fault=${fault}`,
    ];
    return parts.filter((part) => part !== undefined).join(" ");
}

/** Installed at the start, so that a signal that comes early is not lost. */
function endSignal(io: CommandIo): { signal: Promise<void>; forget(): void } {
    let forget = () => {};
    const signal = new Promise<void>((resolve) => {
        forget = io.onSignal(resolve);
    });
    return { signal, forget };
}
