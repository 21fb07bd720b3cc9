import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { keptInCache } from "./kept-in-cache";
import { installed } from "./packed-package";

const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps"];

/**
 * Installs the packages that a folder of tests pins in its package.json, once.
 * @param folder the folder of the tests
 * @returns the folder in the cache that has them in `node_modules`
 * @throws ToolUnavailable
 */
export async function installedTools(folder: string): Promise<string> {
    const wanted = path.join(folder, "package.json");
    return await keptInCache(path.basename(folder), [readFileSync(wanted)], (draft) => {
        cpSync(wanted, path.join(draft, "package.json"));
        installed("npm", ["install", ...quietly], draft);
    });
}
