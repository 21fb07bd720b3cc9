import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { finished } from "../finished";

const root = path.join(__dirname, "..", "..");

/** The README's first command, as `npm start` runs it, with this folder before all others on the PATH. */
async function walkthrough(pathFolder: string): Promise<{ status: number | null; output: string; left: string[] }> {
    const marker = randomUUID();
    const environment = {
        ...process.env,
        WALKTHROUGH: marker,
        PATH: `${pathFolder}${path.delimiter}${process.env.PATH}`,
    };
    const child = spawn("npm", ["start", "--silent"], {
        cwd: root,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
    });
    const { status, output } = await finished(child);
    return { status, output, left: processesWith(marker) };
}

/** The processes in whose environment a text stands; none where the system does not tell. */
function processesWith(text: string): string[] {
    const environmentOf = (id: string) => {
        try {
            return readFileSync(`/proc/${id}/environ`, "utf8");
        } catch {
            return "";
        }
    };
    return process.platform === "linux" ? readdirSync("/proc").filter((id) => environmentOf(id).includes(text)) : [];
}

describe("the README's first command", () => {
    let pathFolder: string;
    beforeEach(() => {
        pathFolder = mkdtempSync(path.join(tmpdir(), "main-job-"));
    });
    afterEach(() => rmSync(pathFolder, { recursive: true }));

    function putOnPath(script: string): void {
        const file = path.join(pathFolder, "pulumi");
        writeFileSync(file, `#!/bin/sh\n${script}\n`);
        chmodSync(file, 0o755);
    }

    it("deploys, finds drift, corrects it, destroys, names its engine, and leaves nothing behind", async () => {
        putOnPath("exit 1"); // as if there were none, also on a machine that has one
        const { status, output, left } = await walkthrough(pathFolder);
        expect(status, output).to.equal(0);
        expect(output).to.include("Engine: pulumi-embedded");
        for (const rule of ["AES256", "SM4", "KMS with the service's key", "KMS with a given key"])
            expect(output).to.include(rule);
        expect(output).to.include("All as it should be");
        const lines = output.trimEnd().split("\n");
        expect(lines.length).to.be.lessThan(40);
        expect(lines.filter((line) => [...line].length > 80)).to.deep.equal([]);
        expect(lines).to.include(" + └─ pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption  payments create");
        const drift = lines.filter((line) => / (create|update)$/.test(line) && line.includes("quickstart-"));
        expect(drift.map((line) => line.trim().split(/ {2,}/))).to.deep.equal([
            ["quickstart-logs", "AES256", "no rule", "create"],
            ["quickstart-payments", "KMS with a given key", "AES256", "update"],
        ]);
        expect(output.match(/second owner/g)).to.have.length(1);
        expect(left).to.deep.equal([]);
        expect(readdirSync(root).filter((name) => /^Pulumi\..+\.yaml$/.test(name))).to.deep.equal([]);
    }).timeout(180_000);

    it("takes the pulumi on the PATH, and ends with status 1 and the reason when it fails", async () => {
        putOnPath('if [ "$1" = version ]; then echo v9.9.9; else echo "no such stack backend" >&2; exit 3; fi');
        const { status, output, left } = await walkthrough(pathFolder);
        expect(status).to.equal(1);
        expect(output).to.include("Engine: pulumi v9.9.9");
        expect(output).to.include("Not as it should be");
        expect(output).to.include("no such stack backend");
        expect(output).not.to.match(/^\s+at /m);
        expect(left).to.deep.equal([]);
    }).timeout(60_000);

    it("ends with status 1 when an engine says that it deployed and the rules are not there", async () => {
        putOnPath('case "$1" in version) echo v9.9.9 ;; preview) echo \'{"steps": []}\' ;; esac');
        const { status, output } = await walkthrough(pathFolder);
        expect(status).to.equal(1);
        expect(output).to.include("quickstart-logs should have AES256 after the first deployment, but has no rule");
    }).timeout(60_000);
});
