import { randomUUID } from "node:crypto";
import {
    canonicalInputs,
    changedProperties,
    DeclarationParser,
    DeclaredSet,
    distinctIssues,
    isKnown,
    isReplacing,
    isSameValue,
    issueOfSet,
    type KnownDeclaration,
    known,
    type Members,
    membersSinceLast,
    type Place,
    type Properties,
    type RuleRecord,
    type SetState,
    setIssues,
    setOnDelete,
    setOutputNames,
    sharedProperties,
    UnfinishedResource,
    unpackMembers,
} from "../../declaration";
import { ServiceError, UserError } from "../../errors";
import { canonicalizeRule, describeRule, notYetKnown, type ObservedRule, type RuleIssue, rulesEqual } from "../../rule";
import { type CheckOutcome, type DiffOutcome, takenNotice } from "../bucket-encryption-lifecycle";
import { BucketReconciler } from "../bucket-reconciler";
import type { DeclaredBuckets } from "../declared-buckets";
import { keptRecord, withoutNewSettings } from "../kept-record";
import type { LifecycleLimits, LifecyclePorts } from "../lifecycle-ports";
import { UnconfirmedWrite } from "../unconfirmed-write";
import { ChangeTally } from "./change-tally";
import { changesOf, type HeldBuckets, heldBucketsOf, RuleJudge, setState } from "./held-buckets";
import { type WorkOutcome, workOnAll } from "./parallel-work";
import { isGeneralFailure, setFailure } from "./set-failure";
import { SetForesight, TooLate } from "./set-foresight";
import { SetProgress } from "./set-progress";

export interface SetLifecycleOptions {
    /** For each bucket. Its notices are about single buckets, so a set must not print all of them. */
    readonly ports: LifecyclePorts;
    readonly limits?: Partial<LifecycleLimits>;
    /** Shared by everything that works on the stack's buckets in this operation. */
    readonly declared?: DeclaredBuckets;
    /** Sends the user a notice. */
    readonly notice: (text: string) => void;
    /** Prefetches the owners of very many buckets. */
    readonly prepare?: (properties: Properties) => Promise<void>;
    /** After it is aborted, no further bucket is started. */
    readonly cancelled?: AbortSignal;
    /** How long a check may read the rules of new buckets. */
    readonly foresightMilliseconds?: number;
}

const defaultForesightMilliseconds = 120_000;
/** A region accepts so many requests at once; more workers only wait. */
const parallelInRegion = 32;
const mostParallel = 256;
/** From so many buckets on, asking for all owners at once is cheaper than for each. */
const worthPreparing = 8;

interface ReadSet {
    readonly state: SetState;
    /** The inputs that match the readings, with undeclared differences as `exceptions`. */
    readonly inputs: Properties;
}

/** The lifecycle of a declared `BucketEncryptionSet`: each of its buckets is reconciled as a single resource would be. */
export class BucketEncryptionSetLifecycle {
    readonly #options: SetLifecycleOptions;
    readonly #parser: DeclarationParser;
    readonly #reconciler: BucketReconciler;
    readonly #notices = new Set<string>();

    constructor(options: SetLifecycleOptions) {
        this.#options = options;
        this.#parser = new DeclarationParser(options.ports);
        this.#reconciler = new BucketReconciler(options.ports, options.limits, options.declared);
    }

