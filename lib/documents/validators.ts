import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Options, ValidateFunction } from "ajv";

/** How Ajv reads the schemas of this package, here and in the build. */
export const validatorOptions: Options = {
    allErrors: true,
    allowUnionTypes: true,
    verbose: true,
    // Compiling the schema of schemas takes longer than all else here. Strict mode still refuses words that are no keywords.
    meta: false,
    validateSchema: false,
};

/** Where the build writes the validator of a schema. */
export function validatorFile(schema: object): string {
    const digest = createHash("sha256").update(JSON.stringify(schema)).digest("hex");
    return path.join(__dirname, "validators", `${digest.slice(0, 16)}.js`);
}

/**
 * The validator of a schema. The package has each as a file that Ajv wrote in the build, since loading and running Ajv's compiler takes a
 * sixth of a second. Sources have none, and compile it.
 */
export function validatorOf(schema: object): ValidateFunction {
    const file = validatorFile(schema);
    if (existsSync(file)) return require(file);
    const { Ajv }: typeof import("ajv") = require("ajv");
    return new Ajv({ ...validatorOptions, code: { optimize: false } }).compile(schema);
}
