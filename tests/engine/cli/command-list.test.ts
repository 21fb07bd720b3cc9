import { readFileSync } from "node:fs";
import { expect } from "chai";
import { pulumiEmbedded } from "../../../lib/cli/pulumi-embedded-command";
import { run } from "../../cli/in-process";
import cli from "./pulumi-commands.json";

const helpOf = async (verb: string): Promise<string> =>
    (await run(pulumiEmbedded, [...verb.split(" "), "--help"])).stdout;
const listed = (help: string, pattern: RegExp): string[] =>
    [...help.matchAll(pattern)].map(([, name]) => name as string);
const flagsOf = (help: string): string[] =>
    listed(help, /^ {2}(?:-\w, )?--([a-z-]+)/gm).filter((name) => name !== "help");
/** The part of a help text that lists commands. */
const commandsIn = (help: string): string => help.split("Commands:")[1]?.split("Example:")[0] ?? "";
const quoted = (names: readonly string[], mark: string): string =>
    names.length === 0 ? "–" : names.map((name) => `\`${mark}${name}\``).join(", ");

/** The documented commands and flags, from the help of this command and of the CLI. */
async function commandList(): Promise<string> {
    const common = cli.globalFlags;
    const rows: string[] = [];
    for (const [verb, flags] of Object.entries<readonly string[]>(cli.verbs)) {
        const help = await helpOf(verb);
        const own = flagsOf(help).filter((flag) => !common.includes(flag) || flags.includes(flag));
        const missing = flags.filter((flag) => !own.includes(flag));
        const extra = own.filter((flag) => !flags.includes(flag) && flag !== "stack");
        rows.push(
            `| \`${verb}\` | ${quoted(own.filter((flag) => flags.includes(flag)).sort(), "--")} | ${quoted(missing.sort(), "--")} | ${quoted(extra.sort(), "--")} |`,
        );
    }
    const here = flagsOf(await helpOf("up")).filter((flag) => common.includes(flag));
    const away = common.filter((flag) => !here.includes(flag));
    return [
        `Every command also takes ${quoted(here, "--")}. The CLI's other common flags are missing: ${quoted(away, "--")}.`,
        "",
        `| command | flags | flags of pulumi ${cli.version} that are missing | flags that only \`pulumi-embedded\` has |`,
        "| --- | --- | --- | --- |",
        ...rows,
        "",
        `Commands of pulumi ${cli.version} that are missing: ${quoted(cli.otherVerbs, "")}.`,
    ].join("\n");
}

describe("the documented commands and flags of pulumi-embedded", () => {
    it("match the command's help and the newest CLI", async () => {
        const expected = await commandList();
        if (process.env.PRINT_COMMAND_LIST) console.log(expected);
        expect(readFileSync("docs/pulumi-embedded.md", "utf8")).to.contain(expected);
    });

    it("are all commands of pulumi-embedded", async () => {
        const verbs = (help: string): string[] =>
            listed(help, /^ {2}([a-z][a-z-]*)(?:\||\s)/gm).filter((name) => name !== "help");
        const top = verbs(commandsIn(await helpOf("")));
        const below = await Promise.all(
            ["stack", "config"].map(async (parent) =>
                verbs(commandsIn(await helpOf(parent))).map((name) => `${parent} ${name}`),
            ),
        );
        // The CLI has `gen-completion` in its place.
        const all = [...top, ...below.flat()].filter((verb) => verb !== "completion").sort();
        expect(all).to.deep.equal(Object.keys(cli.verbs).sort());
        expect(cli.otherVerbs.filter((verb) => all.includes(verb))).to.deep.equal([]);
    });
});