    /** Finds every fault of a declaration at once, without any request. @param before the inputs of the last deployment */
    check(before: Properties, declared: Properties): CheckOutcome {
        const inputs = canonicalInputs(declared);
        const faults = setIssues(inputs, this.#parser);
        const issues = faults.length > 0 ? faults : this.#claim(new DeclaredSet(inputs, this.#parser));
        const members = unpackMembers(inputs);
        if (members === undefined) return { inputs, issues };
        const { membersSince: _, ...others } = inputs;
        return { inputs: { ...others, ...membersSinceLast(members, before), buckets: members.size }, issues };
    }

    /** Looks declared keys up, once for each region that has buckets with them. */
    async verifyKeys(before: Properties, inputs: Properties): Promise<RuleIssue[]> {
        const [now, last] = [new DeclaredSet(inputs, this.#parser), new DeclaredSet(before, this.#parser)];
        const questions = now.examples().map((bucket) => {
            const known = last.members.has(bucket) ? last.propertiesOf(bucket).kmsMasterKeyId : undefined;
            return this.#reconciler.verifyKey(now.declarationOf(bucket), known);
        });
        const issues = (await Promise.all(questions)).flat();
        return [...new Map(issues.map((issue) => [issue.message, issue])).values()];
    }

    /**
     * Reads the rules of buckets that join the set, and says what will happen to them. What cannot be read is a warning, or an issue
     * where no deployment can succeed.
     * @param isPreview a deployment reports failures of its own
     */
    async foresee(before: Properties, inputs: Properties, isPreview: boolean): Promise<RuleIssue[]> {
        const [former, declared] = [new DeclaredSet(before, this.#parser), new DeclaredSet(inputs, this.#parser)];
        const isElsewhere = former.service !== declared.service;
        return this.#foresee(inputs, (bucket) => isElsewhere || !former.members.has(bucket), isPreview);
    }

    /**
     * As `foresee` in a preview, for the buckets that the last deployment declared and did not finish. Only the state, which a
     * check does not get, says which these are. No bucket is read twice.
     */
    async foreseeUnfinished(state: Properties, inputs: Properties): Promise<RuleIssue[]> {
        const held = heldBucketsOf(state);
        return this.#foresee(inputs, (bucket) => !held.has(bucket), true);
    }

    async #foresee(
        inputs: Properties,
        isToBeRead: (bucket: string) => boolean,
        isPreview: boolean,
    ): Promise<RuleIssue[]> {
        const { foresightMilliseconds = defaultForesightMilliseconds } = this.#options;
        const declared = new DeclaredSet(inputs, this.#parser);
        const added = [...declared.members.keys()].filter(isToBeRead);
        if (isOpen(inputs)) return [];
        const foresight = new SetForesight(this.#reconciler, declared, foresightMilliseconds);
        const { failed, notStarted, whyNotStarted } = await this.#work("read", added, declared.members, (bucket) =>
            foresight.read(bucket),
        );
        if (isPreview) foresight.noteUnread(failed, notStarted, whyNotStarted);
        for (const line of foresight.lines()) this.#tellOnce(line);
        return foresight.issues();
    }

    /** The records of a state. One is unconfirmed if this operation has removed the rule with another resource. */
    #withoutTaken(held: HeldBuckets, declared: DeclaredSet): HeldBuckets {
        const isTaken = this.#reconciler.taken();
        if (isTaken === undefined) return held;
        for (const [bucket, record] of held) {
            if (!declared.members.has(bucket)) continue;
            if (!isTaken(declared.placeOf(bucket, record.region))) continue;
            this.#tellOnce(takenNotice(bucket));
            held.set(bucket, { ...record, unconfirmed: true });
        }
        return held;
    }

    /** The records of a state, without those of buckets of another service: the declared one may have others of the same names. */
    #atDeclared(held: HeldBuckets, former: DeclaredSet, declared: DeclaredSet): HeldBuckets {
        if (former.service === declared.service) return held;
        for (const [bucket, record] of held) {
            if (!declared.members.has(bucket)) continue;
            this.#reconciler.noteState(declared.placeOf(bucket), record);
            held.delete(bucket);
        }
        return held;
    }

    /** The records of a state, kept for resources that replace the set before it is deleted: they get its `previousRule`. */
    #noted(state: Properties): HeldBuckets {
        const held = heldBucketsOf(state);
        if (state.onDelete !== "restore") return held;
        const former = new DeclaredSet(state, this.#parser);
        this.#reconciler.noteStates([...held].map(([name, record]) => [former.placeOf(name, record.region), record]));
        return held;
    }

    /** What differs between a state and checked inputs. A value that is not known yet differs from every other. */
    diff(state: Properties, inputs: Properties): DiffOutcome {
        const { identity } = this.#reconciler.keys;
        const own = ["atLeast", "selection", "overrides"].filter(
            (name) => !isSameValue(state[name] ?? null, inputs[name] ?? null),
        );
        const changed = [...changedProperties(comparedProperties(state), comparedProperties(inputs), identity), ...own];
        const replaces = changed.filter(isReplacing);
        if (isOpen(inputs)) return { changed: changed.length > 0 ? changed : ["members"], replaces };
        const declared = new DeclaredSet(inputs, this.#parser);
        const held = this.#withoutTaken(this.#noted(state), declared);
        const { added, rewritten, dropped, accepted } = changesOf(held, declared, this.#judge(inputs));
        const tally = new ChangeTally();
        for (const bucket of rewritten) {
            const rule = declared.ruleOf(bucket);
            const wanted = rule === notYetKnown ? "a rule that is not known yet" : describeRule(rule);
            const before = describeRule(held.get(bucket)?.rule);
            // An unconfirmed write left the declared rule in the state.
            tally.add(before === wanted ? `${wanted} is written again` : `${before} → ${wanted}`, bucket);
        }
        for (const bucket of dropped) tally.add(`leaves the set; its rule is ${onDeleteText(inputs)}`, bucket);
        for (const bucket of accepted) tally.add("has the declared rule, which was written outside this stack", bucket);
        for (const line of tally.lines()) this.#tellOnce(line);
        const hasMoved = added.length + rewritten.length + dropped.length + accepted.length > 0;
        return { changed: hasMoved ? [...changed, "members"] : changed, replaces };
    }

    /** @throws UnfinishedResource when some buckets failed, UserError of kind `buckets-failed` when all did */
    async create(inputs: Properties): Promise<{ id: string; state: SetState }> {
        const declared = new DeclaredSet(inputs, this.#parser);
        const held: HeldBuckets = new Map();
        await this.#prepare(inputs, declared.members.size);
        const outcome = await this.#work("done", [...declared.members.keys()], declared.members, (bucket) =>
            this.#add(bucket, declared, held),
        );
        const state = this.#state(inputs, declared, held);
        const id = `bucket-encryption-set-${randomUUID()}`;
        this.#finish(outcome, declared.members.size, state, held.size > 0, id);
        return { id, state };
    }

    /** Brings the set to what is declared now: works on the buckets that differ, and on no other. @throws as `create` does */
    async update(known: Properties, inputs: Properties): Promise<SetState> {
        const [former, declared] = [new DeclaredSet(known, this.#parser), new DeclaredSet(inputs, this.#parser)];
        const held = this.#withoutTaken(this.#atDeclared(heldBucketsOf(known), former, declared), declared);
        const { added, rewritten, dropped, accepted } = changesOf(held, declared, this.#judge(inputs));
        for (const bucket of accepted) {
            const { written: _, ...record } = held.get(bucket) ?? {};
            held.set(bucket, record);
        }
        const isToBeProven = inputs.proveKey === true && known.proveKey !== true;
        const kept = isToBeProven ? [...declared.members.keys()].filter((bucket) => held.has(bucket)) : rewritten;
        const [joining, leaving] = [new Set(added), new Set(dropped)];
        await this.#prepare(inputs, added.length + kept.length + dropped.length);
        const places = new Map([...held, ...declared.members]);
        const outcome = await this.#work("done", [...added, ...kept, ...dropped], places, (bucket) => {
            if (joining.has(bucket)) return this.#add(bucket, declared, held);
            if (leaving.has(bucket)) return this.#drop(bucket, former, declared, held);
            return this.#rewrite(bucket, declared, held);
        });
        const state = this.#state(inputs, declared, held);
        this.#finish(outcome, places.size, state, true);
        return state;
    }

    /**
     * Reads the present rules. Buckets that no longer exist leave the set.
     * @param isUnseen whether the engine may show no person the rules before the next operation
     * @throws UserError of kind `buckets-failed` when some could not be read; the state stays correct then
     */
    async read(known: Properties, isUnseen = false): Promise<ReadSet | undefined> {
        if (known.members === undefined) return undefined;
        const declared = new DeclaredSet(known, this.#parser);
        const held = this.#noted(known);
        const total = held.size;
        const reading = { isUnseen, isToBeProven: known.proveKey === true };
        const tally = new ChangeTally();
        const outcome = await this.#work("read", [...held.keys()], held, async (bucket) => {
            const record = held.get(bucket) ?? {};
            const { unconfirmed: _, written: __, rule, ...others } = record;
            const observed = await this.#observedOrGone(declared.placeOf(bucket, others.region));
            if (observed === "gone") {
                tally.add("no longer exists, and leaves the set", bucket);
                held.delete(bucket);
                return;
            }
            const { identity } = this.#reconciler.keys;
            const isSame = rulesEqual(observed, rule, identity);
            if (!isSame) {
                tally.add(`was changed outside this stack: ${describeRule(rule)} → ${describeRule(observed)}`, bucket);
            }
            const shown = isSame ? rule : observed && withoutNewSettings(canonicalizeRule(observed), rule);
            const kept = keptRecord(record, observed, reading, identity);
            held.set(bucket, { ...others, ...(shown && { rule: shown }), ...kept });
        });
        for (const line of tally.lines()) this.#options.notice(line);
        if (hasFailed(outcome)) throw setFailure("show their rules", total, outcome);
        const state = this.#state(known, declared, held);
        const isInput = ([name]: [string, unknown]) =>
            name === "exceptions" || !(setOutputNames as readonly string[]).includes(name);
        return { state, inputs: Object.fromEntries(Object.entries(state).filter(isInput)) };
    }

    /** Deletes, restores or leaves the rule of each bucket. @throws UserError of kind `buckets-failed` when some failed */
    async remove(state: Properties): Promise<void> {
        const held = heldBucketsOf(state);
        const declared = new DeclaredSet(state, this.#parser);
        if (declared.behaviour.onDelete === "retain") return;
        await this.#prepare(state, held.size);
        const total = held.size;
        const outcome = await this.#work("done", [...held.keys()], held, (bucket) =>
            this.#drop(bucket, declared, declared, held),
        );
        if (hasFailed(outcome)) throw setFailure("lose their rule", total, outcome);
    }

    /** Notes that the set declares its buckets. */
    #claim(declared: DeclaredSet): RuleIssue[] {
        const claimed = this.#reconciler.claim(declared.declarations());
        const issues = [...declared.members.keys()].flatMap((bucket, index) =>
            (claimed[index] ?? []).map((issue) => issueOfSet(issue, bucket, declared.isOverridden(bucket))),
        );
        return distinctIssues(issues);
    }

    async #add(bucket: string, declared: DeclaredSet, held: HeldBuckets): Promise<void> {
        const declaration = knownOf(declared, bucket);
        this.#reconciler.keys.refuseUnusable(declaration);
        await this.#hold(bucket, held, declared.members.get(bucket)?.region, this.#reconciler.reconcile(declaration));
    }

    async #rewrite(bucket: string, declared: DeclaredSet, held: HeldBuckets): Promise<void> {
        this.#reconciler.keys.refuseUnusable(knownOf(declared, bucket));
        const before = held.get(bucket) ?? {};
        const region = declared.members.get(bucket)?.region ?? before.region;
        const declaration = knownOf(declared, bucket, region);
        const place = this.#parser.places.found(declaration.place, before.region);
        const record = await this.#reconciler.recordNow(place, before);
        await this.#hold(bucket, held, before.region, this.#reconciler.reconcile({ ...declaration, place }, record));
    }

    async #drop(
        bucket: string,
        former: DeclaredSet,
        { behaviour }: Pick<DeclaredSet, "behaviour">,
        held: HeldBuckets,
    ): Promise<void> {
        const record = held.get(bucket) ?? {};
        const place = this.#parser.places.found(former.placeOf(bucket, record.region), record.region);
        const [onDelete, forceDelete] = [known(behaviour.onDelete), known(behaviour.forceDelete)];
        await this.#reconciler.remove({ place, record, onDelete, forceDelete });
        held.delete(bucket);
    }

    /** Keeps what is known of a bucket after work on it, also of a write that was not confirmed. */
    async #hold(
        bucket: string,
        held: HeldBuckets,
        region: string | undefined,
        work: Promise<RuleRecord>,
    ): Promise<void> {
        try {
            held.set(bucket, heldRecord(await work, region));
        } catch (error) {
            if (!(error instanceof UnconfirmedWrite)) throw error;
            held.set(bucket, heldRecord(error.record, region));
            throw error.cause;
        }
    }

