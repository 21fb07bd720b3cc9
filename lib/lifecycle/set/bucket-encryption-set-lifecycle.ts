import { randomUUID } from "node:crypto";
import { ServiceError, type UserError } from "../../errors";
import {
    canonicalizeRule,
    describeRule,
    notYetKnown,
    type ObservedRule,
    type RuleIssue,
    rulePropertyNames,
    rulesEqual,
    type ServerSideEncryptionRule,
} from "../../rule";
import type { BucketEncryptionLifecycle, CheckOutcome, DiffOutcome } from "../bucket-encryption-lifecycle";
import type { BucketEncryptionInputs, DeclaredProperties } from "../bucket-encryption-properties";
import { canonicalInputs, changedProperties } from "../compare-properties";
import { UnfinishedWrite } from "../unfinished-write";
import { ChangeTally } from "./change-tally";
import { DeclaredSet } from "./declared-set";
import { changesOf, type HeldBuckets, heldBucketsOf, RuleJudge, setState } from "./held-buckets";
import { type DeclaredMembers, type Members, membersSinceLast, unpackMembers } from "./members";
import { type WorkOutcome, workOnAll } from "./parallel-work";
import { setIssues } from "./set-check";
import { isGeneralFailure, namesText, setFailure, UnfinishedSet } from "./set-failure";
import { SetProgress } from "./set-progress";
import { type HeldBucket, type SetState, setOutputNames, sharedProperties } from "./set-properties";

export interface SetLifecycleOptions {
    /** What becomes of each bucket. Its notices are for one bucket each, so they had better go elsewhere. */
    readonly single: BucketEncryptionLifecycle;
    /** Tells the person at the engine something that is no error. */
    readonly notice: (text: string) => void;
    /** Learns all at once what is to be known of the owners of very many buckets. Makes later questions needless. */
    readonly prepare?: (properties: DeclaredProperties) => Promise<void>;
    /** Once it is aborted, no further bucket is begun. */
    readonly cancelled?: AbortSignal;
    /** How long a check may read the rules of new buckets. */
    readonly foresightMilliseconds?: number;
}

const defaultForesightMilliseconds = 120_000;
/** What a region takes at once; more workers than that only wait. */
const parallelInRegion = 32;
const mostParallel = 256;
/** From so many buckets on, asking for all at once is cheaper than for each. */
const worthPreparing = 8;

interface ReadSet {
    readonly state: SetState;
    /** The inputs that would lead to what was read, with what has no declaration as `exceptions`. */
    readonly inputs: DeclaredProperties;
}

/** What becomes of a declared `BucketEncryptionSet`: each bucket of it is worked as a single resource would be. */
export class BucketEncryptionSetLifecycle {
    readonly #options: SetLifecycleOptions;
    readonly #told = new Set<string>();

    constructor(options: SetLifecycleOptions) {
        this.#options = options;
    }

