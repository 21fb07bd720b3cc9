import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import manifest from "../../package.json";
import { run } from "./in-process";

const { version } = manifest;
const archives = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"].map(
    (platform) => `pulumi-resource-bucket-encryption-v${version}-${platform}.tar.gz`,
);

describe("bucket-encryption plugin", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "plugin-command-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("packs the plugin for each system, with the digests of archives that are the same every time", async () => {
        const packed = await run(bucketEncryption, ["plugin", "pack", "--output", "plugins"], { cwd: folder });
        expect([packed.status, packed.stderr]).to.deep.equal([0, ""]);
        const files = readdirSync(path.join(folder, "plugins"));
        expect(files.sort()).to.deep.equal(archives);
        const digest = (file: string) =>
            createHash("sha256")
                .update(readFileSync(path.join(folder, "plugins", file)))
                .digest("hex");
        expect(packed.stdout).to.equal(archives.map((file) => `${digest(file)}  plugins/${file}\n`).join(""));
        const again = await run(bucketEncryption, ["plugin", "pack", "--output", "plugins", "--json"], { cwd: folder });
        const report = JSON.parse(again.stdout) as { version: string; archives: { file: string; sha256: string }[] };
        expect(report.version).to.equal(version);
        expect(report.archives.map(({ sha256 }) => sha256)).to.deep.equal(archives.map(digest));
    });

    it("packs archives that other programs unpack: the plugin's own files, with a launcher that can be run", async () => {
        await run(bucketEncryption, ["plugin", "pack", "--output", "."], { cwd: folder });
        mkdirSync(path.join(folder, "unpacked"));
        execFileSync("tar", ["-xzf", path.join(folder, archives[2] as string), "-C", path.join(folder, "unpacked")]);
        const names = readdirSync(path.join(folder, "unpacked"));
        // With PulumiPlugin.yaml an engine would install npm packages for it.
        expect(names.sort()).to.deep.equal([
            "provider.js",
            "pulumi-resource-bucket-encryption",
            "pulumi-resource-bucket-encryption.cmd",
            "s3-library.js",
            "schema.json",
            "start.js",
        ]);
        for (const name of names) {
            const [own, packed] = [
                path.join(__dirname, "..", "..", "plugin", name),
                path.join(folder, "unpacked", name),
            ];
            expect(readFileSync(packed).equals(readFileSync(own)), name).to.equal(true);
        }
        const mode = statSync(path.join(folder, "unpacked", "pulumi-resource-bucket-encryption")).mode & 0o777;
        expect(mode).to.equal(0o755);
    });

    it("installs it with the pulumi command, and passes on its output", async () => {
        const seen = path.join(folder, "seen");
        const pulumi = path.join(folder, "pulumi");
        // The archive is there while the command runs, and gone afterwards.
        writeFileSync(
            pulumi,
            `#!/bin/sh\nfor last; do :; done\necho "$@" > ${seen}\ntar -tzf "$last" >> ${seen}\necho installing\n`,
        );
        chmodSync(pulumi, 0o755);
        const env = { PATH: `${folder}:${process.env.PATH}` };
        const { status, stdout, stderr } = await run(bucketEncryption, ["plugin", "install"], { env, cwd: folder });
        expect([status, stdout]).to.deep.equal([0, "installing\n"]);
        expect(stderr).to.equal(`Installed the plugin bucket-encryption ${version}.\n`);
        const [args = "", ...names] = readFileSync(seen, "utf8").trim().split("\n");
        const [file = ""] = args.split(" ").slice(-1);
        expect(args).to.equal(`plugin install resource bucket-encryption ${version} --file ${file}`);
        expect(names).to.include("provider.js");
        expect(() => statSync(file)).to.throw("ENOENT");
    });

    it("says what to do when there is no pulumi command, or it fails", async () => {
        const cure =
            "Install the pulumi command, or give it the archive that `bucket-encryption plugin pack` writes: `pulumi plugin install resource bucket-encryption VERSION --file ARCHIVE`.";
        const none = await run(bucketEncryption, ["plugin", "install"], { env: { PATH: folder }, cwd: folder });
        expect([none.status, none.stderr]).to.deep.equal([
            1,
            `error: The plugin was not installed: there is no pulumi command on the PATH. ${cure}\n`,
        ]);
        writeFileSync(path.join(folder, "pulumi"), "#!/bin/sh\necho no room >&2\nexit 3\n");
        chmodSync(path.join(folder, "pulumi"), 0o755);
        const failed = await run(bucketEncryption, ["plugin", "install"], {
            env: { PATH: `${folder}:${process.env.PATH}` },
            cwd: folder,
        });
        expect(failed.status).to.equal(1);
        expect(failed.stderr).to.equal(
            `no room\nerror: The plugin was not installed: \`pulumi plugin install resource bucket-encryption ${version}\` ended with 3. ${cure}\n`,
        );
    });

    it("rejects an output folder that cannot be written", async () => {
        writeFileSync(path.join(folder, "file"), "");
        const refused = await run(bucketEncryption, ["plugin", "pack", "--output", "file/below"], { cwd: folder });
        expect([refused.status, refused.stdout]).to.deep.equal([1, ""]);
        expect(refused.stderr).to.match(/^error: .*ENOTDIR/);
    });
});
