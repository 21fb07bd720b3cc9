import { createRequire } from "node:module";
import path from "node:path";
import { UserError } from "../../errors";
import type { ProgramFunction } from "../program/inline-program";
import type { ProgramSettings } from "../program/node-program";
import { ModuleRealm } from "./module-realm";

/** The project's own program, as a function that evaluates it in this process, in a realm of its own. It must be JavaScript. */
export function projectProgram({ project, environment, onLine }: ProgramSettings): ProgramFunction {
    return async () => {
        const realm = new ModuleRealm({
            folder: project.programFolder,
            environment,
            args: [],
            onLine,
            onExit(code) {
                throw new UserError("program-failed", `Program exited with exit code: ${code}`);
            },
        });
        const entry = createRequire(path.join(project.programFolder, "index.js")).resolve(
            path.resolve(project.programFolder, project.entry),
        );
        const made = realm.load(entry) as Record<string, unknown> | (() => Record<string, unknown>);
        return typeof made === "function" ? made() : await made;
    };
}
