import { execFileSync } from "node:child_process";
import {
    chmodSync,
    existsSync,
    linkSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { expectWritable, writeOutput } from "../../lib/cli/output-file";
import { UserError } from "../../lib/errors";
import { skipBecause } from "../skip-because";
import { TinyDisk } from "../tiny-disk";

describe("the output of a command", () => {
    let folder: string;
    const file = (name: string) => path.join(folder, name);
    const modeOf = (name: string) => statSync(file(name)).mode & 0o777;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "output-file-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** @returns the command's output */
    function write(name: string, text: string, options = {}): { stdout: string; stderr: string } {
        const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
        writeOutput({ ...streams, cwd: folder }, name, text, "the report of 2 stacks", options);
        const textOf = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? "";
        return { stdout: textOf(streams.stdout), stderr: textOf(streams.stderr) };
    }

    it("is a file in the command's folder, and is reported", () => {
        expect(write("new/report.json", "{}\n")).to.deep.equal({
            stdout: "",
            stderr: "Wrote the report of 2 stacks to new/report.json.\n",
        });
        expect(readFileSync(file("new/report.json"), "utf8")).to.equal("{}\n");
        expect(readdirSync(file("new"))).to.deep.equal(["report.json"]);
    });

    it("replaces a file as a whole and keeps its permissions", () => {
        writeFileSync(file("report.json"), "old", { mode: 0o640 });
        linkSync(file("report.json"), file("second-name"));
        write("report.json", "new");
        expect(readFileSync(file("report.json"), "utf8")).to.equal("new");
        expect(modeOf("report.json")).to.equal(0o640);
        expect(readFileSync(file("second-name"), "utf8")).to.equal("old");
    });

    it("is readable by its owner only if it may contain secrets, even if the old file was not", () => {
        writeFileSync(file("state.json"), "old", { mode: 0o644 });
        chmodSync(file("state.json"), 0o644);
        for (const name of ["state.json", "new.json"]) {
            write(name, "secret", { secret: true });
            expect(modeOf(name)).to.equal(0o600);
        }
    });

    it("follows symbolic links, also to a file that does not exist yet", () => {
        mkdirSync(file("target"));
        symlinkSync("target/report.json", file("link"));
        for (const text of ["one", "two"]) {
            write("link", text);
            expect(readFileSync(file("target/report.json"), "utf8")).to.equal(text);
        }
        expect(readdirSync(file("target"))).to.deep.equal(["report.json"]);
    });

    for (const name of ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]) {
        it(`goes to the command's standard output when the file is ${name}`, () => {
            expect(write(name, "text")).to.deep.equal({ stdout: "text", stderr: "" });
        });
    }

    it("is written to a device, which stays one", () => {
        expect(write("/dev/null", "text").stderr).to.equal("");
        expect(statSync("/dev/null").isCharacterDevice()).to.equal(true);
    });

    it("goes through a named pipe", () => {
        execFileSync("mkfifo", [file("pipe")]);
        const script = `cat ${file("pipe")} > ${file("received")} &`;
        execFileSync("bash", ["--norc", "-c", script], { stdio: "ignore" });
        write("pipe", "text");
        execFileSync("bash", ["--norc", "-c", `until [ -s ${file("received")} ]; do sleep 0.02; done`]);
        expect(readFileSync(file("received"), "utf8")).to.equal("text");
        expect(statSync(file("pipe")).isFIFO()).to.equal(true);
    });

    it("rejects a folder, and names it", () => {
        mkdirSync(file("folder"));
        expect(() => write("folder", "text"))
            .to.throw(UserError, /EISDIR.*folder/)
            .with.property("kind", "output-not-written");
    });

    it("keeps the old file and leaves no other when the disk is full", function () {
        const disk = TinyDisk.mount(file("disk"), 1024 * 1024);
        if (typeof disk === "string") return skipBecause(this, disk);
        try {
            write("disk/report.json", "old");
            // Room for a part: the system writes as much as fits before it refuses.
            disk.fill(64 * 1024);
            expect(() => write("disk/report.json", "x".repeat(512 * 1024)))
                .to.throw(UserError, /ENOSPC/)
                .with.property("kind", "output-not-written");
            expect(readFileSync(file("disk/report.json"), "utf8")).to.equal("old");
            expect(existsSync(file("disk/report.json.tmp"))).to.equal(false);
            expect(readdirSync(file("disk")).sort()).to.deep.equal(["ballast", "report.json"]);
        } finally {
            disk.unmount();
        }
    });

    const expectAll = (files: Record<string, string | undefined>): void =>
        expectWritable({ stdout: new PassThrough(), stderr: new PassThrough(), cwd: folder }, files);

    it("is rejected before the command's work where it is a folder or below a file, without a trace", () => {
        mkdirSync(file("folder"));
        writeFileSync(file("plain"), "old");
        symlinkSync("loop", file("loop"));
        for (const [name, code] of [
            ["folder", "EISDIR"],
            ["plain/report.json", "ENOTDIR"],
            ["plain/new/report.json", "ENOTDIR"],
            ["loop", "ELOOP"],
        ] as const)
            expect(() => expectAll({ "--output": name, "--save": undefined }), name)
                .to.throw(UserError, `The file cannot be written (${code})`)
                .with.property("kind", "output-not-written");
        expect(() => expectAll({ "--output": "folder", "--save": "plain/x" })).to.throw(AggregateError);
        expectAll({ "--output": "new/deep/report.json", "--save": "plain" });
        expect(readdirSync(folder).sort()).to.deep.equal(["folder", "loop", "plain"]);
    });

    it("is rejected where two outputs are one file, by any of its names", () => {
        mkdirSync(file("folder"));
        writeFileSync(file("one"), "");
        linkSync(file("one"), file("hard"));
        symlinkSync("one", file("soft"));
        symlinkSync("folder", file("other"));
        for (const [output, save] of [
            ["one", "./one"],
            ["one", "hard"],
            ["soft", "one"],
            ["new", file("new")],
            ["folder/new", "other/new"],
        ] as const)
            expect(() => expectAll({ "--output": output, "--save": save }), save)
                .to.throw(UserError, `--output and --save name the same file, ${save}`)
                .with.property("kind", "invalid-command");
        expectAll({ "--output": "-", "--save": "-" });
        expectAll({ "--output": "/dev/null", "--save": "/dev/null" });
        expectAll({ "--output": "new", "--save": "folder/new" });
    });
});
