import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { CheckpointFileJson } from "../../lib/engine/state/checkpoint-format";
import { snapshotFault } from "../../lib/engine/state/snapshot-integrity";
import { type ObservedRule, rulesEqual } from "../../lib/rule";
import type { Counts } from "./counts";
import { filesOpenBelow } from "./marked-processes";
import { MisbehavingProxy } from "./misbehaving-proxy";
import { expectReadable } from "./soak-checks";
import { SoakedCloud } from "./soaked-cloud";
import type { DeclaredRule } from "./soaked-families";
import { hasPulumi, SoakedStack, secrets } from "./soaked-stack";
import {
    type Declare,
    type DrawnRule,
    ownBuckets,
    type Run,
    type Setup,
    type StackScenario,
    type Step,
    secretKey,
} from "./stack-scenario";
import { testAuthority, trustHere } from "./test-authority";

interface DeclaredSet {
    readonly name: string;
    readonly classes: string;
    readonly args: {
        readonly buckets: string[];
        readonly overrides: Record<string, DeclaredRule>;
        readonly [name: string]: unknown;
    };
}

/** One stack, its cloud and everything between them, beside what must be true of them. */
export class StackWorld {
    readonly log: string[] = [];
    readonly #declared = new Map<string, Declare & { readonly rule: DrawnRule }>();
    /** Buckets whose rule a state may not know: changed outside, by a killed command, or shown wrongly by the network. */
    readonly #unsure = new Set<string>();
    /** Buckets that some successful or failed run may have put into the state. */
    readonly #touched = new Set<string>();
    readonly #data: string | undefined;
    /** What may be in no text. A secret key is none any more once a bucket keeps it that is not declared with it: a reading shows it. */
    #secrets = [...secrets, secretKey];
    #minutes = 0;
    #isDiskNarrow = false;
    #restart: Promise<void> | undefined;

    private constructor(
        readonly setup: Setup,
        readonly counts: Counts,
        readonly cloud: SoakedCloud,
        readonly proxy: MisbehavingProxy,
        readonly stack: SoakedStack,
        data: string | undefined,
    ) {
        this.#data = data;
    }

