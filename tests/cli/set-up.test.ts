import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import { type CommandResult, run } from "./in-process";

const root = path.join(__dirname, "..", "..");

describe("pulumi-embedded in a project that has no state yet", function () {
    this.timeout(60_000);
    let folder: string;
    let states: string;
    let home: string | undefined;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "set-up-"));
        states = path.join(folder, "states");
        home = process.env.HOME;
        process.env.HOME = folder;
        const project = path.join(folder, "project");
        mkdirSync(path.join(project, "node_modules"), { recursive: true });
        symlinkSync(path.join(root, "node_modules", "@pulumi"), path.join(project, "node_modules", "@pulumi"));
        writeFileSync(path.join(project, "Pulumi.yaml"), "name: first\nruntime: nodejs\nmain: index.js\n");
        writeFileSync(path.join(project, "index.js"), 'exports.said = "deployed";\n');
    });
    afterEach(() => {
        process.env.HOME = home;
        rmSync(folder, { recursive: true, force: true });
    });

    const place = (env: NodeJS.ProcessEnv) => ({
        cwd: path.join(folder, "project"),
        inProcess: true,
        env: { PATH: process.env.PATH, HOME: folder, PULUMI_HOME: path.join(folder, "home"), ...env },
    });
    const withFolder = () => ({ PULUMI_BACKEND_URL: pathToFileURL(states).href, PULUMI_CONFIG_PASSPHRASE: "one" });

    async function onTerminal(args: readonly string[], answers: readonly string[], env: NodeJS.ProcessEnv = {}) {
        const stdin = Object.assign(new PassThrough(), { isTTY: true });
        const waiting = [...answers];
        let output = "";
        const stdout = Object.assign(
            new Writable({
                decodeStrings: false,
                write(chunk, _encoding, done) {
                    output += chunk;
                    // Readline moves the cursor behind a question.
                    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are controlled by them
                    if (/(?:\) |: )(?:\u001b\[\d*G)?$/.test(output) && /[)?:] (?:\u001b|$)/.test(String(chunk)))
                        setImmediate(() => stdin.write(`${waiting.shift() ?? ""}\n`));
                    done();
                },
            }),
            { isTTY: true, columns: 100 },
        );
        const { cwd, inProcess, env: environment } = place(env);
        const status = await pulumiEmbedded(args, {
            ...{ stdin, stdout, stderr: stdout, cwd, inProcess, env: environment },
            onSignal: () => () => {},
            endNow: () => {
                throw new Error("ended");
            },
        });
        stdin.destroy();
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
        return { status, output: output.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "") };
    }

    const refusedFromNothing = (env: NodeJS.ProcessEnv, ...args: string[]): Promise<CommandResult> =>
        run(pulumiEmbedded, args, place(env));

    it("rejects an operation without a terminal, and names everything that is missing at once", async () => {
        const { status, stderr } = await refusedFromNothing({}, "up");
        expect(status).to.equal(1);
        expect(stderr).to.equal(
            [
                "error: The project is not set up for deployments:",
                "  - no place for states is set: set PULUMI_BACKEND_URL, for example to file://$PWD/states",
                "  - no passphrase is set: set PULUMI_CONFIG_PASSPHRASE, which encrypts the stack's secrets",
                "  - there is no stack",
                "Set the variables, run `pulumi-embedded stack init NAME --yes`, which also creates the state folder, and then `pulumi-embedded up --yes`. On a terminal, `pulumi-embedded up` asks for everything.",
                "",
            ].join("\n"),
        );
    });

    it("rejects a stack and a state folder that do not exist, also with --yes: a mistyped name must not begin a new state", async () => {
        const { status, stderr } = await refusedFromNothing(withFolder(), "up", "--yes", "--stack", "prdo");
        expect(status).to.equal(1);
        expect(stderr).to.include(`the state folder ${states} does not exist`).and.include("there is no stack 'prdo'");
        expect(existsSync(states)).to.equal(false);
    });

    it("creates the state folder and the stack with `stack init --yes`", async () => {
        const created = await run(pulumiEmbedded, ["stack", "init", "dev", "--yes"], place(withFolder()));
        expect(created.output).to.equal("Created stack 'dev'\n");
        const up = await run(pulumiEmbedded, ["up", "--yes", "--skip-preview"], place(withFolder()));
        expect(up.status, up.output).to.equal(0);
        expect(up.stdout).to.include('said: "deployed"');
    });

    it("asks on a terminal for the place, the passphrase (twice, since it encrypts a new stack) and the stack, creates them, and continues", async () => {
        const { status, output } = await onTerminal(
            ["up"],
            ["yes", "a passphrase", "a pasphrase", "a passphrase", "a passphrase", "", "yes"],
        );
        expect(status, output).to.equal(0);
        expect(output)
            .to.include(
                "No place for states is set. Keep states in ~/.pulumi, as `pulumi login --local` does? (yes/no)",
            )
            .and.match(/\nPassphrase for the stack's secrets: \nThe same passphrase again: \n/)
            .and.include("The two differ. Passphrase for the stack's secrets:")
            .and.include("There is no stack. Name of the one to create (dev):")
            .and.include("Created stack 'dev'")
            .and.include('said: "deployed"');
        expect(output).not.to.include("a passphrase");
        const login = readFileSync(path.join(folder, "home", "credentials.json"), "utf8");
        expect(JSON.parse(login)).to.deep.equal({ current: "file://~" });
        expect(existsSync(path.join(folder, ".pulumi", "stacks", "first", "dev.json"))).to.equal(true);
        const again = await run(
            pulumiEmbedded,
            ["preview", "--expect-no-changes"],
            place({ PULUMI_CONFIG_PASSPHRASE: "a passphrase" }),
        );
        expect(again.status, again.output).to.equal(0);
    });

    it("asks for nothing before it rejects what it knows to be wrong", async () => {
        for (const [args, said] of [
            [["up", "--policy-pack-config", "none.json"], "There are more --policy-pack-config than --policy-pack"],
            [["destroy", "--exclude-protected", "--target", "urn"], "you cannot specify --target and"],
            [["up", "--stack", "no name"], '"no name" is not a stack name'],
            [["stack", "init", "no name"], '"no name" is not a stack name'],
        ] as const) {
            const { output } = await onTerminal(args, []);
            expect(output)
                .to.match(/^error: /)
                .and.include(said);
        }
        const there = { PULUMI_BACKEND_URL: pathToFileURL(states).href };
        await run(pulumiEmbedded, ["stack", "init", "dev", "--yes"], place(withFolder()));
        expect((await onTerminal(["stack", "init", "dev"], [], there)).output).to.match(
            /^error: stack 'dev' already exists\./,
        );
    });

    it("creates nothing that is declined", async () => {
        const { status, output } = await onTerminal(["up"], ["no"], withFolder());
        expect(status).to.equal(8);
        expect(output).to.include(`The state folder ${states} does not exist. Create it? (yes/no)`);
        expect(output).to.include("Nothing was deployed.");
        expect(existsSync(states)).to.equal(false);
    });
});
