import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { type Extent, limitMs, roundsOf } from "../../extent";
import { randomFor } from "../../seed";
import { sendSigned } from "../http/http-exchange";

const rootFolder = resolve(__dirname, "../../..");

/** A cloud in a process of its own, that can be killed. */
const program = `
    const { LocalCloud } = require("./lib/local-cloud");
    LocalCloud.start({ data: process.argv[1] }).then((cloud) => console.log(cloud.url));
`;

/** @param extent how often it is killed */
export function killedCloud(extent: Extent): void {
    describe("a cloud that is killed with kill -9", function () {
        this.timeout(limitMs(extent, 10));
        let folder: string;

        beforeEach(async () => {
            folder = await mkdtemp(join(tmpdir(), "local-cloud-kill-"));
        });

        afterEach(() => rm(folder, { recursive: true }));

        async function start(): Promise<{ child: ChildProcess; url: string }> {
            const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", program, folder], {
                cwd: rootFolder,
                stdio: ["ignore", "pipe", "inherit"],
            });
            const [line] = await once(child.stdout ?? child, "data");
            return { child, url: String(line).trim() };
        }

        /** Writes without end, and records the acknowledged writes. */
        async function write(
            url: string,
            worker: number,
            acknowledged: Map<string, string>,
            onAcknowledged: () => void,
        ): Promise<void> {
            for (let round = 0; ; round += 1) {
                const key = `${worker}/${round % 5}`;
                const body = `${round} `.repeat(1 + ((worker * 7919 + round * 104_729) % 20_000));
                // From here on either of both may be there.
                acknowledged.delete(key);
                const { status } = await sendSigned(url, { method: "PUT", bucket: "photos", key }, body);
                expect(status).to.equal(200);
                acknowledged.set(key, body);
                onAcknowledged();
            }
        }

        it("keeps every acknowledged change, whenever it is killed", async () => {
            const acknowledged = new Map<string, string>();
            const random = randomFor("moments of kill -9");
            for (const round of roundsOf(extent)) {
                const { child, url } = await start();
                if (round === 0) {
                    await sendSigned(url, { method: "PUT", bucket: "photos" });
                }
                for (const [key, body] of acknowledged) {
                    expect((await sendSigned(url, { bucket: "photos", key })).text === body, key).to.equal(true);
                }
                // Waits for this number of acknowledged writes, then for a moment in which the next ones are under way.
                let left = 4 + Math.floor(random() * 60);
                let workers: Promise<void>[] = [];
                await new Promise<void>((reached) => {
                    const onAcknowledged = () => {
                        left -= 1;
                        if (left === 0) reached();
                    };
                    workers = [0, 1, 2, 3].map((worker) =>
                        write(url, worker, acknowledged, onAcknowledged).catch(() => {}),
                    );
                });
                await new Promise((done) => setTimeout(done, random() * 5));
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
}
