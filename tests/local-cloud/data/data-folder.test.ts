import { spawnSync } from "node:child_process";
import {
    appendFileSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    truncateSync,
    writeFileSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import type { Change } from "../../../lib/local-cloud/cloud/change";
import { CloudState } from "../../../lib/local-cloud/cloud/state";
import { defaultAccounts } from "../../../lib/local-cloud/configuration/accounts-document";
import { DataFolder } from "../../../lib/local-cloud/data/data-folder";
import { skipBecause } from "../../skip-because";
import { filesOpenBelow } from "../../soak/marked-processes";
import { sendSigned } from "../http/http-exchange";

describe("data folder", () => {
    let folder: string;
    const log = () => join(folder, "changes.log");

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "local-cloud-data-"));
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    const bucket = (name: string): Change => ({ table: "bucket", key: name, value: { name } });

    async function write(...changes: Change[]): Promise<void> {
        const data = await DataFolder.open(folder);
        changes.forEach(data.record);
        await data.settled();
        await data.close();
    }

    async function saved(): Promise<readonly Change[]> {
        const data = await DataFolder.open(folder);
        await data.close();
        return data.saved;
    }

    async function fault(promise: Promise<unknown>): Promise<string> {
        return promise.then(
            () => "no error",
            ({ message }: Error) => message,
        );
    }

    it("gives back the latest value of each key, with its bytes", async () => {
        const object = {
            table: "object",
            key: '["a","k"]',
            value: { etag: "1" },
            body: Buffer.from([0, 255]),
        } as const;
        await write(bucket("a"), bucket("b"), object, { table: "bucket", key: "b", value: undefined });
        expect(await saved()).to.deep.equal([bucket("a"), object]);
    });

    it("cuts off an unfinished record at any byte, and loses nothing before it", async () => {
        await write(bucket("a"));
        const whole = statSync(log()).size;
        await write(bucket("b"));
        const end = statSync(log()).size;
        for (let size = end - 1; size > whole; size -= 1) {
            truncateSync(log(), size);
            expect(await saved()).to.deep.equal([bucket("a")]);
            expect(statSync(log()).size).to.equal(whole);
            await write(bucket("b"));
        }
        appendFileSync(log(), Buffer.alloc(100));
        expect(await saved()).to.deep.equal([bucket("a"), bucket("b")]);
    });

    it("rejects a log that is damaged before its end, and leaves it as it is", async () => {
        await write(bucket("a"), bucket("b"));
        const bytes = readFileSync(log());
        for (const position of [0, 9, 20]) {
            const damaged = Buffer.from(bytes);
            damaged[position] = (damaged[position] ?? 0) ^ 1;
            writeFileSync(log(), damaged);
            expect(await fault(DataFolder.open(folder))).to.match(/damaged \(changes\.log, at byte 0\)/);
            expect(readFileSync(log()).equals(damaged)).to.equal(true);
        }
        expect(readdirSync(folder)).to.deep.equal(["changes.log"]);
        expect(filesOpenBelow(folder)).to.deep.equal([]);
        writeFileSync(log(), bytes);
        const data = await DataFolder.open(folder);
        expect(filesOpenBelow(folder)).to.have.members(process.platform === "linux" ? [log()] : []);
        await data.close();
    });

    it("rejects changes that another version wrote, and leaves no file open", async () => {
        await write({ table: "shelf" as "bucket", key: "1", value: {} });
        expect(await fault(LocalCloud.start({ data: folder }))).to.equal(
            `The data folder ${folder} has 1 fault:\n  what it holds cannot be restored, since another version wrote it`,
        );
        expect(readdirSync(folder)).to.deep.equal(["changes.log"]);
        expect(filesOpenBelow(folder)).to.deep.equal([]);
    });

    it("rejects a second process, and accepts one after the first has died", async () => {
        const data = await DataFolder.open(folder);
        expect(await fault(DataFolder.open(folder))).to.contain(`another process uses it (process id ${process.pid})`);
        await data.close();
        writeFileSync(join(folder, "lock-7"), JSON.stringify({ pid: 2 ** 22 + 1, started: null }));
        expect(await saved()).to.deep.equal([]);
        expect(readdirSync(folder)).to.deep.equal(["changes.log"]);
    });

    it("rejects a path that is not a folder", async () => {
        writeFileSync(join(folder, "file"), "");
        expect(await fault(DataFolder.open(join(folder, "file")))).to.match(/cannot be used \(E(EXIST|NOTDIR)\)/);
    });

    it("rejects a folder that no file system takes, where Node's own way of making folders never ends", function () {
        if (process.platform !== "linux") skipBecause(this, "only Linux has /proc");
        // In a process of its own, which a hanging test would be ended by.
        const index = JSON.stringify(resolve("dist/local-cloud/data/data-folder.js"));
        const script = `require(${index}).DataFolder.open("/proc/no-such/data").catch(({ message }) => console.log(message))`;
        const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", timeout: 20_000 });
        expect(stdout.replace(/\s+/g, " "))
            .to.include("The data folder /proc/no-such/data")
            .and.include("it cannot be used (ENOENT)");
    });

    it("replaces a grown log by the present state, without losing later changes", async () => {
        const data = await DataFolder.open(folder);
        const body = Buffer.alloc(1024 * 1024, "x");
        const current = new Map<string, Change>();
        data.compactFrom(() => current.values());
        for (let round = 0; round < 20; round += 1) {
            const key = `["a","${round % 2}"]`;
            const change: Change = { table: "object", key, value: { round }, body };
            current.set(key, change);
            data.record(change);
            if (round % 3 === 0) {
                await data.settled();
            }
        }
        await data.settled();
        await data.close();
        expect(statSync(log()).size).to.be.below(7 * body.byteLength);
        expect((await saved()).map(({ value }) => value)).to.have.deep.members([{ round: 18 }, { round: 19 }]);
    });

    it("answers 500 and not success once the folder cannot be written", async () => {
        const cloud = await LocalCloud.start({ data: folder });
        const probe = await open(log());
        const handles = Object.getPrototypeOf(probe) as FileHandle;
        await probe.close();
        const { datasync } = handles;
        try {
            handles.datasync = async () => {
                throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
            };
            const put = () => sendSigned(cloud.url, { method: "PUT", bucket: "photos" });
            expect((await put()).code).to.equal("InternalError");
            expect((await sendSigned(cloud.url, {})).code).to.equal("InternalError");
        } finally {
            handles.datasync = datasync;
            await cloud.stop();
        }
    });

    it("keeps the whole state, and creates the buckets and keys of the accounts file only once", async () => {
        const accounts = {
            accounts: [
                {
                    id: "1000000000000001",
                    accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
                    keys: [{ id: "key-1" }],
                    buckets: [{ name: "given" }, { name: "photos" }],
                },
            ],
        };
        const first = await LocalCloud.start({ accounts, data: folder });
        const send = (cloud: LocalCloud, spec: Parameters<typeof sendSigned>[1], body?: string) =>
            sendSigned(cloud.url, spec, body);
        await send(first, { method: "DELETE", bucket: "given" });
        await send(first, { method: "PUT", bucket: "photos", key: "a/b" }, "hello");
        const upload = await send(first, { method: "POST", bucket: "photos", key: "big", query: { uploads: "" } });
        const uploadId = upload.elements.get("UploadId") ?? "";
        const part = { bucket: "photos", key: "big", query: { partNumber: "1", uploadId } };
        await send(first, { ...part, method: "PUT" }, "part");
        first.setBucketRule("photos", { sseAlgorithm: "SM4" });
        const token = first.issueTemporaryCredentials({ expiresAt: new Date(Date.now() + 3_600_000) });
        await first.stop();

        const second = await LocalCloud.start({ accounts, data: folder });
        try {
            expect(second.bucketNames()).to.deep.equal(["photos"]);
            expect(second.bucketRule("photos")).to.deep.equal({ sseAlgorithm: "SM4" });
            expect((await send(second, { bucket: "photos", key: "a/b" })).text).to.equal("hello");
            const parts = await send(second, { bucket: "photos", key: "big", query: { uploadId } });
            expect(parts.elements.get("Part/Size")).to.equal("4");
            const { accessKeyId, accessKeySecret: secret, securityToken } = token;
            const headers = { "x-oss-security-token": securityToken };
            expect((await send(second, { accessKeyId, secret, headers })).status).to.equal(200);
        } finally {
            await second.stop();
        }
    });

    it("keeps versions in their order", async () => {
        const at = { bucket: "own", key: "a" };
        const enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        let cloud = await LocalCloud.start({ data: folder });
        try {
            cloud.createBucket({ name: "own" });
            await sendSigned(cloud.url, { method: "PUT", bucket: "own", query: { versioning: "" } }, enabled);
            for (const body of ["one", "two"]) {
                await sendSigned(cloud.url, { ...at, method: "PUT" }, body);
            }
            await sendSigned(cloud.url, { ...at, method: "DELETE" });
            const listed = async () => (await sendSigned(cloud.url, { bucket: "own", query: { versions: "" } })).text;
            const before = await listed();
            await cloud.stop();
            cloud = await LocalCloud.start({ data: folder });
            expect(await listed()).to.equal(before);
            expect(before.match(/<IsLatest>true/g)).to.have.lengthOf(1);
        } finally {
            await cloud.stop();
        }
    });

    it("reads objects from before there were versions as the version null", () => {
        const saved: Change[] = [
            { table: "bucket", key: "own", value: { name: "own", accountId: "1", creationDate: 0 } },
            {
                table: "object",
                key: '["own","a"]',
                value: { etag: '"1"', type: "Normal", lastModified: 0, headers: [] },
                body: Buffer.from("123456789"),
            },
        ];
        const state = new CloudState(defaultAccounts, 0, { saved, record: () => {} });
        const [version] = state.buckets.get("own")?.objects.get("a") ?? [];
        expect(version).to.include({
            versionId: "null",
            crc64: "11051210869376104954",
            acl: "default",
            storageClass: "Standard",
        });
    });
});
