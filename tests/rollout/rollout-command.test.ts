import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
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

    it("deploys wave by wave, stops at a failure, continues with `resume`, writes each rule once, and shows no secret", async () => {
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
        expect(stopped.stdout).to.include("stopped: wave rest: 1 stack failed (account-2); 0 may fail");
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
        texts.push(stopped.stdout, stopped.stderr);
        // Of two at the same time one is refused, or even both.
        const both = await Promise.all([rollout.run("resume", "--yes"), rollout.run("resume", "--yes")]);
        const refused = both.filter(({ status }) => status !== 0);
        expect(refused.length).to.be.greaterThan(0);
        for (const { stderr } of refused) expect(stderr).to.match(/is already being run by|was completed/);
        if (refused.length === 2) texts.push(await rollout.succeed("resume", "--yes"));
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
        for (const confirmation of [["--yes"], []])
            expect((await rollout.run("resume", ...confirmation)).stderr).to.include("was completed");
    });

    it("shows the changes of a stack that could not be previewed as not known, and says that there is no plan", async () => {
        rollout = await TestRollout.create([1]);
        rollout.write({ stacks: [rollout.stack(1)], waves: [{ name: "all", stacks: ["account-1"] }] });
        const early = await rollout.run("run", "--yes");
        expect(early.status).to.equal(1);
        expect(early.stderr).to.equal(
            `error: There is no plan (file ${path.join(rollout.folder, ".rollout", "rollout.yaml", "plan.json")}). Make a new plan with \`bucket-encryption rollout plan\`, and check it before you run it.\n`,
        );
        const planned = await rollout.run("plan");
        expect(planned.status, planned.stderr).to.equal(1);
        expect(planned.stdout).to.match(
            /account-1 .* not known +not known +not known +no stack named 'account-1' found/,
        );
        expect(await rollout.succeed("report", "--format", "markdown")).to.match(
            /\| `account-1` \| .* \| could not be planned \| not known \| not known \|/,
        );
    });

    it("plans nothing if the plan cannot be written", async () => {
        rollout = await TestRollout.create([1]);
        rollout.write({ stacks: [rollout.stack(1)], waves: [{ name: "all", stacks: ["account-1"] }] });
        writeFileSync(path.join(rollout.folder, ".rollout"), "");
        for (const output of [[], ["--output", "."]]) {
            const { status, stderr } = await rollout.run("plan", ...output);
            expect(status).to.equal(1);
            expect(stderr).to.match(/^error: The file cannot be written \(E(NOTDIR|ISDIR)\)/);
        }
        expect(rollout.cloud.journal.entries()).to.deep.equal([]);
    });

    it("reports the result of each stack when several fail, and continues with the others", async () => {
        rollout = await TestRollout.create([1, 1, 1, 1, 1, 1, 1]);
        const role = { roleArn: `acs:ram::${rollout.accounts[5]?.id}:role/trusting-nobody` };
        rollout.write({
            stacks: [
                ...[1, 2, 3, 4, 5].map((number) => rollout.stack(number)),
                rollout.stack(6, { configuration: { "bucket-encryption:account": role } }),
                rollout.stack(7, { configuration: { "bucket-encryption:profile": "account-1" } }),
            ],
            waves: [
                {
                    name: "all",
                    stacks: [1, 2, 3, 4, 5, 6, 7].map((number) => `account-${number}`),
                    maxConcurrent: 2,
                    failureTolerance: "100%",
                },
            ],
        });
        const planned = await rollout.run("plan", "--create-stacks");
        expect(planned.status, planned.stderr).to.equal(1);
        rollout.cloud.deleteBucket("account-2-bucket-1");
        const locks = path.join(rollout.state, ".pulumi", "locks", "organization", "test-rollout", "account-3");
        mkdirSync(locks, { recursive: true });
        const holder = {
            pid: 4711,
            username: "somebody",
            hostname: `not-${hostname()}`,
            timestamp: new Date().toISOString(),
        };
        writeFileSync(path.join(locks, "lock.json"), JSON.stringify(holder));
        rollout.useToken(4, new Date(Date.now() - 60_000));
        rollout.cloud.faults.add({ kind: "throttle", bucket: "account-5-bucket-1" });

        const { status, stderr } = await rollout.run("run", "--yes");
        expect(status, stderr).to.equal(1);
        const report = await rollout.report();
        expect(report.state).to.equal("stopped");
        expect(report.reason).to.equal("wave all: 1 stack is held by a lock (account-3)");
        const [fine, gone, locked, rejected, throttled, distrusted, foreign] = report.waves[0]?.stacks ?? [];
        expect(fine).to.include({ state: "deployed" });
        expect(gone).to.include({ state: "failed" });
        expect(gone?.reason).to.include("NoSuchBucket");
        expect(locked).to.include({ state: "held" });
        expect(locked?.reason).to.match(/^the stack is locked: .*somebody@not-/s);
        expect(rejected?.reason).to.match(/expired/i);
        expect(throttled?.reason).to.match(/limit|throttl/i);
        expect(planned.stdout).to.match(
            /account-6 .* 1 create +not known +none +the account of the credentials could not be determined: /,
        );
        expect(distrusted?.reason).to.include("could not be planned").and.to.include(role.roleArn);
        const [{ id: given = "" } = {}, { id: wanted = "" } = {}] = [rollout.accounts[0], rollout.accounts[6]];
        expect(foreign?.reason)
            .to.match(/could not be planned/)
            .and.to.include(given)
            .and.to.include(wanted);
        for (const stack of [gone, locked, rejected, throttled, distrusted])
            expect(stack?.buckets[0]?.status, stack?.name).to.be.oneOf(["not-known", "different"]);
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });
    });

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
                validateResource: ({ props }, report) => { if (props.sseAlgorithm === "SM4") report("SM4 is not wanted here"); },
            }] });`,
        );
        rollout.write({
            policyPacks: ["pack"],
            stacks: [rollout.stack(1), rollout.stack(2, {}, "SM4")],
            waves: [{ name: "all", stacks: ["account-1", "account-2"], failureTolerance: 1 }],
        });
        const link = path.join(rollout.folder, "plan.json");
        symlinkSync(path.join(".rollout", "rollout.yaml", "plan.json"), link);
        const planned = await rollout.run("plan", "--create-stacks", "--output", "plan.json");
        expect(planned.status).to.equal(1);
        expect(lstatSync(link).isSymbolicLink()).to.equal(true);
        expect(planned.stdout)
            .to.match(/account-2 .* not known +no-sm4 \(mandatory\)/)
            .and.to.match(/\(mandatory\) +no-sm4: Not SM4. SM4 is not wanted here/);

        const { waves } = JSON.parse(
            await rollout.succeed("plan", "--matrix", "json", "--from", ".rollout/rollout.yaml/plan.json"),
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
        expect(refused).to.include({ status: 64 });
        expect(refused.stderr).to.include("There is no terminal to ask on, and --yes was not given");
    });
});
