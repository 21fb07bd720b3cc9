import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { rulesEqual } from "../../lib/rule";
import { accessKeySecret, passphrase, TestRollout } from "../rollout/test-rollout";
import type { Counts } from "./counts";
import { killProcess, leftProcesses, markedProcesses, markName } from "./marked-processes";
import { MisbehavingProxy, type ProxyFault } from "./misbehaving-proxy";
import { expectReadable } from "./soak-checks";
import { type DeclaredRule, type FamilyName, ownerInAws, type SoakedService, soakedFamilies } from "./soaked-families";
import { newMark } from "./soaked-stack";
import { proxyFault } from "./stack-scenario";
import { testAuthority, trustHere } from "./test-authority";

/** The rules that are drawn. `other` is an algorithm that each kind of store has. */
const rules = ["plain", "other"] as const;
const sizes = [2, 2, 1];

const roll = fc.record({
    /** Of each account's buckets. */
    rules: fc.tuple(fc.constantFrom(...rules), fc.constantFrom(...rules), fc.constantFrom(...rules)),
    /** Whether all stacks are in one wave. */
    isOneWave: fc.boolean(),
    failureTolerance: fc.constantFrom(0, 1),
    isPlannedUnderFaults: fc.boolean(),
    faults: fc.array(proxyFault, { maxLength: 3 }),
    /** The command and all that it started are killed at this request, or the command alone. */
    kill: fc.option(
        fc.record({
            who: fc.constantFrom("command" as const, "all" as const),
            request: fc.integer({ min: 1, max: 16 }),
            when: fc.constantFrom("before" as const, "after" as const),
        }),
        { nil: undefined, freq: 2 },
    ),
    /** A bucket of the second account whose rule is removed outside before the run. */
    drifts: fc.boolean(),
});
type Roll = typeof roll extends fc.Arbitrary<infer Drawn> ? Drawn : never;

export interface RolloutScenario {
    readonly rolls: readonly Roll[];
    /** Of S3, all stacks are in one account. */
    readonly store?: FamilyName;
    /** Whether clients reach the services by TLS. */
    readonly hasTls?: boolean;
}

export const rolloutScenario: fc.Arbitrary<RolloutScenario> = fc.record({
    rolls: fc.array(roll, { minLength: 1, maxLength: 3 }),
    store: fc.constantFrom("oss", "aws", "compatible"),
    hasTls: fc.boolean(),
});

/** Plays rollouts over three stacks, one after the other. @throws what did not hold, with what was done before */
export async function playRollouts(
    { rolls, store = "oss", hasTls = false }: RolloutScenario,
    counts: Counts,
): Promise<void> {
    const rollout = await TestRollout.create(sizes);
    const family = soakedFamilies[store];
    const buckets = rollout.accounts.flatMap((account) => account.buckets);
    const service =
        store === "oss"
            ? rollout.cloud
            : await family.start({ account: "plain", buckets, now: Date.now, data: undefined });
    const authority = hasTls ? testAuthority() : undefined;
    if (authority !== undefined) trustHere(authority);
    const proxy = await MisbehavingProxy.start(() => service.url, authority);
    counts.add("rollouts", `${store}${authority === undefined ? "" : " by TLS"}`);
    const mark = newMark();
    rollout.environment = {
        ...rollout.environment,
        [markName]: mark,
        OSS_ENDPOINT: proxy.url,
        ALIBABA_CLOUD_STS_ENDPOINT: proxy.url,
        ALIBABA_CLOUD_KMS_ENDPOINT: proxy.url,
        ...(store !== "oss" && family.variables(proxy.url)),
        ...(authority && { NODE_EXTRA_CA_CERTS: authority.file }),
    };
    // For the operations in this process.
    process.env.SOAKED_AWS = rollout.environment.SOAKED_AWS ?? "";
    const log: string[] = [JSON.stringify({ store, hasTls })];
    try {
        for (const one of rolls) {
            log.push(JSON.stringify(one));
            counts.add("steps", "rollout");
            await playRoll(one, { rollout, store, service, proxy, mark, log, counts });
        }
    } catch (error) {
        (error as Error).message += `\nafter:\n${log.join("\n")}`;
        throw error;
    } finally {
        for (const [kind, count] of Object.entries(proxy.met)) counts.add("faults of the network", kind, count);
        for (const left of markedProcesses(mark)) killProcess(left);
        await proxy.stop();
        if (service !== rollout.cloud) await service.stop();
        await rollout.dispose();
    }
}

