import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { brokerVariable } from "../../lib/accounts/sharing/broker-protocol";
import { skipBecause } from "../skip-because";
import { TestRollout } from "./test-rollout";

const hasPulumi = spawnSync("pulumi", ["version"]).status === 0;

/** Passes requests on to STS, and keeps what it issues. */
class ObservedSts {
    /** Each part of each token that was issued. */
    readonly issued: string[] = [];
    readonly #server: Server;

    private constructor(server: Server) {
        this.#server = server;
    }

    static async before(sts: string): Promise<ObservedSts> {
        const server = createServer((incoming, outgoing) => {
            const { method, url, headers } = incoming;
            const onwards = request(new URL(url ?? "/", sts), { method, headers }, async (answer) => {
                let text = "";
                for await (const chunk of answer) text += chunk;
                const { Credentials } = JSON.parse(text) as { Credentials?: Record<string, string> };
                const { Expiration, ...secrets } = Credentials ?? {};
                observed.issued.push(...Object.values(secrets));
                outgoing.writeHead(answer.statusCode ?? 500, { "content-type": "application/json" }).end(text);
            });
            incoming.pipe(onwards);
        });
        const observed = new ObservedSts(server);
        await once(server.listen(0, "127.0.0.1"), "listening");
        return observed;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    close(): void {
        this.#server.close();
        this.#server.closeAllConnections();
    }
}

/** Each command with the engine takes some seconds for each stack. */
describe("the roles of a rollout", function () {
    this.timeout(300_000);
    let rollout: TestRollout;
    let sts: ObservedSts;
    let notes: string;
    beforeEach(async () => {
        notes = mkdtempSync(path.join(tmpdir(), "brokers-"));
        rollout = await TestRollout.create([1, 1]);
        sts = await ObservedSts.before(rollout.cloud.url);
        rollout.environment = { ...rollout.environment, ALIBABA_CLOUD_STS_ENDPOINT: sts.url };
        rollout.useBaseline(path.join(notes, "brokers"));
    });
    afterEach(async () => {
        sts.close();
        await rollout.dispose();
        rmSync(notes, { recursive: true });
    });

    const assumed = () => rollout.cloud.journal.count({ operation: "AssumeRole" });
    const names = ["account-1", "account-2"];
    const write = (stacks = names) =>
        rollout.write({
            stacks: stacks.map((name) => rollout.stackByRole(names.indexOf(name) + 1)),
            waves: [{ name: "all", stacks, maxConcurrent: 2 }],
        });

    const planned = async () => {
        await rollout.plan();
        rollout.cloud.journal.clear();
    };

    for (const engine of ["embedded", "pulumi"]) {
        it(`are assumed once for each command with the engine ${engine}, by programs and providers of all stacks, and leave nothing behind`, async function () {
            if (engine === "pulumi" && !hasPulumi) return skipBecause(this, "there is no pulumi on the PATH");
            rollout.engine = ["--engine", engine];
            rollout.inProcess = engine === "embedded";
            write();
            const texts = [JSON.stringify(await rollout.run("plan", "--create-stacks"))];
            expect(assumed()).to.equal(2);
            rollout.cloud.faults.add({
                kind: "status",
                status: 403,
                code: "AccessDenied",
                operation: "PutBucketEncryption",
                bucket: "account-1-bucket-1",
            });
            // Sessions are shared between processes. In this process, each program and each provider has modules of its own.
            rollout.inProcess = false;
            texts.push(JSON.stringify(await rollout.run("run", "--yes")));
            rollout.inProcess = engine === "embedded";
            const outcomes = await rollout.outcomes();
            expect(outcomes).to.deep.equal({ "account-1": "failed", "account-2": "deployed" });
            expect(assumed()).to.equal(2 + 2);
            rollout.cloud.faults.clear();
            rollout.cloud.journal.clear();
            texts.push(JSON.stringify(await rollout.run("resume", "--yes")));
            expect(assumed()).to.equal(1);
            expect(await rollout.outcomes()).to.deep.equal(Object.fromEntries(names.map((name) => [name, "deployed"])));

            texts.push(await rollout.succeed("report", "--json"), await rollout.succeed("status"));
            for (const file of rollout.files()) texts.push(readFileSync(file, "utf8"));
            const places = [...new Set(readFileSync(path.join(notes, "brokers"), "utf8").trim().split("\n"))];
            expect(places).to.have.length(3);
            const secrets = [...sts.issued, ...places.map((place) => place.split(":")[1] as string)];
            expect(secrets).to.have.length.greaterThan(3 * 4);
            for (const text of texts) {
                for (const secret of secrets) expect(text.includes(secret), text.slice(0, 100)).to.equal(false);
            }
        });
    }

    it("are assumed again once, when a service refuses a token during an operation", async () => {
        write(["account-2"]);
        await planned();
        rollout.cloud.faults.add({
            kind: "status",
            status: 403,
            code: "SecurityTokenExpired",
            operation: "PutBucketEncryption",
            bucket: "account-2-bucket-1",
            count: 1,
        });
        await rollout.succeed("run", "--yes");
        expect(assumed()).to.equal(1 + 1);
    });

    it("are assumed by each process alone when sharing fails, with the same outcome", async () => {
        write(["account-2"]);
        await planned();
        const index = path.join(rollout.folder, "index.js");
        const unreachable = `process.env.${brokerVariable} = "1:" + "0".repeat(64);\n`;
        writeFileSync(index, unreachable + readFileSync(index, "utf8"));
        await rollout.succeed("run", "--yes");
        // The programs of preview and deployment alone, while the providers share on.
        expect(assumed()).to.equal(2 + 1);
        expect(await rollout.outcomes()).to.deep.equal({ "account-2": "deployed" });
    });
});
