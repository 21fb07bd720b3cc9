import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { accessKeySecret, passphrase, TestRollout } from "./test-rollout";

const secretKey = "key-nobody-may-see-12345678";

function filesUnder(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => path.join(folder, name))
        .filter((file) => statSync(file).isFile());
}

/** Each command with the engine takes a second or more for each stack. */
describe("bucket-encryption rollout", function () {
    this.timeout(240_000);
    let rollout: TestRollout;
    afterEach(async () => await rollout.dispose());

    it("deploys wave by wave, stops at a failure, goes on with `resume`, writes each rule once, and shows no secret", async () => {
        rollout = await TestRollout.create([2, 2, 1, 1]);
        const withSecret = rollout.stack(3, {
            configuration: {
                "test-rollout:rules": {
                    "account-3-bucket-1": {
                        sseAlgorithm: "KMS",
                        kmsMasterKeyId: `secret:${secretKey}`,
                        verifyKey: false,
                    },
                },
            },
        });
        rollout.write({
            stacks: [rollout.stack(1), rollout.stack(2), withSecret],
            waves: [
                { name: "canary", stacks: ["account-1"], pause: "person" },
                { name: "rest", stacks: ["account-2", "account-3"] },
            ],
        });
        const texts = [await rollout.plan()];
        expect(texts[0]).to.match(/canary +account-1 +1000000000000001 +cn-hangzhou +2 create +added +none/);
        expect(rollout.writes()).to.deep.equal({});

        rollout.cloud.faults.add({
            kind: "status",
            status: 403,
            code: "AccessDenied",
            operation: "PutBucketEncryption",
            bucket: "account-2-bucket-2",
        });
        const stopped = await rollout.run("run", "--yes");
        expect(stopped.status, stopped.stderr).to.equal(1);
        expect(stopped.stdout).to.include("stopped: wave rest: 1 stack has failed, and 0 may");
        expect(await rollout.outcomes()).to.deep.equal({
            "account-1": "deployed",
            "account-2": "failed",
            "account-3": "waiting",
        });
        const failed = await rollout.report();
        expect(failed.waves[1]?.stacks[0]?.buckets.map(({ bucket, status }) => [bucket, status])).to.deep.include([
            "account-2-bucket-2",
            "not-known",
        ]);
        expect(failed.waves[1]?.stacks[0]?.reason).to.include("AccessDenied");
        expect((await rollout.run("run", "--yes")).stderr).to.include("rollout resume");

        rollout.cloud.faults.clear();
        texts.push(stopped.stdout, stopped.stderr, await rollout.succeed("resume", "--yes"));
        const report = await rollout.report();
        expect(report.state).to.equal("completed");
        expect(report.totals.buckets).to.deep.equal({ "as-declared": 5, different: 0, "not-known": 0 });
        expect(Object.values(rollout.writes())).to.deep.equal([1, 1, 1, 1, 1]);
        expect(rollout.cloud.bucketRule("account-3-bucket-1")).to.deep.equal({
            sseAlgorithm: "KMS",
            kmsMasterKeyId: secretKey,
        });
        expect(rollout.touchedAccounts()).to.deep.equal(rollout.accounts.slice(0, 3).map(({ id }) => id));

        for (const format of ["html", "markdown", "json", "junit"])
            texts.push(await rollout.succeed("report", "--format", format));
        texts.push(
            await rollout.succeed("status"),
            ...filesUnder(path.join(rollout.folder, ".rollout")).map((file) => readFileSync(file, "utf8")),
        );
        for (const secret of [secretKey, accessKeySecret, passphrase]) {
            for (const text of texts) expect(text).not.to.include(secret);
        }
        expect((await rollout.run("resume", "--yes")).stderr).to.include("was completed");
    });

    it("has in its report what became of each stack when much goes wrong, and goes on with the others", async () => {
        rollout = await TestRollout.create([1, 1, 1, 1, 1]);
        rollout.write({
            stacks: [1, 2, 3, 4, 5].map((number) => rollout.stack(number)),
            waves: [
                {
                    name: "all",
                    tags: { stage: "none" },
                    stacks: [1, 2, 3, 4, 5].map((number) => `account-${number}`),
                    maxConcurrent: 2,
                    failureTolerance: "100%",
                },
            ],
        });
        await rollout.plan();
        rollout.cloud.deleteBucket("account-2-bucket-1");
        const locks = path.join(rollout.folder, ".pulumi", "locks", "organization", "test-rollout", "account-3");
        mkdirSync(locks, { recursive: true });
        const holder = {
            pid: 4711,
            username: "somebody",
            hostname: `not-${hostname()}`,
            timestamp: new Date().toISOString(),
        };
        writeFileSync(path.join(locks, "lock.json"), JSON.stringify(holder));
        const profiles = path.join(rollout.folder, ".aliyun", "config.json");
        const { profiles: all, ...rest } = JSON.parse(readFileSync(profiles, "utf8")) as {
            profiles: { name: string }[];
        };
        const expired = all.map((profile) =>
            profile.name === "account-4" ? { ...profile, access_key_secret: "of-yesterday" } : profile,
        );
        writeFileSync(profiles, JSON.stringify({ ...rest, profiles: expired }));
        rollout.cloud.faults.add({ kind: "throttle", bucket: "account-5-bucket-1" });

        const { status, stderr } = await rollout.run("run", "--yes");
        expect(status, stderr).to.equal(1);
        const report = await rollout.report();
        expect(report.state).to.equal("completed");
        const [fine, gone, locked, rejected, throttled] = report.waves[0]?.stacks ?? [];
        expect(fine).to.include({ state: "deployed" });
        expect(gone).to.include({ state: "failed" });
        expect(gone?.reason).to.include("NoSuchBucket");
        expect(locked).to.include({ state: "failed" });
        expect(locked?.reason).to.match(/^locked by somebody else: .*somebody@not-/s);
        expect(rejected?.reason).to.include("SignatureDoesNotMatch");
        expect(throttled?.reason).to.match(/limit|throttl/i);
        for (const stack of [gone, locked, rejected, throttled])
            expect(stack?.buckets[0]?.status, stack?.name).to.be.oneOf(["not-known", "different"]);
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });
    });

    it("goes on after any number of kills in the middle, deploys everything, and writes no rule twice", async () => {
        const kills = Number(process.env.ROLLOUT_KILLS ?? 3);
        rollout = await TestRollout.create([3, 3, 3]);
        const names = [1, 2, 3].map((number) => `account-${number}`);
        rollout.write({
            stacks: [1, 2, 3].map((number) => rollout.stack(number)),
            waves: [
                { name: "first", stacks: names.slice(0, 2), maxConcurrent: 2 },
                { name: "second", stacks: names.slice(2) },
            ],
        });
        await rollout.plan();
        rollout.cloud.faults.add({ kind: "latency", milliseconds: 40 });
        let verb = "run";
        for (let kill = 0; kill < kills; kill += 1) {
            const { child, ended } = rollout.start(verb, "rollout.yaml", "--yes");
            await Promise.race([afterBegin(rollout, child.pid as number, kill), ended]);
            // Every other time what it started is killed too, as a reboot would.
            if (kill % 2 === 1) for (const id of descendants(child.pid as number)) killed(id);
            child.kill("SIGKILL");
            const { status } = await ended;
            const over = rollout.journal().at(-1)?.kind === "completed";
            expect(status === null || over, "killed, or over before").to.equal(true);
            if (over) break;
            if (rollout.journal().length > 0) verb = "resume";
            expect((await rollout.report()).state).to.be.oneOf(["interrupted", "planned"]);
        }
        if (rollout.journal().at(-1)?.kind !== "completed") await rollout.succeed(verb, "--yes");
        const report = await rollout.report();
        expect(report.state).to.equal("completed");
        expect(report.totals.buckets).to.deep.equal({ "as-declared": 9, different: 0, "not-known": 0 });
        const buckets = rollout.accounts.flatMap((account) => account.buckets).sort();
        expect(Object.keys(rollout.writes()).sort()).to.deep.equal(buckets);
        expect(
            Object.values(rollout.writes()).every((count) => count === 1),
            JSON.stringify(rollout.writes()),
        ).to.equal(true);
        for (const bucket of buckets)
            expect(rollout.cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(rollout.touchedAccounts()).to.deep.equal(rollout.accounts.map(({ id }) => id));
    }).timeout(60_000 + 20_000 * Number(process.env.ROLLOUT_KILLS ?? 3) * 2);

    it("runs one stack as a job, joins the results, and lets a policy pack keep a stack from being planned", async () => {
        rollout = await TestRollout.create([1, 1]);
        const pack = path.join(rollout.folder, "pack");
        mkdirSync(pack);
        writeFileSync(path.join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
        writeFileSync(path.join(pack, "package.json"), '{"name":"pack","version":"1.0.0","main":"index.js"}');
        writeFileSync(
            path.join(pack, "index.js"),
            `const { PolicyPack } = require("@pulumi/policy");
            new PolicyPack("pack", { policies: [{
                name: "no-sm4", description: "Not SM4.", enforcementLevel: "mandatory",
                validateResource: ({ props }, report) => { if (props.sseAlgorithm === "SM4") report("SM4 isn't wanted here"); },
            }] });`,
        );
        rollout.write({
            policyPacks: ["pack"],
            stacks: [rollout.stack(1), rollout.stack(2, {}, "SM4")],
            waves: [{ name: "all", stacks: ["account-1", "account-2"], failureTolerance: 1 }],
        });
        const planned = await rollout.run("plan", "--create-stacks");
        expect(planned.status).to.equal(1);
        expect(planned.stdout)
            .to.match(/account-2 .* not known +no-sm4 \(mandatory\)/)
            .and.to.include("could not be planned: no-sm4: Not SM4. SM4 isn't wanted here");

        const { waves } = JSON.parse(
            await rollout.succeed("plan", "--matrix", "json", "--from", ".rollout/rollout/plan.json"),
        ) as {
            waves: { jobs: { command: string[] }[] }[];
        };
        const statuses: (number | null)[] = [];
        for (const { command } of waves[0]?.jobs ?? [])
            statuses.push((await rollout.start("run", ...command.slice(4), ...[]).ended).status);
        expect(statuses).to.deep.equal([0, 1]);
        const joined = await rollout.succeed(
            "report",
            "rollout-results/account-1.json",
            "rollout-results/account-2.json",
            "--gate",
            "all",
            "--json",
        );
        expect(JSON.parse(joined).totals.stacks).to.include({ deployed: 1, failed: 1 });
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });

        const refused = await rollout.run("run");
        expect(refused).to.include({ status: 1 });
        expect(refused.stderr).to.include("There is no terminal to ask on, and --yes wasn't given");
    });
});

/** Until the rollout is somewhere in the middle: never the same place. */
async function afterBegin(rollout: TestRollout, process_: number, kill: number): Promise<void> {
    const before = rollout.journal().length;
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline && rollout.journal().length <= before + 1 && isThere(process_)) await sleep(20);
    await sleep(Math.random() * (kill % 3 === 2 ? 1500 : 5000));
}

const sleep = async (milliseconds: number): Promise<void> =>
    await new Promise((resolve) => setTimeout(resolve, milliseconds));

function isThere(id: number): boolean {
    try {
        process.kill(id, 0);
        return true;
    } catch {
        return false;
    }
}

function killed(id: number): void {
    try {
        process.kill(id, "SIGKILL");
    } catch {
        // It ended by itself.
    }
}

/** All processes that a process has started, and those that they have; none where the system doesn't tell. */
function descendants(id: number): number[] {
    try {
        const children = readFileSync(`/proc/${id}/task/${id}/children`, "utf8")
            .trim()
            .split(" ")
            .filter(Boolean)
            .map(Number);
        return children.flatMap((child) => [child, ...descendants(child)]);
    } catch {
        return [];
    }
}