interface Surroundings {
    readonly rollout: TestRollout;
    readonly store: FamilyName;
    /** What has the buckets. */
    readonly service: SoakedService;
    readonly proxy: MisbehavingProxy;
    readonly mark: string;
    readonly log: string[];
    readonly counts: Counts;
}

async function playRoll(one: Roll, surroundings: Surroundings): Promise<void> {
    const { rollout, store, service, proxy, log } = surroundings;
    const family = soakedFamilies[store];
    const names = rollout.accounts.map(({ profile }) => profile);
    const ruleOf = (index: number): DeclaredRule => family.rules[one.rules[index] ?? "plain"];
    rollout.write({
        stacks: rollout.accounts.map((account, index) => {
            const { sseAlgorithm } = ruleOf(index);
            if (store === "oss") return rollout.stack(index + 1, {}, sseAlgorithm);
            const rule = { ...family.place(proxy.url), sseAlgorithm, account: family.accounts.guarded };
            const configuration = {
                "test-rollout:rules": Object.fromEntries(account.buckets.map((name) => [name, rule])),
            };
            return { name: account.profile, account: ownerInAws, configuration };
        }),
        waves: one.isOneWave
            ? [{ name: "all", stacks: names, maxConcurrent: 3, failureTolerance: one.failureTolerance }]
            : [
                  { name: "first", stacks: names.slice(0, 1), failureTolerance: one.failureTolerance },
                  { name: "second", stacks: names.slice(1), maxConcurrent: 2 },
              ],
    });
    const buckets = rollout.accounts.flatMap(({ buckets: own }, index) =>
        own.map((name) => ({ name, declared: family.written(ruleOf(index), service.bucketRule(name)) })),
    );
    const before = new Map(buckets.map(({ name }) => [name, service.bucketRule(name)]));
    if (one.isPlannedUnderFaults) {
        addFaults(proxy, one.faults);
        await command(surroundings, undefined, "plan", "--create-stacks");
        proxy.heal();
    }
    const planned = await command(surroundings, undefined, "plan", "--create-stacks");
    expect(planned.status, `a plan without faults: ${planned.output}`).to.equal(0);
    expect(
        buckets.map(({ name }) => service.bucketRule(name)),
        "rules after a plan",
    ).to.deep.equal([...before.values()]);
    service.journal.clear();
    proxy.unanswered = undefined;
    if (one.drifts) family.setRule(service, "account-2-bucket-1", undefined);
    const drifted = service.bucketRule("account-2-bucket-1");
    addFaults(proxy, one.faults);
    const { status, output } = await command(surroundings, one.kill, "run", "--yes");
    for (const { name, declared } of buckets) {
        if (proxy.misled.has(name)) continue;
        const live = service.bucketRule(name);
        const known = [declared, before.get(name), ...(one.drifts ? [drifted] : [])];
        expect(
            known.some((rule) => rulesEqual(live, rule)),
            `${name} after a run that ended with ${status}: ${JSON.stringify(live)}`,
        ).to.equal(true);
    }
    proxy.heal();
    if (status !== 0) {
        surroundings.counts.add("recoveries", "rollout");
        await recovered(surroundings, output);
    }
    // What a wrong answer has hidden from the rollout is seen by another that reads each rule.
    if (proxy.misled.size > 0 || one.drifts) {
        proxy.misled.clear();
        await repeated(surroundings);
    }
    for (const { name, declared } of buckets) {
        expect(
            rulesEqual(service.bucketRule(name), declared),
            `${name} at the end: ${JSON.stringify(service.bucketRule(name))}`,
        ).to.equal(true);
    }
    const report = await rollout.report();
    expect(report.state, "the last rollout").to.equal("completed");
    expect(
        report.totals.buckets["not-known"] + report.totals.buckets.different,
        "buckets that the report does not know",
    ).to.equal(0);
    if (one.faults.length === 0 && !one.drifts) {
        for (const { name } of buckets) {
            const writes = service.journal.count({ operation: "PutBucketEncryption", bucket: name, status: 200 });
            // A provider that outlives a killed command sends a request without an answer again.
            expect(writes, `writes to ${name}`).to.be.at.most(name === proxy.unanswered ? 2 : 1);
        }
    }
    expect(proxy.foreignRequests, "requests that followed a redirection").to.equal(0);
    expect(rollout.touchedAccounts()).to.satisfy((ids: string[]) =>
        ids.every((id) => rollout.accounts.some((account) => account.id === id)),
    );
    for (const file of rollout.files()) {
        if (file.endsWith("config.json") && file.includes(".aliyun")) continue;
        const text = readFileSync(file, "latin1");
        for (const secret of [accessKeySecret, passphrase])
            expect(text.includes(secret), `${file} has ${secret}`).to.equal(false);
    }
    log.push("held");
}

