import { expect } from "chai";
import { settingIssues, settingTable } from "../../lib/provider";
import { notYetKnown } from "../../lib/rule";
import type { SettingType } from "../../lib/stores";

const own = "bucket-encryption";
const rows = settingTable();

/** Values that each type takes, as engines and rollout files hand them over, and values that it refuses. */
const valuesOf: Record<SettingType, { readonly right: readonly unknown[]; readonly wrong: readonly unknown[] }> = {
    text: {
        right: ["some-text", "", 12, undefined, notYetKnown],
        wrong: ['{"id":"1"}', { id: "1" }, ["a"], "[1]", true],
    },
    boolean: { right: ["true", "false", true, false, "", notYetKnown], wrong: ["yes", "1", 1, '["true"]', {}] },
    account: {
        right: [
            '{"id":"1000000000000002"}',
            '{"id":1000000000000002,"profile":"production"}',
            { id: 1_000_000_000_000_002 },
            undefined,
            notYetKnown,
        ],
        wrong: ["1000000000000002", "[]", '{"id":9999999999999999}', '{"id":1}', '{"Id":"1000000000000002"}', 5],
    },
    "account ids": {
        right: [
            "1000000000000001",
            "1000000000000001,1000000000000003 111122223333",
            '["1000000000000001"]',
            "[1000000000000001]",
            1_000_000_000_000_001,
            [111_122_223_333],
            undefined,
            notYetKnown,
        ],
        wrong: [
            "production",
            "1000000000000001,",
            '["1"]',
            "[null]",
            { id: "1000000000000001" },
            '[["1000000000000001"]]',
        ],
    },
};

/** The name with two neighbouring letters exchanged. */
function misspelt(name: string): string {
    const at = [...name].findIndex((letter, index) => index > 3 && letter !== name[index - 1]);
    return `${name.slice(0, at - 1)}${name[at]}${name[at - 1]}${name.slice(at + 1)}`;
}

const issuesOf = (name: string, value: unknown, project = "example") =>
    settingIssues({ [`${own}:${name}`]: value }, project);

describe("the settings of a stack", () => {
    for (const { name, type } of rows) {
        const { right, wrong } = valuesOf[type];

        it(`accept ${name} with every form of its type`, () => {
            for (const value of right) expect(issuesOf(name, value), String(value)).to.deep.equal([]);
        });

        it(`rejects ${name} with a value of another type`, () => {
            for (const value of wrong) {
                const found = issuesOf(name, value);
                expect(found, JSON.stringify(value)).not.to.deep.equal([]);
                for (const { key, path, message } of found) {
                    expect(key).to.equal(`${own}:${name}`);
                    expect(path.startsWith(key)).to.equal(true);
                    expect(message).to.match(/must be|is not|allowed|in quotes/);
                }
            }
        });

        it(`rejects ${name} misspelt and names it, in a project of any name`, () => {
            for (const wrongName of [misspelt(name), `${name}_`, name.toUpperCase()]) {
                for (const project of ["example", own]) {
                    const [issue, ...others] = issuesOf(wrongName, "a secret", project);
                    expect(others).to.deep.equal([]);
                    expect(issue?.path, wrongName).to.equal(`${own}:${wrongName}`);
                    const ownKeys = ` The project is called ${own} too: if its program reads this key, read it from another namespace, for instance new pulumi.Config("my-program")`;
                    expect(issue?.message).to.equal(
                        `is not a setting; did you mean ${own}:${name}?${project === own ? ownKeys : ""}`,
                    );
                }
            }
        });

        it(`rejects a key that takes ${name} for an object without --path`, () => {
            for (const wrongName of [`${name}.id`, `${name}[0]`, `${misspelt(name)}.id`]) {
                const [issue] = issuesOf(wrongName, "1000000000000002");
                expect(issue?.path).to.equal(`${own}:${wrongName}`);
                const rest = wrongName.slice(name.length);
                if (type === "text" || type === "boolean") expect(issue?.message).to.include("which has no parts");
                else expect(issue?.message).to.include(`pulumi config set --path '${own}:${name}${rest}' VALUE`);
            }
        });
    }

    it("rejects an unknown key that resembles none with the list of all", () => {
        const [issue] = issuesOf("colour", "red");
        for (const { name } of rows) expect(issue?.message).to.include(name);
    });

    it("rejects all faults at once", () => {
        const faults = settingIssues(
            {
                [`${own}:allowedAcountIds`]: "1000000000000009",
                [`${own}:account.id`]: "1000000000000002",
                [`${own}:account`]: '{"id":"1","roleArn":"x"}',
                [`${own}:s3DeletionIsSafe`]: "yes",
            },
            "example",
        );
        expect(faults.map(({ path }) => path)).to.deep.equal([
            `${own}:allowedAcountIds`,
            `${own}:account.id`,
            `${own}:account.id`,
            `${own}:account.roleArn`,
            `${own}:s3DeletionIsSafe`,
        ]);
    });

    it("rejects an empty guard, as a variable leaves it that is not set", () => {
        const message = "is empty, and guards nothing; give it a value, or remove it";
        const empty = Object.fromEntries(
            ["account", "allowedAccountIds", "forbiddenAccountIds", "region"].map((name) => [`${own}:${name}`, ""]),
        );
        expect(settingIssues(empty, "shop").map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
            `${own}:account ${message}`,
            `${own}:allowedAccountIds ${message}`,
            `${own}:forbiddenAccountIds ${message}`,
        ]);
    });

    it("leave keys of other namespaces alone", () => {
        expect(settingIssues({ "aws:regoin": "x", "example:bucket": "y", region: "z" }, "example")).to.deep.equal([]);
    });

    it("leave a program's own keys alone in a project that has this package's name", () => {
        for (const name of ["bucket", "tableName", "replicas", "stage", "logs.bucket"]) {
            expect(issuesOf(name, "x", own), name).to.deep.equal([]);
            expect(issuesOf(name, "x", "example"), name).to.have.length(1);
        }
        expect(issuesOf("region", "cn-hangzhou", own)).to.deep.equal([]);
        expect(issuesOf("acount", '{"id":"1000000000000002"}', own)[0]?.message).to.include(
            'new pulumi.Config("my-program")',
        );
        expect(issuesOf("account.id", "1000000000000002", own)[0]?.message).to.include("--path");
    });
});
