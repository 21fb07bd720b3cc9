import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { counted } from "../../lib/text";

const lib = path.join(__dirname, "..", "..", "lib");

const nouns =
    "account argument bucket byte change character error fault file finding key line lock minute object operation preview reading region request resource rule second setting stack violation warning wave";

/** What templates say after a value, where it is one of the nouns in the plural. */
const afterNumber = new RegExp(
    `\\$\\{((?:[^{}]|\\{[^{}]*\\})*)\\} ((?:(?:more|pending|protected) )?(?:${nouns.replaceAll(" ", "|")})(?:s|\\(s\\)))(?![a-z])`,
    "g",
);

const limits = [
    "allowedMinutes minutes",
    "answerBytes bytes",
    "mostCharacters characters",
    "mostCharacters characters",
    "mostOfGithubOutputs bytes",
    "startLimitMs / 1000 seconds",
];
const moreThanOne = [
    "buckets.length buckets",
    "buckets.length buckets",
    "buckets.length buckets",
    "bytes bytes",
    "changed changes",
    "readings readings",
    "size bytes",
    "this.#total buckets",
];
const inThePluralInPulumi = [
    "holders.length lock(s)",
    "kept protected resources",
    "pending.length pending operations",
    "urns.length protected resources",
];
const noCounts = ["display waves", "name changes", "pause.seconds seconds"];

describe("counted", () => {
    it("has the noun in the singular for one, and in the plural for every other number", () => {
        expect([0, 1, 2, 1_000].map((count) => counted(count, "bucket"))).to.deep.equal([
            "0 buckets",
            "1 bucket",
            "2 buckets",
            "1000 buckets",
        ]);
    });

    it("writes every count of the commands, except limits, numbers above one and the texts of the pulumi command", () => {
        const files = readdirSync(lib, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
        const found = files
            .filter((name) => !name.startsWith("local-cloud"))
            .flatMap((name) => [...readFileSync(path.join(lib, name), "utf8").matchAll(afterNumber)])
            .map(([, value, words]) => `${value} ${words}`);
        expect(found.sort()).to.deep.equal([...limits, ...moreThanOne, ...inThePluralInPulumi, ...noCounts].sort());
    });
});
