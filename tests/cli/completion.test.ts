import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import type { CommandFunction } from "../../lib/cli/command-io";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import { skipBecause } from "../skip-because";
import { run } from "./in-process";

const commands: Readonly<Record<string, CommandFunction>> = {
    "bucket-encryption": bucketEncryption,
    "pulumi-embedded": pulumiEmbedded,
};

/** The words that complete a command line, as the scripts of the shells get them. */
async function offered(command: CommandFunction, ...words: string[]): Promise<string[]> {
    const { status, stdout, stderr } = await run(command, ["__complete", "--", ...words]);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    return stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split("\t")[0] ?? "");
}

/** The names that a section of a help text lists. */
function listed(help: string, section: string): string[] {
    const [, text = ""] = help.split(`\n${section}:\n`);
    const lines = text.split(/\n\n|\n\S/)[0]?.split("\n") ?? [];
    return lines.flatMap((line) => /^ {2}(?:-\w, )?([\w-]+)/.exec(line)?.[1] ?? []);
}

describe("completion", () => {
    for (const [name, command] of Object.entries(commands)) {
        it(`offers what --help lists, for ${name} and every command below it`, async () => {
            const paths: string[][] = [[]];
            for (let at = 0; at < paths.length; at += 1) {
                const words = paths[at] ?? [];
                const { stdout: help } = await run(command, [...words, "--help"]);
                const below = listed(help, "Commands");
                expect(await offered(command, ...words, "-"), words.join(" ")).to.have.members(listed(help, "Options"));
                if (below.length > 0) expect(await offered(command, ...words, "")).to.have.members(below);
                paths.push(...below.filter((word) => word !== "help").map((word) => [...words, word]));
            }
            expect(paths.length).to.be.greaterThan(12);
        });
    }

    it("offers the values of an option, after a space and after =", async () => {
        const all = ["text", "markdown", "json", "sarif", "html"];
        expect(await offered(bucketEncryption, "review", "--format", "")).to.deep.equal(all);
        expect(await offered(bucketEncryption, "review", "--format", "m")).to.deep.equal(["markdown"]);
        expect(await offered(bucketEncryption, "review", "--format=j")).to.deep.equal(["--format=json"]);
    });

    it("offers the values of a list that are not in it yet", async () => {
        const words = await offered(bucketEncryption, "audit", "--fail-on", "not-encrypted,not-");
        expect(words).to.deep.equal(["not-encrypted,not-known", "not-encrypted,not-managed"]);
    });

    it("offers files for a file name, and nothing for values that only the user knows", async () => {
        expect(await offered(bucketEncryption, "review", "")).to.deep.equal([":files"]);
        expect(await offered(bucketEncryption, "rollout", "run", "r.yaml", "--plan", "")).to.deep.equal([":files"]);
        expect(await offered(bucketEncryption, "audit", "--accounts", "")).to.deep.equal([":files"]);
        expect(await offered(bucketEncryption, "audit", "--prefix", "")).to.deep.equal([]);
    });

    it("does not mistake an option's value for a command, or words after -- for options", async () => {
        expect(await offered(pulumiEmbedded, "config", "-C", "rm", "se")).to.deep.equal(["set", "set-all"]);
        expect(await offered(bucketEncryption, "review", "--", "--format", "")).to.deep.equal([":files"]);
    });

    it("rejects an unknown shell", async () => {
        const { status, stderr } = await run(bucketEncryption, ["completion", "csh"]);
        expect(status).to.equal(64);
        expect(stderr).to.contain("Allowed choices are bash, zsh, fish.");
    });
});

describe("completion in a shell", () => {
    let folder: string;
    const script = () => path.join(folder, "script");
    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), "completion-"));
        const program = path.join(__dirname, "..", "..", "dist", "cli", "bucket-encryption.js");
        chmodSync(program, 0o755);
        symlinkSync(program, path.join(folder, "bucket-encryption"));
        writeFileSync(path.join(folder, "preview.json"), "");
    });
    after(() => rmSync(folder, { recursive: true }));

    /** What the shell shows for an unfinished line, in lines. */
    async function shown(shell: string, args: readonly string[], test: string): Promise<string[]> {
        writeFileSync(script(), (await run(bucketEncryption, ["completion", shell])).stdout);
        const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };
        const { stdout, stderr } = spawnSync(shell, [...args, "-c", test], { cwd: folder, env, encoding: "utf8" });
        expect(stderr).to.equal("");
        return stdout.split("\n").filter((line) => line !== "");
    }

    const isThere = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;
    const shells: readonly (readonly [string, readonly string[], (line: string) => string])[] = [
        [
            "bash",
            ["--norc"],
            (line) =>
                `source script; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _bucket_encryption 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        [
            "zsh",
            ["-f"],
            (line) =>
                `compdef() {}; _describe() { print -l -- "\${(@)\${(P@)4}%%:*}"; }; _files() { print -l -- *.json; }; source ./script; words=("\${(@s: :)\${:-${line}}}"); CURRENT=\${#words}; _bucket_encryption`,
        ],
        ["fish", ["--no-config"], (line) => `source script; complete -C '${line}' | string replace -r '\\t.*' ''`],
    ];
    for (const [shell, args, test] of shells) {
        it(`works in ${shell}`, async function () {
            if (!isThere(shell)) skipBecause(this, `there is no ${shell} on the PATH`);
            expect(await shown(shell, args, test("bucket-encryption rev"))).to.deep.equal(["review"]);
            expect(await shown(shell, args, test("bucket-encryption review prev"))).to.deep.equal(["preview.json"]);
            const values = await shown(shell, args, test("bucket-encryption audit --format=c"));
            expect(values).to.deep.equal([shell === "bash" ? "csv" : "--format=csv"]);
        });
    }
});
