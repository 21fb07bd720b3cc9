import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const root = path.join(__dirname, "..");
const page = path.join(root, "docs", "what-runs-where.md");
const dist = path.join(root, "dist");

/** Where code of this package starts to run, and what each of them is. */
const entries: readonly { readonly name: string; readonly file: string; readonly runs: string }[] = [
    { name: "a stack's program", file: "index", runs: "the user's process, started by the engine" },
    {
        name: "the provider process",
        file: "pulumi/provider",
        runs: "Pulumi's dynamic provider host; makes every request",
    },
    { name: "a policy pack", file: "policy/index", runs: "a process of its own, started by the engine" },
    { name: "`bucket-encryption adopt-state`", file: "cli/adopt-state-command", runs: "the command" },
    { name: "`bucket-encryption audit`", file: "cli/audit-command", runs: "the command" },
    { name: "`bucket-encryption local-cloud`", file: "cli/local-cloud-command", runs: "the command" },
    { name: "`bucket-encryption review`", file: "cli/review-command", runs: "the command" },
    {
        name: "`bucket-encryption rollout`",
        file: "cli/rollout-command",
        runs: "the command; engines are child processes or libraries",
    },
    {
        name: "a rollout's workflows",
        file: "rollout/temporal/workflows",
        runs: "Temporal's sandbox in `bucket-encryption rollout worker`",
    },
    { name: "`pulumi-embedded`", file: "cli/pulumi-embedded-command", runs: "the command" },
    { name: "users' tests (`/testing`)", file: "testing", runs: "the tests' process" },
];

interface Loaded {
    readonly modules: Set<string>;
    readonly packages: Set<string>;
}

/** A module of ours by the text of a `require` in another one, as Node resolves it. */
function resolved(from: string, specifier: string): string {
    return require.resolve(path.resolve(path.dirname(from), specifier));
}

/**
 * What a compiled module loads, directly or through others. Compiled, because types are gone then.
 * @param onUse whether to follow the imports that stand inside functions too, which run when the code is first used
 */
function loadedBy(file: string, onUse: boolean, loaded: Loaded = { modules: new Set(), packages: new Set() }): Loaded {
    if (loaded.modules.has(file)) return loaded;
    loaded.modules.add(file);
    if (!file.endsWith(".js")) return loaded;
    const lines = readFileSync(file, "utf8").split("\n");
    const isFunctionBody = (line: string): boolean => /^\s/.test(line);
    for (const line of lines) {
        if (/^\s*(\/\/|\*|\/\*)/.test(line) || (!onUse && isFunctionBody(line))) continue;
        for (const [, specifier = ""] of line.matchAll(/\b(?:require|import|require\.resolve)\("([^"]+)"\)/g)) {
            if (specifier.startsWith(".")) loadedBy(resolved(file, specifier), onUse, loaded);
            // The text in states names this package; it loads nothing here.
            else if (!/^(node:|pulumi-bucket-encryption\/)/.test(specifier)) loaded.packages.add(specifier);
        }
    }
    return loaded;
}

const roomOf = (file: string): string => {
    const [room = "", ...rest] = path.relative(dist, file).split(path.sep);
    return rest.length === 0 ? "the package's entry files" : room;
};
const linesOf = (file: string): number =>
    readFileSync(file.replace(dist, path.join(root, "lib")).replace(/\.js$/, ".ts"), "utf8").split("\n").length - 1;
const packageOf = (specifier: string): string =>
    specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

interface Row {
    readonly name: string;
    readonly runs: string;
    readonly rooms: string;
    readonly packages: string;
    readonly modules: number;
    readonly lines: number;
}

function rowOf({ name, file, runs }: (typeof entries)[number]): Row {
    const { modules, packages } = loadedBy(path.join(dist, `${file}.js`), true);
    const atStart = loadedBy(path.join(dist, `${file}.js`), false);
    const early = new Set([...atStart.modules].map(roomOf));
    const rooms = sorted([...modules].map(roomOf))
        .filter((room) => room !== "the package's entry files" && room !== "cli")
        .map((room) => (early.has(room) ? room : `*${room}*`));
    return {
        name,
        runs,
        rooms: rooms.join(", "),
        packages: sorted([...packages].map(packageOf)).join(", ") || "none",
        modules: modules.size,
        lines: [...modules]
            .filter((module) => module.endsWith(".js"))
            .reduce((sum, module) => sum + linesOf(module), 0),
    };
}

const heading = "| where | process | rooms | packages | modules | lines |";
const lineOf = ({ name, runs, rooms, packages, modules, lines }: Row): string =>
    `| ${[name, runs, rooms, packages, modules, lines].join(" | ")} |`;

/** The table's cells by the name of the row. */
function documented(text: string): Record<string, string[]> {
    const rows = text
        .split("\n")
        .filter((line) => line.startsWith("| ") && line !== heading && !line.startsWith("| ---"));
    return Object.fromEntries(
        rows.map((line) => {
            const cells = line.slice(2, -2).split(" | ");
            return [cells[0] ?? "", cells];
        }),
    );
}

/** Sizes change with every commit: the page may be off by a tenth. */
const isNear = (written: string | undefined, now: number): boolean => Math.abs(Number(written) - now) <= now / 10;

describe("what runs where", () => {
    const rows = entries.map(rowOf);

    before(() => {
        if (process.env.UPDATE_DOCS !== "1") return;
        const text = readFileSync(page, "utf8");
        const table = [heading, "| --- | --- | --- | --- | --- | --- |", ...rows.map(lineOf)].join("\n");
        writeFileSync(page, text.replace(/\| where [\s\S]*?\n\n/, `${table}\n\n`));
    });

    for (const row of rows) {
        it(`is documented for ${row.name}: rooms, packages and size (UPDATE_DOCS=1 rewrites the table)`, () => {
            const cells = documented(readFileSync(page, "utf8"))[row.name];
            expect(cells?.slice(0, 4)).to.deep.equal([row.name, row.runs, row.rooms, row.packages]);
            expect(
                isNear(cells?.[4], row.modules),
                `${cells?.[4]} modules are documented, ${row.modules} are loaded`,
            ).to.equal(true);
            expect(
                isNear(cells?.[5], row.lines),
                `${cells?.[5]} lines are documented, ${row.lines} are loaded`,
            ).to.equal(true);
        });
    }

    it("documents nothing else", () => {
        expect(Object.keys(documented(readFileSync(page, "utf8")))).to.deep.equal(entries.map(({ name }) => name));
    });

    it("keeps the engine, the local cloud and the command line out of what makes requests", () => {
        const { modules } = loadedBy(path.join(dist, "pulumi", "provider.js"), true);
        const rooms = sorted([...modules].map(roomOf));
        expect(rooms).to.include.members(["lifecycle", "stores"]);
        expect(
            rooms.filter((room) => ["cli", "engine", "local-cloud", "policy", "review", "rollout"].includes(room)),
        ).to.deep.equal([]);
    });
});