    static async create(setup: Setup, counts: Counts): Promise<StackWorld> {
        counts.add("stacks", setup.stores);
        counts.add("accounts", `${setup.hasPlugin ? "with" : "without"} the plugin, account ${setup.account}`);
        const data = setup.isDurable ? mkdtempSync(path.join(tmpdir(), "soaked-cloud-")) : undefined;
        let world: StackWorld | undefined;
        const now = (): number => Date.now() + (world === undefined ? 0 : world.#minutes) * 60_000;
        const cloud = await SoakedCloud.start(setup, now, data);
        const authority = setup.hasTls ? testAuthority() : undefined;
        const proxy = await MisbehavingProxy.start((headers) => cloud.targetOf(headers), authority);
        const variables = cloud.families.map((family) => family.variables(proxy.url));
        if (authority !== undefined) trustHere(authority);
        const trust = authority && { NODE_EXTRA_CA_CERTS: authority.file };
        const stack = new SoakedStack(Object.assign({}, trust, ...variables), setup);
        counts.add("network", authority === undefined ? "without TLS" : "TLS");
        if (setup.hasTls && authority === undefined) counts.add("skipped", "TLS: this machine has no openssl");
        world = new StackWorld(setup, counts, cloud, proxy, stack, data);
        if (setup.hasTinyDisk && stack.disk === undefined)
            counts.add("skipped", "full disk: nothing can be mounted here");
        await stack.succeed("in-process", "stack", "init", "dev");
        return world;
    }

    async take(step: Step): Promise<void> {
        this.log.push(JSON.stringify(step));
        this.counts.add("steps", step.kind);
        switch (step.kind) {
            case "declare":
                if (step.rule === undefined) this.#declared.delete(step.bucket);
                else this.#declared.set(step.bucket, { ...step, rule: step.rule });
                return;
            case "console":
                this.cloud.setRule(step.bucket, step.rule);
                this.#unsure.add(step.bucket);
                return;
            case "network":
                for (const fault of step.faults) this.proxy.add(fault);
                return;
            case "service": {
                const { operation, count } = step;
                const scope = { count, ...(operation && { operation }) };
                const effects = {
                    throttle: { kind: "throttle" },
                    deny: { kind: "status", status: 403, code: "AccessDenied" },
                    "internal-error": { kind: "status", status: 500, code: "InternalError" },
                    "wrong-xml": { kind: "wrong-xml" },
                } as const;
                this.cloud.addFault({ ...effects[step.fault], ...scope });
                this.counts.add("faults of the service", step.fault);
                return;
            }
            case "clock":
                this.#minutes = step.minutes;
                return;
            case "disk":
                this.#isDiskNarrow = step.left !== undefined && this.stack.disk !== undefined;
                if (step.left === undefined) this.stack.disk?.free();
                else this.stack.disk?.fill(step.left);
                return;
            case "run":
                await this.#run(step);
        }
    }

    /** After every sequence of steps: without faults, one deployment with a refresh makes all buckets as declared. */
    async settle(): Promise<void> {
        await this.#heal();
        await this.#expectSuccess("in-process", "up", "--refresh");
        this.cloud.forgetRequests();
        await this.#expectSuccess("in-process", "up");
        // The plugin looks at each rule, so that a plain `up` shows drift.
        const unwanted = this.setup.hasPlugin ? /^(Put|Delete)BucketEncryption$|Object$/ : /(BucketEncryption|Object)$/;
        const requests = this.cloud.requests().filter(({ operation }) => unwanted.test(operation ?? ""));
        expect(requests, "an unchanged deployment makes no request").to.deep.equal([]);
        if (hasPulumi) {
            const { status, output } = await this.stack.run("pulumi", "preview", "--expect-no-changes");
            expectReadable(output, this.#secrets);
            expect(status, `pulumi sees no change:\n${output}`).to.equal(0);
            this.counts.add("operations", "pulumi preview succeeded");
        }
        expect(this.proxy.foreignRequests, "requests that followed a redirection").to.equal(0);
        this.#expectNoSecret();
    }

    async dispose(): Promise<void> {
        for (const [kind, count] of Object.entries(this.proxy.met))
            this.counts.add("faults of the network", kind, count);
        await this.#restart;
        await this.stack.leftProcesses(0);
        await this.proxy.stop();
        await this.cloud.stop();
        this.stack.remove();
        if (this.#data !== undefined) rmSync(this.#data, { recursive: true, force: true });
    }

    async #heal(): Promise<void> {
        await this.#restart;
        this.proxy.heal();
        this.cloud.heal();
        this.stack.disk?.free();
        this.#isDiskNarrow = false;
        this.#minutes = 0;
    }

    /** The engine that a step has drawn, or another where that one cannot run. */
    #engineOf({ engine }: Run): Run["engine"] {
        if (engine !== "pulumi") return engine;
        // What a killed pulumi-embedded has done is in its journal, which only pulumi-embedded reads.
        // On a full disk, pulumi leaves a state that is cut short (seed 7016 at 4,096 bytes).
        const isReady = hasPulumi && !this.#isDiskNarrow && !existsSync(this.stack.journalFile);
        return isReady && this.stack.lockFiles.length === 0 ? "pulumi" : "command";
    }

    async #run(step: Run): Promise<void> {
        const engine = this.#engineOf(step);
        const flags = [
            ...(step.verb === "preview" ? [] : ["--yes", "--skip-preview"]),
            ...(step.verb === "up" && step.refresh ? ["--refresh"] : []),
            ...(step.continueOnError && ["up", "destroy"].includes(step.verb) ? ["--continue-on-error"] : []),
            ...(step.diff && step.verb !== "refresh" ? ["--diff"] : []),
            ...["--parallel", String(step.parallel)],
        ];
        const outcome = await this.#operate(engine, step.verb, flags, step.kill);
        if (outcome === "succeeded" || !step.healsAfterFailure || step.verb !== "up") return;
        await this.#heal();
        // The deletion of a rule that was changed outside is refused, until a refresh has shown it.
        const isRefused = [...this.#unsure].some((bucket) => !this.#declared.has(bucket));
        await this.#expectSuccess("in-process", "up", ...(isRefused ? ["--refresh"] : []));
        this.counts.add("recoveries", outcome);
    }

    async #expectSuccess(engine: Run["engine"], verb: Run["verb"], ...flags: string[]): Promise<void> {
        const outcome = await this.#operate(engine, verb, ["--yes", "--skip-preview", ...flags], undefined);
        expect(outcome, `${verb} ${flags.join(" ")} without faults: ${this.#lastOutput}`).to.equal("succeeded");
    }

    #lastOutput = "";