    /** Finds every fault of a declaration at once, without any request. @param before the inputs of the last deployment */
    check(before: DeclaredProperties, declared: DeclaredProperties): CheckOutcome {
        const inputs = canonicalInputs(declared);
        const issues = setIssues(inputs, this.#options.single);
        const members = unpackMembers(inputs as unknown as DeclaredMembers);
        if (members === undefined || inputs.members === notYetKnown) return { inputs, issues };
        const { membersSince: _, ...others } = inputs;
        return { inputs: { ...others, ...membersSinceLast(members, before), buckets: members.size }, issues };
    }

    /** Looks declared keys up, once for each region that has buckets with them. */
    async verifyKeys(before: DeclaredProperties, inputs: DeclaredProperties): Promise<RuleIssue[]> {
        const { single } = this.#options;
        const [now, last] = [new DeclaredSet(inputs), new DeclaredSet(before)];
        const questions = now.examples().map((bucket) => {
            const known = last.members.has(bucket) ? last.declarationOf(bucket) : {};
            return single.verifyKey(known, now.declarationOf(bucket));
        });
        const issues = (await Promise.all(questions)).flat();
        return [...new Map(issues.map((issue) => [issue.message, issue])).values()];
    }

    /**
     * Reads the rules of buckets that join the set, and says what will become of them. What can't be read in time is left to
     * the deployment.
     */
    async foresee(before: DeclaredProperties, inputs: DeclaredProperties): Promise<RuleIssue[]> {
        const { single, foresightMilliseconds = defaultForesightMilliseconds } = this.#options;
        const declared = new DeclaredSet(inputs);
        const known = unpackMembers(before as unknown as DeclaredMembers) ?? new Map();
        const added = [...declared.members.keys()].filter((bucket) => !known.has(bucket));
        const isOpen = Object.values(inputs).some((value) => value === notYetKnown);
        if (added.length === 0 || isOpen) return [];
        const tally = new ChangeTally();
        const refused = new Map<string, string[]>();
        const deadline = performance.now() + foresightMilliseconds;
        const judge = this.#judge(inputs);
        const ruleFor = this.#rulesFor(declared);
        const { failed, notBegun, whyNotBegun } = await this.#work("read", added, declared.members, async (bucket) => {
            if (performance.now() > deadline) throw new TooLate();
            const declaration = declared.declarationOf(bucket) as unknown as BucketEncryptionInputs;
            const found = await single.look(declaration);
            const rule = ruleFor(bucket);
            if (rule === undefined) return;
            if (keepsStronger(inputs, judge, found, rule)) {
                tally.add(`${describeRule(found)} is stronger than ${describeRule(rule)}, and stays`, bucket);
                return;
            }
            const decision = single.judge(declaration, found);
            const change = `${describeRule(found)} → ${describeRule(rule)}`;
            if (decision.act === "refuse") refused.set(decision.kind, [...(refused.get(decision.kind) ?? []), bucket]);
            else
                tally.add(
                    decision.act === "take-over" ? `${describeRule(rule)} is there, and taken over` : change,
                    bucket,
                );
        });
        for (const [bucket, error] of failed) tally.add(unreadText(error), bucket);
        const isLate = performance.now() > deadline;
        const why = isLate ? lateText : `not read, since ${whyNotBegun}`;
        for (const bucket of notBegun) tally.add(why, bucket);
        for (const line of tally.lines()) this.#tell(line);
        return [...refused].map(([kind, buckets]) => refusalIssue(kind, buckets));
    }

    /** What differs between a state and checked inputs. A value that isn't known yet differs from every other. */
    diff(state: DeclaredProperties, inputs: DeclaredProperties): DiffOutcome {
        const { single } = this.#options;
        const [before, after] = [comparedProperties(state), comparedProperties(inputs)];
        const own = ["atLeast", "selection", "overrides"].filter(
            (name) => textOf(state[name]) !== textOf(inputs[name]),
        );
        const changed = [...changedProperties(before, after, single.keyIdentity), ...own];
        const isOpen = Object.values(inputs).some((value) => value === notYetKnown);
        if (isOpen) return { changed: changed.length > 0 ? changed : ["members"], replaces: replacing(changed) };
        const held = heldBucketsOf(state);
        const declared = new DeclaredSet(inputs);
        const ruleFor = this.#rulesFor(declared);
        const { added, rewritten, dropped } = changesOf(held, declared, ruleFor, this.#judge(inputs));
        const tally = new ChangeTally();
        for (const bucket of rewritten) {
            const rule = ruleFor(bucket);
            const wanted = rule === undefined ? "a rule that isn't known yet" : describeRule(rule);
            tally.add(`${describeRule(held.get(bucket)?.rule)} → ${wanted}`, bucket);
        }
        for (const bucket of dropped) tally.add(`leaves the set; its rule is ${leavingWords(inputs)}`, bucket);
        for (const line of tally.lines()) this.#tell(line);
        const hasMoved = added.length + rewritten.length + dropped.length > 0;
        return { changed: hasMoved ? [...changed, "members"] : changed, replaces: replacing(changed) };
    }

    /** @throws UnfinishedSet when some buckets failed, UserError of kind `buckets-failed` when all did */
    async create(inputs: DeclaredProperties): Promise<{ id: string; state: SetState }> {
        const declared = new DeclaredSet(inputs);
        const held: HeldBuckets = new Map();
        await this.#prepare(inputs, declared.members.size);
        const outcome = await this.#work("worked", [...declared.members.keys()], declared.members, (bucket) =>
            this.#add(bucket, declared, inputs, held),
        );
        const state = this.#state(inputs, held);
        const id = `bucket-encryption-set-${randomUUID()}`;
        this.#finish(outcome, declared.members.size, state, held.size > 0, id);
        return { id, state };
    }

    /** Brings the set to what is declared now: works the buckets that differ, and no other. @throws as `create` does */
    async update(known: DeclaredProperties, inputs: DeclaredProperties): Promise<SetState> {
        const declared = new DeclaredSet(inputs);
        const held = heldBucketsOf(known);
        const { added, rewritten, dropped } = changesOf(held, declared, this.#rulesFor(declared), this.#judge(inputs));
        const isToBeProven = inputs.proveKey === true && known.proveKey !== true;
        const kept = isToBeProven ? [...declared.members.keys()].filter((bucket) => held.has(bucket)) : rewritten;
        const [joining, leaving] = [new Set(added), new Set(dropped)];
        await this.#prepare(inputs, added.length + kept.length + dropped.length);
        const places = new Map([...held, ...declared.members]);
        const outcome = await this.#work("worked", [...added, ...kept, ...dropped], places, (bucket) => {
            if (joining.has(bucket)) return this.#add(bucket, declared, inputs, held);
            if (leaving.has(bucket)) return this.#drop(bucket, known, inputs, held);
            return this.#rewrite(bucket, declared, held);
        });
        const state = this.#state(inputs, held);
        this.#finish(outcome, places.size, state, true);
        return state;
    }

    /**
     * Reads what is there now. Buckets that are gone leave the set.
     * @throws UserError of kind `buckets-failed` when it can't be known of some; what was known before stays true then
     */
    async read(known: DeclaredProperties): Promise<ReadSet | undefined> {
        if (known.members === undefined) return undefined;
        const { single } = this.#options;
        const declared = new DeclaredSet(known);
        const held = heldBucketsOf(known);
        const now: HeldBuckets = new Map();
        const tally = new ChangeTally();
        const outcome = await this.#work("read", [...held.keys()], held, async (bucket) => {
            const before = held.get(bucket) as HeldBucket;
            const observed = await observedOrGone(single, declared.declarationOf(bucket, before.region));
            if (observed === "gone") {
                tally.add("is gone, and leaves the set", bucket);
                return;
            }
            const { unconfirmed: _, rule, ...others } = before;
            const isSame = rulesEqual(rule, observed, single.keyIdentity);
            if (!isSame) {
                tally.add(`was changed outside this stack: ${describeRule(rule)} → ${describeRule(observed)}`, bucket);
            }
            const shown = isSame ? rule : observed && canonicalizeRule(observed);
            now.set(bucket, { ...others, ...(shown && { rule: shown }) });
        });
        for (const line of tally.lines()) this.#options.notice(line);
        if (hasFailed(outcome)) throw setFailure("show their rules", held.size, outcome);
        const sorted = new Map(
            [...held.keys()].flatMap((bucket) => (now.has(bucket) ? [[bucket, now.get(bucket) as HeldBucket]] : [])),
        );
        const state = this.#state(known, sorted);
        const isInput = ([name]: [string, unknown]) =>
            name === "exceptions" || !(setOutputNames as readonly string[]).includes(name);
        return { state, inputs: Object.fromEntries(Object.entries(state).filter(isInput)) };
    }

    /** Deletes, puts back or leaves the rule of each bucket. @throws UserError of kind `buckets-failed` when some failed */
    async remove(state: DeclaredProperties): Promise<void> {
        const held = heldBucketsOf(state);
        if (onDelete(state) === "retain") return;
        await this.#prepare(state, held.size);
        const total = held.size;
        const outcome = await this.#work("worked", [...held.keys()], held, (bucket) =>
            this.#drop(bucket, state, state, held),
        );
        if (hasFailed(outcome)) throw setFailure("lose their rule", total, outcome);
    }

    async #add(bucket: string, declared: DeclaredSet, inputs: DeclaredProperties, held: HeldBuckets): Promise<void> {
        const { single } = this.#options;
        const declaration = declared.declarationOf(bucket) as unknown as BucketEncryptionInputs;
        const rule = inputs.atLeast === true ? single.declaredRule(declaration) : undefined;
        if (rule !== undefined) {
            const found = await single.look(declaration).catch(() => undefined);
            if (keepsStronger(inputs, this.#judge(inputs), found, rule)) {
                const there = canonicalizeRule(found as ObservedRule);
                held.set(bucket, { ...declared.members.get(bucket), rule: there, previous: there });
                return;
            }
        }
        await this.#hold(bucket, held, declared.members.get(bucket), () => single.create(declaration));
    }

    async #rewrite(bucket: string, declared: DeclaredSet, held: HeldBuckets): Promise<void> {
        const { single } = this.#options;
        const before = held.get(bucket) as HeldBucket;
        const declaration = declared.declarationOf(bucket, declared.members.get(bucket)?.region ?? before.region);
        const inputs = declaration as unknown as BucketEncryptionInputs;
        await this.#hold(bucket, held, before, () => single.update(aloneState(bucket, before), inputs));
    }

    async #drop(
        bucket: string,
        known: DeclaredProperties,
        inputs: DeclaredProperties,
        held: HeldBuckets,
    ): Promise<void> {
        const before = held.get(bucket) as HeldBucket;
        const { region = before.region, ...shared } = sharedProperties(known);
        const alone = {
            ...shared,
            ...((before.region ?? region) ? { region: before.region ?? region } : {}),
            ...withoutRule,
            ...aloneState(bucket, before),
            onDelete: onDelete(inputs),
            forceDelete: inputs.forceDelete,
        };
        await this.#options.single.remove(bucket, canonicalInputs(alone));
        held.delete(bucket);
    }

    /** Does what brings a bucket to its rule, and keeps what came of it, also of a write that nobody saw. */
    async #hold(
        bucket: string,
        held: HeldBuckets,
        { region }: { readonly region?: string } = {},
        work: () => Promise<DeclaredProperties | object>,
    ): Promise<void> {
        try {
            held.set(bucket, heldOf((await work()) as DeclaredProperties, region));
        } catch (error) {
            if (!(error instanceof UnfinishedWrite)) throw error;
            held.set(bucket, { ...heldOf({ ...error.state }, region), unconfirmed: true });
            throw error.cause;
        }
    }

    #work(
        what: string,
        buckets: readonly string[],
        places: Members,
        work: (bucket: string) => Promise<void>,
    ): Promise<WorkOutcome<string>> {
        const regions = new Set(buckets.map((bucket) => places.get(bucket)?.region)).size;
        const progress = new SetProgress(what, buckets.length, this.#options.notice);
        return workOnAll(buckets, work, {
            parallel: Math.max(1, Math.min(mostParallel, parallelInRegion * regions, buckets.length)),
            isGeneral: (error) => error instanceof TooLate || isGeneralFailure(error),
            cancelled: this.#options.cancelled,
            progress: progress.done,
        });
    }

    #finish(outcome: WorkOutcome<string>, total: number, state: SetState, isKept: boolean, id?: string): void {
        if (!hasFailed(outcome)) return;
        const failure = setFailure("have the declared rule", total, outcome);
        throw isKept ? new UnfinishedSet(failure, state, id) : failure;
    }

    async #prepare(properties: DeclaredProperties, buckets: number): Promise<void> {
        if (buckets >= worthPreparing) await this.#options.prepare?.(properties);
    }

    #state(inputs: DeclaredProperties, held: HeldBuckets): SetState {
        return setState(inputs, held, this.#rulesFor(new DeclaredSet(inputs)), this.#judge(inputs));
    }

    #judge(inputs: DeclaredProperties): RuleJudge {
        return new RuleJudge(this.#options.single.keyIdentity, inputs);
    }

    /** The declared rule of each bucket; buckets with the same rule get the same object. */
    #rulesFor(declared: DeclaredSet): (bucket: string) => ServerSideEncryptionRule | undefined {
        const { single } = this.#options;
        const rules = new Map<string, ServerSideEncryptionRule | undefined>();
        return (bucket) => {
            const kind = declared.isOverridden(bucket) ? bucket : "";
            if (!rules.has(kind)) rules.set(kind, single.declaredRule(declared.declarationOf(bucket)));
            return rules.get(kind);
        };
    }

    #tell(text: string): void {
        if (this.#told.has(text)) return;
        this.#told.add(text);
        this.#options.notice(text);
    }
}

