import { chmodSync, copyFileSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { BucketStack } from "../../stacks/bucket-stack";

const root = path.join(__dirname, "..", "..", "..");
const commentFile = path.join(root, "examples", "pipelines", "comment.mjs");

/** What `npm ci` would make of a project that has the package. */
export function installPackage(project: string): void {
    const modules = path.join(project, "node_modules");
    // A folder of its own, for the command.
    unlinkSync(modules);
    mkdirSync(path.join(modules, ".bin"), { recursive: true });
    symlinkSync(path.join(root, "node_modules", "@pulumi"), path.join(modules, "@pulumi"));
    symlinkSync(root, path.join(modules, "pulumi-bucket-encryption"));
    symlinkSync(
        path.join(root, "dist", "cli", "bucket-encryption.js"),
        path.join(modules, ".bin", "bucket-encryption"),
    );
    chmodSync(path.join(root, "dist", "cli", "bucket-encryption.js"), 0o755);
    writeFileSync(
        path.join(project, "package.json"),
        JSON.stringify({ name: "project", version: "1.0.0", private: true }),
    );
}

/** What a repository would have: the package in node_modules, the comment's script, policies, and a pulumi on the PATH. */
export function layOut({ folder: project }: Pick<BucketStack, "folder">): void {
    installPackage(project);
    writeFileSync(path.join(project, "policies.json"), JSON.stringify({ "keep-rule-on-delete": "disabled" }));
    for (const place of [".github", ".gitlab"]) {
        mkdirSync(path.join(project, place));
        copyFileSync(commentFile, path.join(project, place, "comment.mjs"));
    }
    mkdirSync(path.join(project, "bin"));
    // With TEST_ENGINE=pulumi the pipelines run with the pulumi on the PATH.
    if (process.env.TEST_ENGINE === "pulumi") return;
    const pulumi = path.join(project, "bin", "pulumi");
    const embedded = path.join(root, "dist", "cli", "pulumi-embedded.js");
    writeFileSync(pulumi, `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(embedded)} "$@"\n`, {
        mode: 0o755,
    });
}
