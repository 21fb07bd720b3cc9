import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { runCommandLine } from "../../lib/cli/command-line";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import { UserError } from "../../lib/errors";
import { run } from "./in-process";

const { version } = require("../../package.json");
const commands = { "bucket-encryption": bucketEncryption, "pulumi-embedded": pulumiEmbedded };

describe("every command line", () => {
    for (const [name, command] of Object.entries(commands)) {
        describe(name, () => {
            for (const flag of ["--version", "-V"]) {
                it(`prints the package's version with ${flag}`, async () => {
                    expect(await run(command, [flag])).to.deep.include({
                        status: 0,
                        stdout: `${version}\n`,
                        stderr: "",
                    });
                });
            }

            it("prints its help with --help, and with no arguments", async () => {
                const help = await run(command, ["--help"]);
                expect(help).to.include({ status: 0, stderr: "" });
                expect(help.stdout).to.match(new RegExp(`^Usage: ${name} \\[options\\] \\[command\\]\n`));
                expect(await run(command, [])).to.deep.equal(help);
            });

            it("rejects unknown commands and options with status 64 and one line that says where help is", async () => {
                for (const args of [["nonsense"], ["--nonsense"]]) {
                    const { status, stdout, stderr } = await run(command, args);
                    expect(status, args.join()).to.equal(64);
                    expect(stdout).to.equal("");
                    expect(stderr.split("\n").slice(0, 2)).to.deep.equal([
                        `error: unknown ${args[0] === "nonsense" ? "command" : "option"} '${args[0]}'`,
                        "(see --help)",
                    ]);
                }
            });
        });
    }

    for (const [command, args] of [
        [bucketEncryption, ["rollout"]],
        [pulumiEmbedded, ["stack"]],
    ] as const) {
        it(`rejects "${args.join(" ")}" without a subcommand with status 64 and its help`, async () => {
            const { status, stdout, stderr } = await run(command, args);
            expect({ status, stdout }).to.deep.equal({ status: 64, stdout: "" });
            expect(stderr)
                .to.match(/^Usage: .*\n/)
                .and.to.contain("\nCommands:\n");
        });
    }

    it("rejects a missing folder with status 64, for paths and for --cwd", async () => {
        const { status, stderr } = await run(pulumiEmbedded, ["up", "--cwd", "/nowhere"]);
        expect({ status, stderr }).to.deep.equal({
            status: 64,
            stderr: "error: There is no such folder (file /nowhere). Name an existing folder with --cwd.\n",
        });
    });

    it("resolves relative paths from its working folder", async () => {
        const folder = mkdtempSync(join(tmpdir(), "command-line-"));
        try {
            const { stderr } = await run(bucketEncryption, ["review", "none.json"], { cwd: folder });
            expect(stderr).to.match(/^error: The file cannot be read \(ENOENT\) \(file none\.json\)\./);
            expect((await run(bucketEncryption, ["review", "package.json"], { cwd: folder })).stderr).to.contain(
                "ENOENT",
            );
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

describe("the end of a command with an error", () => {
    const failing = async (error: unknown) =>
        await run(
            async (args, io) =>
                await runCommandLine(
                    ({ action }) => {
                        const program = new Command("sample");
                        program.command("go").action(
                            action(() => {
                                throw error;
                            }),
                        );
                        return program;
                    },
                    args,
                    io,
                ),
            ["go"],
        );

    it("prints a user's error on one line, without a stack", async () => {
        expect(await failing(new UserError("invalid-command", "The reason is empty"))).to.include({
            status: 64,
            stderr: "error: The reason is empty. See the command's `--help`.\n",
        });
        expect(await failing(new UserError("passphrase-missing", "It is missing"))).to.include({ status: 1 });
        expect(await failing(new UserError("stack-not-found", "It is missing"))).to.include({ status: 6 });
    });

    it("prints each of several errors on a line of its own", async () => {
        const errors = ["a", "b"].map((file) => new UserError("output-not-written", "The disk is full", { file }));
        const { status, stderr } = await failing(new AggregateError(errors));
        expect(status).to.equal(1);
        expect(stderr.split("\n").map((line) => line.slice(0, 33))).to.deep.equal([
            "error: The disk is full (file a).",
            "error: The disk is full (file b).",
            "",
        ]);
    });

    it("prints the system's refusal without a stack", async () => {
        const refused = Object.assign(new Error("EACCES: permission denied, open 'x'"), {
            code: "EACCES",
            syscall: "open",
        });
        expect(await failing(refused)).to.include({
            status: 1,
            stderr: "error: EACCES: permission denied, open 'x'.\n",
        });
    });

    it("shows control characters of names as code points", async () => {
        const { stderr } = await failing(new UserError("output-not-written", "It is full", { file: "a\u001b[2Jb" }));
        expect(stderr).to.contain("(file a\\u{1b}[2Jb)");
    });

    it("calls a defect an internal error, with its stack and status 255", async () => {
        const { status, stderr } = await failing(new TypeError("x is not a function"));
        expect(status).to.equal(255);
        expect(stderr)
            .to.match(/^internal error: TypeError: x is not a function\n {4}at /)
            .and.to.match(
                /\nThis is a defect of pulumi-bucket-encryption\. Please report it with the lines above\.\n$/,
            );
    });
});
