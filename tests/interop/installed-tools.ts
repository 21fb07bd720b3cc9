import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cache, installed } from "./packed-package";

/**
 * Installs the packages that a folder of tests pins in its package.json, once.
 * @param folder the folder of the tests
 * @returns the folder in the cache that has them in `node_modules`
 * @throws ToolUnavailable
 */
export function installedTools(folder: string): string {
    const tools = path.join(cache, path.basename(folder));
    const wanted = readFileSync(path.join(folder, "package.json"), "utf8");
    const manifest = path.join(tools, "package.json");
    if (existsSync(manifest) && readFileSync(manifest, "utf8") === wanted) return tools;
    rmSync(tools, { recursive: true, force: true });
    mkdirSync(tools, { recursive: true });
    const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps"];
    const { dependencies } = JSON.parse(wanted) as { dependencies: Record<string, string> };
    const packages = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    installed("npm", ["install", ...quietly, "--prefix", tools, ...packages], tools);
    // Only what was installed whole is used again.
    writeFileSync(manifest, wanted);
    return tools;
}
