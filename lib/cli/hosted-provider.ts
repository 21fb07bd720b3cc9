import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { EmbeddedEngineOptions } from "../engine";

/** Set to true, it keeps `pulumi-embedded` from running this package's provider in its own process. */
export const isolationVariable = "PULUMI_EMBEDDED_ISOLATE_PROVIDERS";

/** Where the texts lead to when the program has this installation of the package. A test may load this file from `lib`. */
const ownProvider = path.join(__dirname.replace(/([\\/])lib([\\/]cli)$/, "$1dist$2"), "..", "pulumi", "provider.js");

/**
 * The rule of `pulumi-embedded`: it hosts this package's own provider, where the program's folder leads to this very installation. A
 * program with another version gets that version, in a process.
 */
export function hostedProvider(environment: NodeJS.ProcessEnv): EmbeddedEngineOptions["hosts"] {
    if (/^(1|true)$/i.test(environment[isolationVariable] ?? "")) return undefined;
    const isOwn = new Map<string, boolean>();
    return (text, folder) => {
        // Loaded with the first dynamic resource: other commands start without it.
        const { handlerText, setHandlerText }: typeof import("../declaration") = require("../declaration");
        if (text !== handlerText && text !== setHandlerText) return false;
        const known = isOwn.get(folder) ?? isThisPackage(folder);
        isOwn.set(folder, known);
        return known;
    };
}

/** Whether the folder's programs load this installation of the package. */
function isThisPackage(folder: string): boolean {
    try {
        const found = createRequire(path.join(folder, "index.js")).resolve("pulumi-bucket-encryption/provider");
        return realpathSync(found) === realpathSync(ownProvider);
    } catch {
        return false;
    }
}
