import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { HolderLock, heldLocks, isRunning, type LockKind, type ProcessIdentity, thisProcess } from "../../lib/files";

const kind: LockKind<ProcessIdentity> = {
    suffix: ".lock",
    read: (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined),
    isAbandoned: (holder) => !isRunning(holder),
    guard: (_file, write) => write(),
    refuse(held) {
        throw new Error(`held by ${held.map(({ holder }) => holder.pid).join(", ")}`);
    },
};

describe("a lock that names its process", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "locks-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("admits one holder at a time, in a folder that it makes", () => {
        const place = join(folder, "made", "here");
        const lock = HolderLock.acquire(place, thisProcess(), kind);
        expect(() => HolderLock.acquire(place, thisProcess(), kind)).to.throw(`held by ${process.pid}`);
        expect(readdirSync(place)).to.have.lengthOf(1);
        lock.release();
        HolderLock.acquire(place, thisProcess(), kind).release();
        expect(readdirSync(place)).to.deep.equal([]);
    });

    it("is removed when its process is gone, and files of other kinds are left alone", () => {
        const { pid } = spawnSync(process.execPath, ["-e", ""]);
        writeFileSync(join(folder, "old.lock"), JSON.stringify({ pid }));
        writeFileSync(join(folder, "notes.txt"), "kept");
        expect(heldLocks(folder, kind)).to.deep.equal([]);
        expect(readdirSync(folder)).to.deep.equal(["notes.txt"]);
    });

    it("stays for other programs when it is abandoned, and does not lock out the next holder", () => {
        HolderLock.acquire(folder, thisProcess(), kind).leave();
        expect(readdirSync(folder)).to.have.lengthOf(1);
        HolderLock.acquire(folder, thisProcess(), kind).release();
        expect(readdirSync(folder)).to.deep.equal([]);
    });

    it("distinguishes a process from a later one with the same id, if the system reports start times", () => {
        expect(isRunning(thisProcess())).to.equal(true);
        if (existsSync("/proc/self/stat")) expect(isRunning({ pid: process.pid, started: "1" })).to.equal(false);
        expect(isRunning({ pid: 2 ** 22 + 1 })).to.equal(false);
    });
});
