import { createRequire } from "node:module";
import { join } from "node:path";
import { UserError } from "../../errors";

/**
 * The path of a module of the Node SDK that the program itself uses.
 * @throws UserError `program-failed` when the SDK is not installed there
 */
export function resolveSdk(programFolder: string, module: string): string {
    try {
        return createRequire(join(programFolder, "index.js")).resolve(`@pulumi/pulumi/${module}`);
    } catch (cause) {
        throw new UserError(
            "program-failed",
            "The Pulumi SDK was not found: @pulumi/pulumi is not installed for the program",
            { file: programFolder },
            { cause, cure: "Run `npm install` in the program's folder." },
        );
    }
}
