import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";

const compiled = path.join(__dirname, "..", "..", "..", "dist", "engine");

describe("the modules of a provider in the engine's process", () => {
    let folder: string;
    beforeEach(() => {
        folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "module-realm-")));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const write = (place: string, text: string): string => {
        const file = path.join(folder, place);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
        return file;
    };
    /** A realm of this package, installed at a place of the folder. */
    const realm = (installed: string, project: string) => {
        const engine = path.join(folder, installed, "dist", "engine");
        for (const copied of ["in-process/module-realm.js", "keep-newest.js"])
            cpSync(path.join(compiled, copied), path.join(engine, copied));
        const file = path.join(engine, "in-process", "module-realm.js");
        const { ModuleRealm }: typeof import("../../../lib/engine/in-process/module-realm") = require(file);
        return new ModuleRealm({
            folder: path.join(folder, project),
            environment: {},
            args: ["127.0.0.1:1"],
            onLine: () => undefined,
            onExit: () => undefined,
        });
    };
    const tellArguments = "module.exports = process.argv.slice(2);";

    for (const installed of [
        "project/node_modules/pulumi-bucket-encryption",
        "project/node_modules/other-name",
        "project/node_modules/.pnpm/pulumi-bucket-encryption@1/node_modules/pulumi-bucket-encryption",
        "repository",
    ]) {
        it(`gives this package's modules the arguments of the operation where it is ${installed}`, () => {
            write("project/index.js", "");
            const own = write(`${installed}/dist/own.js`, tellArguments);
            const dependency = write(`${installed}/node_modules/dependency/index.js`, tellArguments);
            write(
                `${installed}/dist/entry.js`,
                `module.exports = [require("./own.js"), require(${JSON.stringify(dependency)})];`,
            );
            const [ofOwn, ofDependency] = realm(installed, "project").load(
                path.join(path.dirname(own), "entry.js"),
            ) as string[][];
            expect(ofOwn).to.deep.equal(["127.0.0.1:1"]);
            expect(ofDependency).to.deep.equal(process.argv.slice(2));
        });
    }

    it("gives them to a project that stands in a folder of installed packages", () => {
        const program = write("node_modules/.cache/project/index.js", 'module.exports = require("./other.js");');
        write("node_modules/.cache/project/other.js", tellArguments);
        const found = realm("node_modules/pulumi-bucket-encryption", "node_modules/.cache/project").load(program);
        expect(found).to.deep.equal(["127.0.0.1:1"]);
    });

    it("tells its modules once that their process ends, unless they listen no more", () => {
        write("project/index.js", "");
        const listening = write(
            "project/listening.js",
            `const ends = [];
process.on("exit", (code) => ends.push(\`on \${code}\`));
process.once("exit", (code) => ends.push(\`once \${code}\`));
const gone = () => ends.push("gone");
process.on("exit", gone);
process.off("exit", gone);
module.exports = ends;`,
        );
        const listenersOfTests = process.listenerCount("exit");
        const ending = realm("repository", "project");
        const ends = ending.load(listening);
        expect(ends).to.deep.equal([]);
        ending.end(3);
        ending.end(4);
        expect(ends).to.deep.equal(["on 3", "once 3"]);
        expect(process.listenerCount("exit")).to.equal(listenersOfTests);
    });
});
