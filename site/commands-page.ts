import path from "node:path";
import { PassThrough, Writable } from "node:stream";
import type { CommandFunction } from "../lib/cli/command-io";

// Commands load parts of themselves when they are first used, which works in compiled code alone.
const compiled = path.join(__dirname, "..", "dist", "cli");
const commands: Readonly<Record<string, () => CommandFunction>> = {
    "bucket-encryption": () => require(path.join(compiled, "bucket-encryption-command.js")).bucketEncryption,
    "pulumi-embedded": () => require(path.join(compiled, "pulumi-embedded-command.js")).pulumiEmbedded,
};

const intro = `# Commands

What \`--help\` prints, for each command. [Exit statuses](./exit-statuses.md) have one meaning in all commands.
`;

/** The page of all commands and subcommands, as the compiled package explains them. */
export async function commandsPage(): Promise<string> {
    const sections: string[] = [];
    for (const [name, load] of Object.entries(commands)) sections.push(...(await sectionsOf(name, load(), [])));
    return [intro, ...sections].join("\n");
}

async function sectionsOf(name: string, command: CommandFunction, names: readonly string[]): Promise<string[]> {
    const help = await helpOf(command, names);
    const sections = [`## \`${[name, ...names].join(" ")}\`\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`];
    for (const next of commandsIn(help)) sections.push(...(await sectionsOf(name, command, [...names, next])));
    return sections;
}

/** The names of the commands that a help text lists. */
const commandsIn = (help: string): string[] =>
    [...(help.split("Commands:")[1]?.split(/\n\n/)[0] ?? "").matchAll(/^ {2}([a-z][a-z-]*)(?:\||\s)/gm)]
        .map(([, name = ""]) => name)
        .filter((name) => name !== "help");

async function helpOf(command: CommandFunction, names: readonly string[]): Promise<string> {
    let printed = "";
    const stdout = new Writable({
        decodeStrings: false,
        write(chunk, _encoding, done) {
            printed += chunk;
            done();
        },
    });
    await command([...names, "--help"], {
        stdin: new PassThrough(),
        stdout,
        stderr: stdout,
        env: {},
        cwd: process.cwd(),
        onSignal: () => () => {},
        endNow: (status) => process.exit(status),
    });
    return printed;
}
