import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { UserError } from "../../../lib/errors";
import { cacheFolder } from "../../../lib/rollout/temporal/cache-folder";

describe("the cache folder of workers on Temporal", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "cache-folder-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("is below XDG_CACHE_HOME, for this user alone", () => {
        const found = cacheFolder({ XDG_CACHE_HOME: folder, HOME: "/nowhere" });
        expect(found).to.equal(path.join(folder, "pulumi-bucket-encryption"));
        if (process.platform !== "win32") expect(statSync(found).mode & 0o777).to.equal(0o700);
    });

    for (const given of [undefined, "", "cache"])
        it(`is below HOME where XDG_CACHE_HOME is ${given === undefined ? "not set" : `"${given}"`}`, () => {
            const environment = { HOME: folder, ...(given !== undefined && { XDG_CACHE_HOME: given }) };
            expect(cacheFolder(environment)).to.equal(path.join(folder, ".cache", "pulumi-bucket-encryption"));
        });

    it("rejects a folder that cannot be made", () => {
        const file = path.join(folder, "file");
        writeFileSync(file, "");
        expect(() => cacheFolder({ XDG_CACHE_HOME: file }))
            .to.throw(UserError, "The cache folder cannot be used (ENOTDIR)")
            .with.property("kind", "cache-folder-not-usable");
    });
});
