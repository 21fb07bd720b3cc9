import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const ignored = ["node_modules", "state", "home", ".gitlab-ci-local", ".artifacts", ".actions", ".rollout"];

/**
 * Makes a folder a repository with everything in it, as a runner wants it, and with an npm that finds everything installed: `npm ci` in a
 * copy of the folder links its packages.
 */
export function commitProject(folder: string, remote: string): void {
    const git = (...args: string[]) => {
        const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
        const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
        if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    };
    if (!existsSync(path.join(folder, ".git"))) {
        git("init", "--quiet", "--initial-branch=main");
        git("remote", "add", "origin", remote);
    }
    writeFileSync(path.join(folder, ".gitignore"), `${ignored.join("\n")}\n`);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "The project");
    mkdirSync(path.join(folder, "bin"), { recursive: true });
    const npm = spawnSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).stdout.trim();
    const link = `test -e node_modules || ln -s '${path.join(folder, "node_modules")}' node_modules`;
    const script = `#!/bin/sh\nif test "$1" = ci; then ${link}; exit; fi\nexec ${npm} "$@"\n`;
    writeFileSync(path.join(folder, "bin", "npm"), script, { mode: 0o755 });
}
