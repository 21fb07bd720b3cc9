import { readFileSync } from "node:fs";
import path from "node:path";

let known: string | undefined;

/** The version of this package, which is the plugin's too. Engines use the plugin of this version where several are installed. */
export function packageVersion(): string {
    known ??= String(
        (
            JSON.parse(readFileSync(path.join(__dirname, "..", "..", "..", "package.json"), "utf8")) as {
                version: unknown;
            }
        ).version,
    );
    return known;
}
