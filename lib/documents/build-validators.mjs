// Writes the validators of all document shapes beside the compiled package. `npm run build` runs it.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

const require = createRequire(import.meta.url);
const compiled = path.join(import.meta.dirname, "..", "..", "dist");
const { validatorFile, validatorOptions } = require("../../dist/documents/validators");

const schemas = [];
const shapes = require("../../dist/documents/document-shape");
const { DocumentShape } = shapes;
shapes.DocumentShape = class extends DocumentShape {
    constructor(schema) {
        super(schema);
        schemas.push(schema);
    }
};
for (const name of readdirSync(compiled, { recursive: true })) {
    const file = path.join(compiled, name);
    if (name.endsWith(".js") && readFileSync(file, "utf8").includes(".DocumentShape(")) require(file);
}

const folder = path.dirname(validatorFile({}));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const ajv = new Ajv({ ...validatorOptions, code: { source: true, optimize: true } });
for (const schema of schemas) writeFileSync(validatorFile(schema), standaloneCode.default(ajv, ajv.compile(schema)));
