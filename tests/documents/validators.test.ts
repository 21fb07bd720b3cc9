import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const compiled = path.join(__dirname, "..", "..", "dist");

/** The modules of the compiled package that describe documents. */
const modules = (readdirSync(compiled, { recursive: true }) as string[])
    .map((name) => path.join(compiled, name))
    .filter((file) => file.endsWith(".js") && readFileSync(file, "utf8").includes(".DocumentShape("));

/** Checks an empty document by each shape, in a process of its own. */
function checked(schema: string): { readonly shapes: number; readonly loadsAjv: boolean } {
    const program = `
        const documents = require(${JSON.stringify(path.join(compiled, "documents", "document-shape"))});
        const { DocumentShape } = documents;
        const shapes = [];
        documents.DocumentShape = class extends DocumentShape {
            constructor(schema) {
                super(${schema});
                shapes.push(this);
            }
        };
        for (const file of ${JSON.stringify(modules)}) require(file);
        for (const shape of shapes) shape.faults(null);
        const loadsAjv = Object.keys(require.cache).some((file) => /[\\\\/]ajv[\\\\/]dist[\\\\/]ajv\\.js$/.test(file));
        console.log(JSON.stringify({ shapes: shapes.length, loadsAjv }));
    `;
    return JSON.parse(execFileSync(process.execPath, ["--eval", program], { encoding: "utf8" }));
}

describe("the validators of the compiled package", () => {
    it("check each kind of document without the compiler of schemas", () => {
        const { shapes, loadsAjv } = checked("schema");
        expect(shapes).to.be.at.least(modules.length);
        expect(loadsAjv).to.equal(false);
    });

    it("give way to the compiler where a schema has none", () => {
        expect(checked(`{ ...schema, title: "other" }`).loadsAjv).to.equal(true);
    });
});