function hasFailed({ failed, notBegun }: WorkOutcome<string>): boolean {
    return failed.size + notBegun.length > 0;
}

const lateText = "not read in time; the deployment decides";

/** A bucket wasn't read before the time for it was over. */
class TooLate extends Error {}

function keepsStronger(
    { atLeast }: DeclaredProperties,
    judge: RuleJudge,
    found: ObservedRule | undefined,
    declared: ObservedRule,
): boolean {
    return atLeast === true && found !== undefined && judge.isStronger(found, declared);
}

async function observedOrGone(
    single: BucketEncryptionLifecycle,
    declaration: DeclaredProperties,
): Promise<ObservedRule | undefined | "gone"> {
    try {
        return await single.observe(declaration);
    } catch (error) {
        if (error instanceof ServiceError && error.kind === "bucket-not-found") return "gone";
        throw error;
    }
}

const withoutRule = Object.fromEntries(rulePropertyNames.map((name) => [name, undefined]));

/** What a single resource's state would tell of the bucket. */
function aloneState(bucket: string, { rule, previous, region, unconfirmed }: HeldBucket): DeclaredProperties {
    return { bucket, ...rule, previousRule: previous, bucketRegion: region, unconfirmed };
}

function heldOf(state: DeclaredProperties, declaredRegion: string | undefined): HeldBucket {
    const rule = canonicalizeRule(state as unknown as ObservedRule);
    const region = (state.bucketRegion as string | undefined) ?? declaredRegion;
    const previous = state.previousRule as ObservedRule | undefined;
    return { rule, ...(region && { region }), ...(previous && { previous }) };
}

