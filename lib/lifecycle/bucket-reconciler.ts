import type { Declaration, KnownDeclaration, Place, ReachableTarget, ResourceState, RuleRecord } from "../declaration";
import { ServiceError, UserError, unlessAbsent, warningOf } from "../errors";
import {
    canonicalizeRule,
    describeRule,
    keyIdentity,
    notYetKnown,
    type ObservedRule,
    type RuleIssue,
    rulesEqual,
    type ServerSideEncryptionRule,
    validateRule,
} from "../rule";
import type { EncryptionStore } from "../stores";
import { DeclaredBuckets } from "./declared-buckets";
import {
    type DecidableDeclaration,
    decideOnExistingRule,
    decideOnKnownRule,
    type RuleDecision,
    refusal,
    refusalCure,
} from "./existing-rule";
import { Foresight } from "./foresight";
import { KeyVerification } from "./key-verification";
import { defaultLifecycleLimits, type LifecycleLimits, type LifecyclePorts } from "./lifecycle-ports";
import { proveRule } from "./rule-proof";
import { removeRule, whileBucketAppears, writeAndConfirm } from "./store-requests";
import { UnconfirmedWrite } from "./unconfirmed-write";
import { notReadInTime, UnreadRules } from "./unread-rule";

/** The facts of a resource that a deletion needs. */
export type Removal = Pick<ResourceState, "place" | "record" | "onDelete" | "forceDelete">;

/**
 * Brings buckets to their declared rules: observe, compare, decide, write, confirm. One instance for each operation on a stack, from
 * its first check to its last removal. Single resources and sets translate to and from it.
 */
export class BucketReconciler {
    readonly keys: KeyVerification;
    readonly foresight: Foresight;
    readonly unread = new UnreadRules((text) => this.tellOnce(text));
    readonly #ports: LifecyclePorts;
    readonly #limits: LifecycleLimits;
    readonly #declared: DeclaredBuckets;
    /** Stores by the targets with which they were opened. */
    readonly #stores = new Map<ReachableTarget, EncryptionStore>();
    readonly #notices = new Set<string>();
    /**
     * Records of what this operation has written, or begun to write, by the places' keys. Where an error hook asks for it, an engine creates
     * or updates a resource again, and forgets what the attempt before has left.
     */
    readonly #begun = new Map<string, RuleRecord>();