    async #observedOrGone(place: Place): Promise<ObservedRule | undefined | "gone"> {
        try {
            return await this.#reconciler.observe(place);
        } catch (error) {
            if (error instanceof ServiceError && error.kind === "bucket-not-found") return "gone";
            throw error;
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
        throw isKept ? new UnfinishedResource(failure, state, id) : failure;
    }

    async #prepare(properties: Properties, buckets: number): Promise<void> {
        if (buckets >= worthPreparing) await this.#options.prepare?.(properties);
    }

    #state(inputs: Properties, declared: DeclaredSet, held: HeldBuckets): SetState {
        return setState(inputs, held, declared, this.#judge(inputs));
    }

    #judge(inputs: Properties): RuleJudge {
        return new RuleJudge(this.#reconciler.keys.identity, inputs);
    }

    #tellOnce(text: string): void {
        if (this.#notices.has(text)) return;
        this.#notices.add(text);
        this.#options.notice(text);
    }
}

/** @throws UserError of kind `invalid-rule` when a part is not known */
function knownOf(declared: DeclaredSet, bucket: string, region?: string): KnownDeclaration {
    const declaration = declared.declarationOf(bucket, region);
    if (isKnown(declaration)) return declaration;
    throw new UserError("invalid-rule", "The rule cannot be written: a part of it is not right or not known", {
        bucket,
    });
}

function heldRecord({ rule, region, ...others }: RuleRecord, declaredRegion: string | undefined): RuleRecord {
    const found = region ?? declaredRegion;
    return { ...others, ...(rule && { rule: canonicalizeRule(rule) }), ...(found && { region: found }) };
}

function hasFailed({ failed, notStarted }: WorkOutcome<string>): boolean {
    return failed.size + notStarted.length > 0;
}

function isOpen(inputs: Properties): boolean {
    return Object.values(inputs).includes(notYetKnown);
}

/** The common declaration of all buckets, with a set's default of `onDelete`. `atLeast` is compared separately. */
function comparedProperties(properties: Properties): Properties {
    const { atLeast: _, ...shared } = sharedProperties(properties);
    return { onDelete: setOnDelete, ...shared };
}

function onDeleteText({ onDelete = setOnDelete }: Properties): string {
    if (onDelete === "remove") return "removed";
    return onDelete === "restore" ? "the one before it again" : "left as it is";
}
