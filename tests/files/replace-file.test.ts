import {
    chmodSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    readlinkSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { linkTarget, replaceFile } from "../../lib/files";

describe("replacing a file", () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "replace-file-"));
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const file = () => path.join(folder, "state.json");

    it("writes the content and leaves nothing else in the folder", () => {
        replaceFile(file(), "one");
        replaceFile(file(), Buffer.from("two"));
        expect(readFileSync(file(), "utf8")).to.equal("two");
        expect(readdirSync(folder)).to.deep.equal(["state.json"]);
    });

    it("keeps the permissions of the old file, unless others are asked for", () => {
        writeFileSync(file(), "one");
        chmodSync(file(), 0o640);
        replaceFile(file(), "two");
        expect(statSync(file()).mode & 0o777).to.equal(0o640);
        replaceFile(file(), "three", 0o600);
        expect(statSync(file()).mode & 0o777).to.equal(0o600);
    });

    it("writes the file that a chain of links leads to, and keeps the links", () => {
        mkdirSync(path.join(folder, "real"));
        symlinkSync(path.join("real", "state.json"), path.join(folder, "second"));
        symlinkSync("second", path.join(folder, "first"));
        replaceFile(path.join(folder, "first"), "one");
        expect(readFileSync(path.join(folder, "real", "state.json"), "utf8")).to.equal("one");
        expect(readlinkSync(path.join(folder, "first"))).to.equal("second");
        expect(linkTarget(path.join(folder, "first"))).to.equal(path.join(folder, "real", "state.json"));
    });

    it("throws the system's error, keeps the old file and leaves no temporary one", () => {
        mkdirSync(path.join(folder, "state.json"));
        writeFileSync(path.join(folder, "state.json", "kept"), "one");
        expect(() => replaceFile(file(), "two"))
            .to.throw()
            .with.property("code", "EISDIR");
        expect(readdirSync(folder)).to.deep.equal(["state.json"]);
        expect(readFileSync(path.join(folder, "state.json", "kept"), "utf8")).to.equal("one");
    });
});