    /** @param declared shared by everything that works on the stack's buckets in this operation */
    constructor(
        ports: LifecyclePorts,
        limits: Partial<LifecycleLimits> = {},
        declared: DeclaredBuckets = new DeclaredBuckets(),
    ) {
        this.#ports = ports;
        this.#limits = { ...defaultLifecycleLimits, ...limits };
        this.#declared = declared;
        this.keys = new KeyVerification(ports);
        this.foresight = new Foresight(this.#limits, ports.wait);
    }

    /**
     * Notes that buckets are declared. Two resources of one program with different rules for one bucket would overwrite each other in
     * every deployment, so the second is an issue.
     * @returns the issues of each declaration
     */
    claim(declarations: Iterable<Pick<Declaration, "identity" | "place" | "rule">>): RuleIssue[][] {
        return this.#declared.claim(declarations, this.keys.identity).map((other) => {
            if (other === undefined) return [];
            const message = `has another rule (${describeRule(other)}) by another resource of this program; a bucket has one rule, so keep one of the two`;
            return [{ code: "conflicting", path: "bucket", message }];
        });
    }

    /** Keeps the record of a resource's state, for a resource that replaces it in this operation. */
    noteState(place: Place, record: RuleRecord): void {
        this.noteStates([[place, record]]);
    }

    /** As `noteState`, for a resource of many buckets. */
    noteStates(states: readonly (readonly [Place, RuleRecord])[]): void {
        this.#declared.noteStates(states);
    }

    /** The rule that a bucket has now; `undefined` when it has none. */
    async observe(place: Place): Promise<ObservedRule | undefined> {
        await this.#declared.settled(place, this.#ports.wait);
        return unlessAbsent(this.#open(place).getRule(place.bucket), "rule-not-found");
    }

    /** As `observe`, once for each bucket: creating its resource continues with the result. */
    look(place: Place): Promise<ObservedRule | undefined> {
        return this.foresight.look(place, () => this.observe(place));
    }

    /** The rule that a bucket has now. @throws ServiceError, of kind `rule-not-found` when it has none */
    read(place: Place): Promise<ObservedRule> {
        return this.#open(place).getRule(place.bucket);
    }

    /** The bucket's region, if it was found from the service's answers. */
    regionOf(place: Place): string | undefined {
        return this.#open(place).regionOf?.(place.bucket);
    }

    /** What creating a resource would do about a rule that was found. */
    judge(declaration: DecidableDeclaration, found: ObservedRule | undefined): RuleDecision {
        return decideOnExistingRule(declaration, found, this.keys.identity);
    }

    /**
     * Reports in a preview what creating a resource will do about the present rule of its bucket. A reason to fail the preview is
     * an issue, everything else a notice or a warning. A reading that takes longer than checks may wait is a warning at once, since
     * the engine may end this process before there is a result; a result that still comes is a notice or a warning too.
     */
    async foresee(declaration: DecidableDeclaration): Promise<RuleIssue[]> {
        let isLate = false;
        const foreseen = this.look(declaration.place).then(
            (found) => {
                const decision = this.judge(declaration, found);
                if (decision.act !== "refuse") {
                    this.tellOnce(decision.notice);
                    return [];
                }
                const message = `${decision.reason}. ${refusalCure(decision.kind)}`;
                if (isLate) this.tellOnce(warningOf(decision.kind, message));
                return [{ code: "conflicting", path: "sseAlgorithm", message } as const];
            },
            (error: unknown) => this.unread.report(declaration.bucket, error, isLate) ?? [],
        );
        // A defect that shows after the check has answered must not end the process.
        foreseen.catch(() => undefined);
        const issues = await this.foresight.inTime(foreseen);
        if (issues !== undefined) return [issues].flat();
        isLate = true;
        this.unread.report(declaration.bucket, notReadInTime(), isLate);
        return [];
    }

    /**
     * Looks a new or changed key up, unless `verifyKey` is off. A key that cannot be used is an issue, and one that cannot be looked
     * up a warning.
     * @param known the key that was declared for the bucket before
     */
    async verifyKey({ reach, place, verifyKey, inputs }: Declaration, known: unknown): Promise<RuleIssue[]> {
        const { kmsMasterKeyId: name } = inputs;
        if (typeof name !== "string" || name === known || keyIdentity(name) === undefined) return [];
        if (verifyKey === false || verifyKey === notYetKnown || reach === notYetKnown) return [];
        if (!reach.features.keyLookup) return [];
        const { endpoint, account } = reach.target;
        const isAskedFor = verifyKey === true;
        // Behind an endpoint of another party no key is looked up unless the declaration asks for it.
        const mayRead = place !== notYetKnown && (endpoint === undefined || isAskedFor);
        const region = reach.region ?? (mayRead ? await this.#learnRegion(place) : undefined);
        const request = { name, region, endpoint, isAskedFor, store: reach.target.store, ...(account && { account }) };
        return this.keys.issues(request, reach);
    }

    /** If the bucket's region is unknown, a reading of its rule finds it. Creating the resource continues with the result. */
    async #learnRegion(place: Place): Promise<string | undefined> {
        await this.foresight.inTime(this.look(place).catch(() => undefined));
        return this.regionOf(place);
    }

    /** See `DeclaredBuckets.taken`. A state does not know it. */
    taken(): ((place: Place) => boolean) | undefined {
        return this.#declared.taken();
    }

    /** A state's record. It is unconfirmed if this operation has removed the rule, so that the rule is written again. */
    async recordNow(place: Place, record: RuleRecord): Promise<RuleRecord> {
        if (!this.#declared.taken()?.(place)) return record;
        await this.#declared.settled(place, this.#ports.wait);
        return this.#declared.taken()?.(place) ? { ...record, unconfirmed: true } : record;
    }

    /**
     * Writes the declared rule if it differs, and returns the bucket's new record.
     * @param known the record in the state; without it the resource is created, and the bucket's rule is read first
     * @throws UnconfirmedWrite when the rule was or may have been written, and the write was not confirmed
     */
    async reconcile(declaration: KnownDeclaration, known?: RuleRecord): Promise<RuleRecord> {
        const { place } = declaration;
        const begun = this.#begun.get(place.key);
        const isOpen = begun?.unconfirmed === true;
        try {
            const record = await this.#reconcile(declaration, known ?? (isOpen ? begun : undefined));
            this.#begun.set(place.key, record);
            if (known === undefined) this.#declared.noteCreated(place, record);
            return record;
        } catch (error) {
            const isCreated = known === undefined && begun !== undefined && error instanceof ServiceError;
            if (error instanceof UnconfirmedWrite) this.#begun.set(place.key, error.record);
            else if (isCreated || (isOpen && error instanceof UserError))
                throw new UnconfirmedWrite(error, { ...begun, unconfirmed: true });
            throw error;
        }
    }

    async #reconcile(declaration: KnownDeclaration, known: RuleRecord | undefined): Promise<RuleRecord> {
        const { bucket, place, rule } = declaration;
        const store = this.#open(place);
        const found = known === undefined ? await this.#observeNew(place, store) : known.rule;
        const decision =
            known === undefined
                ? this.judge(declaration, found)
                : decideOnKnownRule(declaration, known, this.keys.identity);
        if (decision.act === "refuse") throw refusal(decision, { bucket });
        this.tellOnce(decision.notice);
        const before = known ?? this.#foundAt(place, found);
        const record: RuleRecord = {
            rule: decision.act === "keep" ? decision.rule : rule,
            ...(before.previous && { previous: before.previous }),
            ...(before.region && { region: before.region }),
        };
        if (decision.act === "write") {
            const write = () => this.#write(store, declaration, record);
            await (known === undefined ? whileBucketAppears(write, this.#limits.newBucket, this.#ports.wait) : write());
        } else if (declaration.proveKey) {
            await this.#prove(store, declaration, decision.rule);
        }
        return record;
    }

    /**
     * Removes the bucket's rule, writes back the one before it, or leaves it, as `onDelete` says. A missing rule is no error, and
     * neither is the service's own rule, to which a removal would lead.
     *
     * A bucket that the program declares in this operation keeps its rule: the resource to be deleted was renamed or replaced, and
     * removing the rule would remove the one that was just written.
     * @throws UserError of kind `rule-changed` when the rule is not the one in the state, unless `forceDelete` is set
     */
    async remove(removal: Removal): Promise<void> {
        const { place, record, onDelete } = removal;
        if (!this.#declared.has(place)) {
            if (onDelete === "retain") return;
            if (await this.#declared.leave(place, () => this.#removeOrRestore(removal))) return;
        }
        this.#ports.notice(
            `the encryption rule of bucket ${place.bucket} stays, since the stack still declares one for it`,
        );
        if (onDelete === "restore") this.#passOn(place, record);
    }

    tell(notice: string): void {
        this.#ports.notice(notice);
    }

    /** Sends the user a notice once in an operation. */
    tellOnce(notice: string | undefined): void {
        if (notice === undefined || this.#notices.has(notice)) return;
        this.#notices.add(notice);
        this.#ports.notice(notice);
    }

    async #observeNew(place: Place, store: EncryptionStore): Promise<ObservedRule | undefined> {
        const request = () => unlessAbsent(store.getRule(place.bucket), "rule-not-found");
        const read = async () => {
            await this.#declared.settled(place, this.#ports.wait);
            return whileBucketAppears(request, this.#limits.newBucket, this.#ports.wait);
        };
        const foreseen = this.foresight.take(place);
        if (foreseen === undefined) return read();
        return foreseen.catch((error: unknown) => {
            // The bucket may have been created in the meantime. Other failures have been repeated enough.
            if (error instanceof UserError && error.kind === "bucket-not-found") return read();
            throw error;
        });
    }

    /**
     * The record of a new resource, with the rule before it. If it replaces another resource of the stack, that is the rule before
     * the replaced one.
     */
    #foundAt(place: Place, found: ObservedRule | undefined): RuleRecord {
        const predecessor = this.#declared.recordAt(place) ?? this.#begun.get(place.key);
        const isPredecessors =
            predecessor?.rule !== undefined && rulesEqual(found, predecessor.rule, this.keys.identity);
        const previous = isPredecessors ? predecessor.previous : found && canonicalizeRule(found);
        const region = this.regionOf(place);
        return { ...(previous && { previous }), ...(region && { region }) };
    }

    /** Passes the former rule of a deleted resource on to its successor, or warns if it is too late. */
    #passOn(place: Place, record: RuleRecord): void {
        this.noteState(place, record);
        const successor = this.#declared.createdAt(place);
        if (successor === undefined || rulesEqual(successor.previous, record.previous, this.keys.identity)) return;
        this.#ports.notice(
            `warning: bucket ${place.bucket} had ${describeRule(record.previous)} before this stack, but the new resource for the bucket has another \`previousRule\`: ` +
                `deleting the new resource will restore ${describeRule(successor.previous)}. To rename a resource, give the new one the option \`aliases\` with the old name; to replace one, set \`deleteBeforeReplace\``,
        );
    }

    async #removeOrRestore({ place, record, onDelete, forceDelete }: Removal): Promise<void> {
        const { bucket } = place;
        const store = this.#open(place);
        const observed = await unlessAbsent(store.getRule(bucket), "rule-not-found", "bucket-not-found");
        if (observed === undefined) return;
        const { identity } = this.keys;
        const { serviceRule } = place.reach.features;
        const isOfService = serviceRule !== undefined && rulesEqual(observed, serviceRule);
        const { rule, written = rule, previous } = record;
        if (!rulesEqual(observed, written, identity)) {
            if (isOfService) return; // A removal outside the stack led there.
            // The unconfirmed write never took effect, so nothing of this resource is there.
            if (record.unconfirmed === true && rulesEqual(observed, previous, identity)) return;
            if (!forceDelete) throw changedSince(bucket, observed, written);
        }
        if (onDelete !== "restore" || previous === undefined) {
            if (!isOfService) await removeRule(store, bucket, serviceRule);
        } else if (!rulesEqual(observed, previous, identity)) {
            await this.#restore(store, place, record, restorable(place, previous));
        }
    }

    async #restore(
        store: EncryptionStore,
        { bucket }: Place,
        record: RuleRecord,
        rule: ServerSideEncryptionRule,
    ): Promise<void> {
        try {
            await this.#write(store, { bucket, rule, proveKey: false }, record);
        } catch (error) {
            throw error instanceof UnconfirmedWrite ? error.cause : error;
        }
    }

    #write(
        store: EncryptionStore,
        { bucket, rule, proveKey }: Pick<KnownDeclaration, "bucket" | "rule" | "proveKey">,
        record: RuleRecord,
    ): Promise<void> {
        const { identity } = this.keys;
        const wanted = { bucket, rule, isProven: proveKey, record, identity };
        return writeAndConfirm(store, wanted, this.#limits.confirmation, this.#ports.wait);
    }

    /** For a rule that needs no write. A write includes its proof. */
    async #prove(store: EncryptionStore, { bucket }: KnownDeclaration, rule: ObservedRule): Promise<void> {
        await proveRule(store, { bucket, rule, identity: this.keys.identity });
    }

    #open({ reach: { target } }: Place): EncryptionStore {
        let store = this.#stores.get(target);
        if (store === undefined) {
            store = this.#ports.open(target);
            this.#stores.set(target, store);
        }
        return store;
    }
}

/** @throws UserError of kind `rule-not-restorable` when the rule cannot be declared */
function restorable({ bucket, reach }: Place, previous: ObservedRule): ServerSideEncryptionRule {
    const { rule } = validateRule(previous, reach.features);
    if (rule !== undefined && rule !== notYetKnown && previous.unrecognized === undefined) return rule;
    const what = `The rule that the bucket had before (${describeRule(previous)}) has something that this version cannot write`;
    throw new UserError("rule-not-restorable", what, { bucket });
}

function changedSince(bucket: string, observed: ObservedRule, known: ObservedRule | undefined): UserError {
    const what = `The bucket's rule is not deleted, since it was changed outside this stack: it is ${describeRule(observed)} now, and was ${describeRule(known)}`;
    return new UserError("rule-changed", what, { bucket });
}
