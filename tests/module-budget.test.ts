import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect } from "chai";

const dist = path.join(__dirname, "..", "dist");

interface Budget {
    /** The start of a file in dist, and its arguments if it is a command. */
    readonly start: string;
    /** The most modules of this package that it may load before it does its work. */
    readonly modules: number;
    /** All packages that it loads until then, other than the SDK's own dependencies. */
    readonly packages: readonly string[];
}

/** Each module that a start loads costs every deployment or command. Raise a number only for a reason that users would accept. */
const budgets: readonly Budget[] = [
    { start: "index", modules: 86, packages: ["@pulumi/pulumi", "fastest-levenshtein"] },
    { start: "pulumi/provider", modules: 70, packages: ["fastest-levenshtein"] },
    { start: "policy/index", modules: 105, packages: ["fastest-levenshtein"] },
    { start: "cli/pulumi-embedded --help", modules: 45, packages: ["commander"] },
    { start: "cli/bucket-encryption review --help", modules: 146, packages: ["commander", "fastest-levenshtein"] },
    { start: "cli/bucket-encryption audit --help", modules: 145, packages: ["commander", "fastest-levenshtein"] },
    {
        start: "cli/bucket-encryption adopt-state --help",
        modules: 105,
        packages: ["commander", "fastest-levenshtein", "yaml"],
    },
    { start: "cli/bucket-encryption rollout --help", modules: 45, packages: ["commander"] },
    {
        start: "cli/bucket-encryption local-cloud --help",
        modules: 180,
        packages: ["commander", "saxes", "xmlchars"],
    },
];

const count = `
    const [, file, ...args] = process.argv;
    process.argv = [process.argv[0], file, ...args];
    process.stdout.write = () => true;
    process.on("exit", () => {
        const sdk = /node_modules\\/@pulumi\\/pulumi\\//;
        const names = new Set();
        let own = 0;
        const look = (module) => {
            const found = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(module.filename);
            if (found === null) own += 1;
            else names.add(found[1]);
        };
        const seen = new Set();
        const walk = (module) => {
            if (seen.has(module)) return;
            seen.add(module);
            look(module);
            if (!sdk.test(module.filename)) module.children.forEach(walk);
        };
        walk(require.cache[require.resolve(file)]);
        require("node:fs").writeSync(3, JSON.stringify({ own, names: [...names].sort() }));
    });
    require(file);`;

describe("what a start loads", () => {
    for (const { start, modules, packages } of budgets) {
        it(`stays within ${modules} modules and ${packages.length} packages for ${start}`, () => {
            const [file = "", ...args] = start.split(" ");
            const { own, names } = loadedBy(path.join(dist, `${file}.js`), args);
            expect(names).to.deep.equal([...packages].sort());
            expect(own).to.be.within(1, modules);
        });
    }
});

function loadedBy(file: string, args: readonly string[]): { readonly own: number; readonly names: readonly string[] } {
    const shell = ["-c", '"$0" "$@" 3>&1 >/dev/null', process.execPath, "-e", count, file, ...args];
    return JSON.parse(execFileSync("sh", shell, { encoding: "utf8" }));
}
