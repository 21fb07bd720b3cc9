import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { sendSigned } from "../http/http-exchange";

const rootFolder = resolve(__dirname, "../../..");
const rounds = Number(process.env.LOCAL_CLOUD_KILLS ?? 6);

/** A cloud in a process of its own, that can be killed. */
const programFile = `
    const { LocalCloud } = require("./lib/local-cloud");
    LocalCloud.start({ data: process.argv[1] }).then((cloud) => console.log(cloud.url));
`;

describe("a cloud that is killed with kill -9", function () {
    this.timeout(120_000);
    let folder: string;

    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "local-cloud-kill-"));
    });

    afterEach(() => rm(folder, { recursive: true }));

    async function start(): Promise<{ child: ChildProcess; url: string }> {
        const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", programFile, folder], {
            cwd: rootFolder,
            stdio: ["ignore", "pipe", "inherit"],
        });
        const [line] = await once(child.stdout ?? child, "data");
        return { child, url: String(line).trim() };
    }

    /** Writes without end, and notes what was acknowledged. */
    async function write(url: string, worker: number, acknowledged: Map<string, string>): Promise<void> {
        for (let round = 0; ; round += 1) {
            const key = `${worker}/${round % 5}`;
            const body = `${round} `.repeat(1 + ((worker * 7919 + round * 104_729) % 20_000));
            // From here on either of both may be there.
            acknowledged.delete(key);
            const { status } = await sendSigned(url, { method: "PUT", bucket: "photos", key }, body);
            expect(status).to.equal(200);
            acknowledged.set(key, body);
        }
    }

    it("has everything that it acknowledged when it starts again, whenever it was killed", async () => {
        const acknowledged = new Map<string, string>();
        for (let round = 0; round < rounds; round += 1) {
            const { child, url } = await start();
            if (round === 0) {
                await sendSigned(url, { method: "PUT", bucket: "photos" });
            }
            for (const [key, body] of acknowledged) {
                expect((await sendSigned(url, { bucket: "photos", key })).text === body, key).to.equal(true);
            }
            const workers = [0, 1, 2, 3].map((worker) => write(url, worker, acknowledged).catch(() => {}));
            await new Promise((done) => setTimeout(done, 20 + Math.random() * 400));
            child.kill("SIGKILL");
            await Promise.all([once(child, "close"), ...workers]);
        }
        expect(acknowledged.size).to.be.greaterThan(0);
        const cloud = await LocalCloud.start({ data: folder });
        try {
            for (const [key, body] of acknowledged) {
                expect((await sendSigned(cloud.url, { bucket: "photos", key })).text === body, key).to.equal(true);
            }
        } finally {
            await cloud.stop();
        }
    });
});
