import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { makeFolder } from "../../lib/files";
import { skipBecause } from "../skip-because";

describe("a folder that is made", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "make-folder-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("has all the missing ones above it, with the same rights, and may exist already", () => {
        const deep = path.join(folder, "a", "b ä", "c");
        makeFolder(deep, 0o700);
        makeFolder(deep);
        for (const made of [deep, path.dirname(deep)]) expect(statSync(made).mode & 0o777).to.equal(0o700);
        symlinkSync(deep, path.join(folder, "link"));
        makeFolder(path.join(folder, "link", "d"));
        expect(statSync(path.join(deep, "d")).isDirectory()).to.equal(true);
    });

    it("is refused where a file stands in its way, or in the way of one above it", () => {
        const file = path.join(folder, "file");
        writeFileSync(file, "");
        expect(() => makeFolder(file)).to.throw("EEXIST");
        expect(() => makeFolder(path.join(file, "below"))).to.throw("ENOTDIR");
        symlinkSync(path.join(folder, "nowhere"), path.join(folder, "dangling"));
        expect(() => makeFolder(path.join(folder, "dangling"))).to.throw("EEXIST");
    });

    it("is refused by a file system that takes no new folders, where Node's own way never ends", function () {
        if (process.platform !== "linux") skipBecause(this, "only Linux has /proc");
        expect(() => makeFolder("/proc/no-such-folder/below")).to.throw("ENOENT");
    });
});
