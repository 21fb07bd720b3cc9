import { spawnSync } from "node:child_process";
import { expect } from "chai";
import cli from "../../engine/cli/pulumi-commands.json";
import { skipBecause } from "../../skip-because";
import { needCommands } from "../needed-tool";

const helpOf = (...verb: string[]): string =>
    spawnSync("pulumi", [...verb, "--help"], {
        encoding: "utf8",
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    }).stdout;
const namesIn = (text: string, pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, name]) => name as string).filter((name) => name !== "help");

/** Flags that the CLI has and its help does not show. */
const hidden = ["event-log", "json"];

describe("the recorded verbs and flags of the pulumi CLI", () => {
    before(async function () {
        await needCommands(this, "pulumi");
        const { stdout } = spawnSync("pulumi", ["version"], { encoding: "utf8" });
        if (stdout.trim().replace(/^v/, "") === cli.version) return;
        skipBecause(this, `the pulumi on the PATH is ${stdout.trim()}, and the record is of ${cli.version}`);
    });

    for (const [verb, flags] of Object.entries<readonly string[]>(cli.verbs)) {
        it(`are those of its help: ${verb}`, () => {
            const all = namesIn(helpOf(...verb.split(" ")), /^ +(?:-\w, )?--([a-z-]+)/gm);
            const common = cli.globalFlags.filter((flag) => !flags.includes(flag));
            expect([...all.filter((flag) => !common.includes(flag)), ...hidden].sort()).to.include.members(flags);
            expect(all.filter((flag) => ![...common, ...flags].includes(flag))).to.deep.equal([]);
            expect(all).to.include.members(common);
        });
    }

    it("have no verb that is missing in the record", () => {
        const verbs = namesIn(helpOf(), /^ {2}([a-z][a-z-]*) {2,}/gm);
        const known = [...Object.keys(cli.verbs), ...cli.otherVerbs].map((verb) => verb.split(" ")[0]);
        expect(verbs.filter((verb) => !known.includes(verb))).to.deep.equal([]);
    });
});