    async #operate(
        engine: Run["engine"],
        verb: Run["verb"],
        flags: readonly string[],
        kill: Run["kill"],
    ): Promise<"succeeded" | "failed" | "killed"> {
        const before = this.#rules();
        const isRevealed = [...before].some(
            ([bucket, rule]) =>
                rule?.kmsMasterKeyId?.includes(secretKey) &&
                // A killed operation may have written it for a resource that is in no state.
                (this.#unsure.has(bucket) || this.#declared.get(bucket)?.rule !== "secret key"),
        );
        if (isRevealed) this.#secrets = [...secrets];
        this.#declare();
        this.proxy.misled.clear();
        this.cloud.forgetRequests();
        const running = this.stack.begin(engine, verb, ...flags);
        let isKilled = false;
        const happens = (): void | Promise<void> => {
            if (kill?.who === "cloud") return this.#restartCloud();
            isKilled = running.kill(kill?.who ?? "engine");
            this.counts.add(
                "kills",
                isKilled ? (engine === "in-process" ? "^C in this process" : `${kill?.who}`) : "of nothing",
            );
        };
        if (kill !== undefined) this.proxy.arm({ ...kill, happens });
        const { status, output } = await running.ended;
        this.proxy.arm(undefined);
        this.#lastOutput = output;
        await this.#restart;
        await this.#expectNoProcess(engine, isKilled);
        await this.proxy.idle();
        // A lock of the CLI is for its user to remove.
        if (engine === "pulumi" && this.stack.lockFiles.length > 0)
            await this.stack.succeed("in-process", "cancel", "--yes");
        const outcome = status === 0 ? "succeeded" : status === null || isKilled ? "killed" : "failed";
        this.log.push(`${engine} ${verb} ${flags.join(" ")}: ${outcome}`);
        this.counts.add("operations", `${engine} ${verb} ${outcome}`);
        expectReadable(output, this.#secrets);
        for (const bucket of this.proxy.misled) this.#unsure.add(bucket);
        if (outcome === "killed") for (const bucket of ownBuckets) this.#unsure.add(bucket);
        await this.#check(verb, flags, outcome, before);
        return outcome;
    }

    /** Hands the program what is declared now. */
    #declare(): void {
        const resources: unknown[] = [];
        const sets = new Map<string, DeclaredSet>();
        for (const { bucket, rule: drawn, holder, classes: wanted, onDelete, version } of this.#declared.values()) {
            const { name, rules, place, accounts, ofKey } = this.cloud.familyOf(bucket);
            const classes = this.setup.hasPlugin ? wanted : "dynamic";
            const rule = rules[drawn];
            const common = {
                ...place(this.proxy.url),
                account: accounts[this.setup.account],
                existingRule: "overwrite",
                ...(this.setup.provesKeys && { proveKey: true }),
            };
            if (holder === "each") {
                const args = { ...common, bucket, ...rule, ...(rule.kmsMasterKeyId && ofKey), onDelete };
                resources.push({ name: `${bucket}-${version}`, classes, args });
                continue;
            }
            const fleet = `${name}-fleet-of-${classes}`;
            const lists: DeclaredSet["args"] = sets.get(fleet)?.args ?? { buckets: [], overrides: {} };
            lists.buckets.push(bucket);
            if (drawn !== "plain") lists.overrides[bucket] = rule;
            sets.set(fleet, {
                name: fleet,
                classes,
                args: { ...common, ...rules.plain, onDelete: "retain", ...lists },
            });
        }
        this.stack.environment = {
            ...this.stack.environment,
            DECLARED: JSON.stringify({ resources, sets: [...sets.values()] }),
        };
    }

    async #check(
        verb: Run["verb"],
        flags: readonly string[],
        outcome: "succeeded" | "failed" | "killed",
        before: ReadonlyMap<string, ObservedRule | undefined>,
    ): Promise<void> {
        expect(this.cloud.changedOthers(), "buckets that are not the stack's").to.deep.equal([]);
        const isRefreshed = verb === "refresh" || flags.includes("--refresh");
        if (outcome === "succeeded" && isRefreshed) {
            for (const bucket of ownBuckets) if (!this.proxy.misled.has(bucket)) this.#unsure.delete(bucket);
        }
        for (const bucket of ownBuckets) {
            const live = this.cloud.rule(bucket);
            const declared = verb === "destroy" ? undefined : this.#declared.get(bucket);
            const wasKnown = this.#touched.has(bucket);
            const what = `${bucket} after ${verb} ${outcome}: ${JSON.stringify({ before: before.get(bucket), live, declared: declared?.rule })}`;
            if (verb === "preview" || verb === "refresh" || (declared === undefined && !wasKnown)) {
                expect(live, what).to.deep.equal(before.get(bucket));
                continue;
            }
            if (declared !== undefined) this.#touched.add(bucket);
            if (declared === undefined) continue;
            // What a write carries over comes from a reading.
            const read = this.proxy.misled.has(bucket) ? live : before.get(bucket);
            const isDeclared = rulesEqual(live, this.#written(bucket, declared.rule, read));
            if (outcome === "succeeded") {
                if (!this.#unsure.has(bucket)) expect(isDeclared, what).to.equal(true);
            } else if (!this.#unsure.has(bucket) || outcome === "killed") {
                // A rule that a resource of another name or a set held is deleted only after the new one is there.
                expect(isDeclared || rulesEqual(live, before.get(bucket)), what).to.equal(true);
            }
        }
        this.#expectNoProof(outcome);
        await this.#expectReadableState(verb, outcome);
    }

    /** After a success, the object that proved a rule is deleted. */
    #expectNoProof(outcome: string): void {
        const last = new Map<string | undefined, string>();
        for (const { operation = "", bucket, status = 500 } of this.cloud.requests())
            if (status < 300 && /^(Put|Delete)Object$/.test(operation)) last.set(bucket, operation);
        this.counts.add("proofs", outcome, last.size);
        if (outcome !== "succeeded") return;
        const left = [...last].filter(([, operation]) => operation === "PutObject");
        expect(left, "buckets that keep the object of a proof").to.deep.equal([]);
    }

    /** A state that contradicts nothing, and that the engines can show. */
    async #expectReadableState(verb: Run["verb"], outcome: string): Promise<void> {
        const { checkpoint } = JSON.parse(readFileSync(this.stack.stateFile, "utf8")) as CheckpointFileJson;
        if (checkpoint.latest !== undefined) expect(snapshotFault(checkpoint.latest)).to.equal(undefined);
        const exported = JSON.parse(await this.stack.succeed("in-process", "stack", "export")) as {
            deployment?: unknown;
        };
        expect(exported).to.have.property("deployment");
        // A preview locks nothing, and leaves what an operation before it could not write to the next one.
        if (outcome === "succeeded" && verb !== "preview") {
            expect(this.stack.lockFiles, "locks after a success").to.deep.equal([]);
            expect(existsSync(this.stack.journalFile), "a journal after a success").to.equal(false);
        }
    }

    async #expectNoProcess(engine: Run["engine"], isKilled: boolean): Promise<void> {
        if (engine === "in-process") {
            expect(filesOpenBelow(this.stack.folder), "files that an operation left open").to.deep.equal([]);
            return;
        }
        const left = await this.stack.leftProcesses(isKilled ? 15_000 : 5_000);
        // What the real engine leaves when it is killed is its own.
        if (engine === "pulumi" && isKilled) return;
        expect(left, "processes that a command left").to.deep.equal([]);
    }

    #expectNoSecret(): void {
        const texts = [...this.stack.writtenTexts()];
        expect(texts.some(([file, text]) => file.endsWith("dev.json") && text.includes("checkpoint"))).to.equal(true);
        for (const [file, text] of texts) {
            for (const secret of this.#secrets) expect(text.includes(secret), `${file} has ${secret}`).to.equal(false);
        }
    }

    #rules(): Map<string, ObservedRule | undefined> {
        return new Map(ownBuckets.map((bucket) => [bucket, this.cloud.rule(bucket)]));
    }

    /** What a bucket has once its rule is written. */
    #written(bucket: string, drawn: DrawnRule, before: ObservedRule | undefined): ObservedRule {
        const { rules, written } = this.cloud.familyOf(bucket);
        const { kmsMasterKeyId: key, ...rule } = rules[drawn];
        return written({ ...rule, ...(key && { kmsMasterKeyId: key.replace("secret:", "") }) }, before);
    }

    #restartCloud(): Promise<void> {
        if (this.#data === undefined) return Promise.resolve();
        this.counts.add("kills", "cloud");
        this.#restart = this.cloud.restart();
        return this.#restart;
    }
}

/** Plays a scenario on a stack of its own. @throws what did not hold, with what was done before */
export async function playOnStack({ setup, steps }: StackScenario, counts: Counts): Promise<void> {
    const world = await StackWorld.create(setup, counts);
    try {
        for (const step of steps) await world.take(step);
        await world.settle();
    } catch (error) {
        (error as Error).message += `\nafter, with ${JSON.stringify(setup)}:\n${world.log.join("\n")}`;
        // What cannot be removed after a failure is less than the failure.
        await world.dispose().catch(() => {});
        throw error;
    }
    await world.dispose();
}
