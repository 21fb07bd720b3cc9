import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Command } from "commander";
import { UserError, writing } from "../errors";
import { makeFolder, replaceFile } from "../files";
import { shellCommand, visible } from "../text";
import { type CommandIo, fileIn } from "./command-io";
import { type Invocation, packageVersion } from "./command-line";
import { archiveName, type PluginArchive, platforms, pluginArchive } from "./plugin-archive";

interface PackFlags {
    readonly output: string;
    readonly json?: boolean;
}

const pluginFolder = path.join(__dirname, "..", "..", "plugin");

/** Adds `plugin` to the program: brings the provider plugin to engines that do not find it in an npm project. */
export function registerPluginCommand(program: Command, { action }: Invocation): void {
    const plugin = program
        .command("plugin")
        .description("install or pack the provider plugin, for programs in other languages than Node");
    plugin
        .command("install")
        .description("install the plugin of this version for the pulumi command of this user")
        .addHelpText(
            "after",
            [
                "",
                "It packs the plugin and runs `pulumi plugin install resource bucket-encryption VERSION --file ARCHIVE`. The plugin needs Node.js 20.19 or later on the PATH, and no npm project.",
                "",
                "Example:",
                "  $ bucket-encryption plugin install",
            ].join("\n"),
        )
        .action(action(installPlugin));
    plugin
        .command("pack")
        .description("write the plugin's archives, for a plugin server of your own (pluginDownloadURL)")
        .requiredOption("--output <folder>", "folder for the archives, one for each system; created if missing")
        .option("--json", "print the files and their digests as JSON")
        .addHelpText("after", ["", "Example:", "  $ bucket-encryption plugin pack --output dist/plugins"].join("\n"))
        .action(action(packPlugin));
}

async function installPlugin(io: CommandIo): Promise<void> {
    const version = packageVersion();
    const folder = mkdtempSync(path.join(tmpdir(), "bucket-encryption-plugin-"));
    try {
        const file = path.join(folder, archiveName(version, "linux-amd64"));
        writeFileSync(file, pluginArchive(pluginFolder).bytes);
        const args = ["plugin", "install", "resource", "bucket-encryption", version, "--file", file];
        await run(io, "pulumi", args);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
    io.stderr.write(`Installed the plugin bucket-encryption ${version}.\n`);
}

/** @throws UserError of kind `plugin-not-installed` when the command cannot be started, or fails */
async function run(io: CommandIo, command: string, args: readonly string[]): Promise<void> {
    const child = spawn(command, args, { cwd: io.cwd, env: io.env, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.pipe(io.stdout, { end: false });
    child.stderr.pipe(io.stderr, { end: false });
    const stop = io.onSignal(() => child.kill());
    const shown = `\`${shellCommand([command, ...args.slice(0, 5)])}\``;
    try {
        await new Promise<void>((resolve, reject) => {
            child.on("error", (cause: NodeJS.ErrnoException) => {
                const why = cause.code === "ENOENT" ? "there is no pulumi command on the PATH" : cause.message;
                reject(new UserError("plugin-not-installed", `The plugin was not installed: ${why}`, {}, { cause }));
            });
            child.on("close", (status, signal) => {
                if (status === 0) return resolve();
                const what = `${shown} ended with ${status ?? signal}`;
                reject(new UserError("plugin-not-installed", `The plugin was not installed: ${what}`));
            });
        });
    } finally {
        stop();
    }
}

function packPlugin(io: CommandIo, { output, json }: PackFlags): void {
    const version = packageVersion();
    const archive: PluginArchive = pluginArchive(pluginFolder);
    const written = platforms.map((platform) => {
        const file = path.join(output, archiveName(version, platform));
        const target = fileIn(io, file);
        writing("output-not-written", target, () => {
            makeFolder(path.dirname(target));
            replaceFile(target, archive.bytes);
        });
        return { file, platform, sha256: archive.sha256 };
    });
    const lines = written.map(({ file, sha256 }) => `${sha256}  ${visible(file)}\n`).join("");
    io.stdout.write(json ? `${JSON.stringify({ version, archives: written })}\n` : lines);
}