/** Unlike a single resource, a set leaves rules alone unless told otherwise: a changed selection must not decrypt a fleet. */
function onDelete({ onDelete: declared }: DeclaredProperties): unknown {
    return declared ?? "retain";
}

/** What is said of all buckets alike, with what leaving `onDelete` out means for a set. */
function comparedProperties(properties: DeclaredProperties): DeclaredProperties {
    return { ...sharedProperties(properties), onDelete: onDelete(properties) };
}

function leavingWords(inputs: DeclaredProperties): string {
    const words: Record<string, string> = { remove: "removed", restore: "the one before it again" };
    return words[onDelete(inputs) as string] ?? "left as it is";
}

function unreadText(error: unknown): string {
    if (error instanceof TooLate) return lateText;
    const { kind } = error as UserError;
    if (kind === undefined) throw error;
    return kind === "bucket-not-found" ? "isn't there yet" : `can't be read now (${kind}); the deployment decides`;
}

function refusalIssue(kind: string, buckets: readonly string[]): RuleIssue {
    const them = buckets.length === 1 ? `bucket ${buckets[0]} has` : `${buckets.length} buckets have`;
    const names = buckets.length === 1 ? "" : ` (${namesText(buckets)})`;
    const message =
        kind === "weaker-rule"
            ? `${them} a rule already that the declared one would weaken${names}; set atLeast to true to leave stronger rules as they are, or existingRule to "overwrite" to accept that`
            : `${them} a rule already, and existingRule is "fail"${names}`;
    return { code: "conflicting", path: "sseAlgorithm", message };
}

function replacing(changed: readonly string[]): string[] {
    return changed.filter((name) => name === "store");
}

/** Text to compare by; there is none of what isn't known yet, which so differs from everything. */
function textOf(value: unknown): string | undefined {
    return JSON.stringify(value ?? null);
}