/** Goes on until the rollout has completed without a failure. A stopped one is planned anew where its plan no longer fits. */
async function recovered(surroundings: Surroundings, first: string): Promise<void> {
    const { status, output } = await command(surroundings, undefined, "resume", "--yes");
    if (status === 0) return;
    // The buckets are no longer as they were when the plan was made, or its run never began.
    expect(`${first}\n${output}`, "why a rollout could not go on without faults").to.match(
        /differs from the plan|[Pp]lan it again|not (been )?begun|has not begun|no rollout|completed|new plan/,
    );
    await command(surroundings, undefined, "abort", "--reason", "it cannot go on");
    await repeated(surroundings);
}

async function repeated(surroundings: Surroundings): Promise<void> {
    const planned = await command(surroundings, undefined, "plan");
    expect(planned.status, `a plan without faults: ${planned.output}`).to.equal(0);
    const { status, output } = await command(surroundings, undefined, "run", "--yes");
    expect(status, `a rollout without faults: ${output}`).to.equal(0);
}

function addFaults(proxy: MisbehavingProxy, faults: readonly ProxyFault[]): void {
    for (const fault of faults) proxy.add(fault);
}

/** Runs a command, in this process unless it is to be killed. */
async function command(
    { rollout, proxy, mark, log, counts }: Surroundings,
    kill: Roll["kill"],
    verb: string,
    ...args: string[]
): Promise<{ readonly status: number | null; readonly output: string }> {
    let ended: Promise<{ readonly status: number | null; readonly output: string }>;
    if (kill === undefined) {
        ended = rollout.run(verb, ...args);
    } else {
        const running = rollout.start(verb, "rollout.yaml", ...args);
        const happens = (): void => {
            counts.add("kills", `rollout, ${kill.who}`);
            running.child.kill("SIGKILL");
            if (kill.who === "all") for (const one of markedProcesses(mark)) killProcess(one);
        };
        proxy.arm({ ...kill, happens });
        ended = running.ended;
    }
    const result = await ended;
    proxy.arm(undefined);
    const left = await leftProcesses(mark, 15_000);
    left.forEach(killProcess);
    expect(
        left.map(({ command: line }) => line),
        "processes that a rollout left",
    ).to.deep.equal([]);
    await proxy.idle();
    const name = `rollout ${verb} ${result.status === 0 ? "succeeded" : result.status === null ? "killed" : "failed"}`;
    counts.add("operations", name);
    log.push(name);
    expectReadable(result.output, [accessKeySecret, passphrase]);
    return result;
}
