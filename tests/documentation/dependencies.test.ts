import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import manifest from "../../package.json";

const root = path.join(__dirname, "..", "..");

/** The cells of each table row of docs/dependencies.md that names a package, by the package. */
function documented(): Map<string, readonly string[]> {
    const page = readFileSync(path.join(root, "docs", "dependencies.md"), "utf8");
    const rows = [...page.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)];
    return new Map(rows.map(([, name = "", cells = ""]) => [name, cells.split("|").map((cell) => cell.trim())]));
}

const licenceOf = (name: string): string =>
    JSON.parse(readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8")).license;

describe("the page of run-time dependencies", () => {
    it("has each dependency with its version, and each peer dependency, and no other", () => {
        const versions = [...documented()].map(([name, cells]) => [name, cells.find((cell) => /^\^\d/.test(cell))]);
        const peers = Object.keys(manifest.peerDependencies).map((name) => [name, undefined]);
        expect(versions).to.have.deep.members([...Object.entries(manifest.dependencies), ...peers]);
    });

    it("names the licences that the packages have", () => {
        // Temporal's packages are not installed here; `interop/temporal` installs them.
        const licences = [...documented()]
            .map(([name, [licence]]) => ({ name, licence }))
            .filter(({ name }) => !name.startsWith("@temporalio/"));
        expect(licences.length).to.be.greaterThan(Object.keys(manifest.dependencies).length);
        expect(licences).to.deep.equal(licences.map(({ name }) => ({ name, licence: licenceOf(name) })));
    });

    it("gives the age and the reason of each dependency", () => {
        for (const name of Object.keys(manifest.dependencies)) {
            const [, since, , reason] = documented().get(name) ?? [];
            expect(since, name).to.match(/^20\d\d$/);
            expect(reason, name).to.match(/^\S.{30,}\.$/);
        }
    });
});
