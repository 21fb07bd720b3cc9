import { UserError } from "../errors";
import {
    canonicalizeRule,
    describeRule,
    isAsDeclared,
    type KeyIdentity,
    keyIdentity,
    type ObservedRule,
    type RuleIssue,
    rulePropertyNames,
    rulesEqual,
    type ServerSideEncryptionRule,
    validateRule,
} from "../rule";
import type { EncryptionStore, StoreCapabilities } from "../stores";
import type {
    BucketEncryptionInputs,
    BucketEncryptionState,
    DeclaredProperties,
    outputOnlyNames,
} from "./bucket-encryption-properties";
import { accountOf, BucketPlaces, placeProperties } from "./bucket-places";
import { canonicalInputs, changedProperties } from "./compare-properties";
import { declarationIssues } from "./declaration-issues";
import { DeclaredBuckets } from "./declared-buckets";
import { decideOnExistingRule, type ExistingRuleDecision, refusal } from "./existing-rule";
import { KeyVerification } from "./key-verification";
import { defaultLifecycleLimits, type LifecycleLimits, type LifecyclePorts } from "./lifecycle-ports";
import { proveRule } from "./rule-proof";
import { removeRule, unlessAbsent, whileBucketAppears, writeAndConfirm } from "./store-requests";
import { UnfinishedWrite } from "./unfinished-write";

export interface CheckOutcome {
    /** The declaration in canonical form: what is empty is left out, what isn't known yet is kept. */
    readonly inputs: DeclaredProperties;
    readonly issues: readonly RuleIssue[];
}

export interface DiffOutcome {
    /** The properties that differ, by name. Nothing differs when it is empty. */
    readonly changed: readonly string[];
    /** Those of them that make it another resource: only `bucket` and `store` do. */
    readonly replaces: readonly string[];
}

/**
 * What becomes of a declared `BucketEncryption`: one instance for each operation on a stack, from its first check to its last
 * removal. It knows neither Pulumi nor HTTP.
 */
export class BucketEncryptionLifecycle {
    readonly #ports: LifecyclePorts;
    readonly #limits: LifecycleLimits;
    readonly #keys: KeyVerification;
    readonly #places: BucketPlaces;
    /** See `remove`. */
    readonly #declared: DeclaredBuckets;
    /** What `foresee` has learnt of a bucket, by its place, and `create` hasn't used yet. */
    readonly #foreseen = new Map<string, Promise<ObservedRule | undefined>>();
    readonly #told = new Set<string>();
    #foresightLeft: number;

    /** @param declared shared with all that work on the stack's buckets in this operation */
    constructor(
        ports: LifecyclePorts,
        limits: Partial<LifecycleLimits> = {},
        declared: DeclaredBuckets = new DeclaredBuckets(),
    ) {
        this.#ports = ports;
        this.#declared = declared;
        this.#keys = new KeyVerification(ports);
        this.#places = new BucketPlaces(ports);
        this.#limits = { ...defaultLifecycleLimits, ...limits };
        this.#foresightLeft = this.#limits.foresightMilliseconds;
    }

    /** Finds every fault of a declaration at once, without any request. */
    check(declared: DeclaredProperties): CheckOutcome {
        const inputs = canonicalInputs(declared);
        const capabilities = this.#places.capabilities(inputs);
        const { rule, issues: ruleIssues } = validateRule(inputs, capabilities);
        const issues = [
            ...declarationIssues(inputs, this.#places.stores),
            ...ruleIssues,
            ...keyLookupIssues(inputs.verifyKey, capabilities),
            ...this.#places.issues(inputs),
            ...this.#secondOwnerIssues(inputs, rule),
        ];
        return { inputs, issues };
    }

    /**
     * As `check`, for a declaration that differs from a checked one in nothing but the bucket's name, and declares this rule: so
     * very many buckets of a kind are declared at once.
     */
    checkAlike(inputs: DeclaredProperties, rule: ObservedRule | undefined): RuleIssue[] {
        return [...this.#places.nameIssues(inputs), ...this.#secondOwnerIssues(inputs, rule)];
    }

    /**
     * Looks the declared key up, unless `verifyKey` is off or it was declared before: what can't be used is an issue, what can't
     * be known a warning.
     * @param before the inputs of the last deployment, empty for a new resource
     */
    async verifyKey(before: DeclaredProperties, inputs: DeclaredProperties): Promise<RuleIssue[]> {
        const { kmsMasterKeyId: name, verifyKey, bucket } = inputs;
        if (typeof name !== "string" || verifyKey === false || typeof verifyKey === "symbol") return [];
        if (keyIdentity(name) === undefined) return []; // the service's own
        if (before.bucket === bucket && before.kmsMasterKeyId === name) return [];
        if (this.#places.capabilities(inputs)?.keyLookup !== true) return [];
        const isAskedFor = verifyKey === true;
        const { region = await this.#learnRegion(inputs, isAskedFor), endpoint } = this.#places.reached(inputs);
        return this.#keys.issues({ name, region, endpoint, isAskedFor, ...accountOf(inputs) });
    }

    /** Where nothing says the bucket's region, a reading of its rule tells it, which creating the resource uses then. */
    async #learnRegion(inputs: DeclaredProperties, isAskedFor: boolean): Promise<string | undefined> {
        // Behind an endpoint of somebody else's no key is looked up unless that is asked for.
        if (this.#places.reached(inputs).endpoint !== undefined && !isAskedFor) return undefined;
        if (isPlaceOpen(inputs)) return undefined;
        await this.#inTime(this.look(inputs).catch(() => undefined));
        return this.#places.open(inputs).regionOf?.(inputs.bucket as string);
    }

    /**
     * Says what creating a resource from checked inputs will do about the rule that its bucket has now, as far as that can be
     * known: what the service doesn't tell (no such bucket yet, no rights, no connection) is left to the deployment. All
     * calls together wait no longer than `foresightMilliseconds`, since an engine checks one resource after the other.
     */
    async foresee(inputs: DeclaredProperties): Promise<RuleIssue[]> {
        const { rule } = validateRule(inputs, this.#places.capabilities(inputs));
        if (rule === undefined || isPlaceOpen(inputs) || typeof inputs.existingRule === "symbol") return [];
        const foresight = this.look(inputs).then(
            (found) => this.#decide(inputs as unknown as BucketEncryptionInputs, found),
            () => undefined,
        );
        const decision = await this.#inTime(foresight);
        if (decision?.act !== "refuse") return [];
        const cure = decision.kind === "weaker-rule" ? '; set existingRule to "overwrite" to accept that' : "";
        return [{ code: "conflicting", path: "sseAlgorithm", message: `${decision.reason}${cure}` }];
    }

    /** What comes of a check's request, unless that takes longer than all checks together may wait. */
    async #inTime<T>(work: Promise<T>): Promise<T | undefined> {
        const begun = performance.now();
        const late = this.#ports.wait(this.#foresightLeft).then(
            () => undefined,
            () => undefined,
        );
        const outcome = await Promise.race([work, late]);
        this.#foresightLeft = Math.max(0, this.#foresightLeft - (performance.now() - begun));
        return outcome;
    }

    /** What names of keys stand for, as far as it is known by now. */
    get keyIdentity(): KeyIdentity {
        return this.#keys.identity;
    }

    /** The rule that checked inputs declare; `undefined` while a part of it isn't known. */
    declaredRule(inputs: object): ServerSideEncryptionRule | undefined {
        return validateRule(inputs as DeclaredProperties, this.#places.capabilities(inputs)).rule;
    }

    /** The rule that a bucket has now, by what a declaration or a state says of it; `undefined` when it has none. */
    async observe(properties: DeclaredProperties): Promise<ObservedRule | undefined> {
        const bucket = properties.bucket as string;
        await this.#declared.settled(this.#places.nameOf(bucket, properties));
        return unlessAbsent(this.#places.open(properties).getRule(bucket), "rule-not-found");
    }

    /** As `observe`, once for each bucket: creating it goes on from there. */
    look(inputs: object): Promise<ObservedRule | undefined> {
        const place = this.#places.placeOf(inputs);
        const reading = this.#foreseen.get(place) ?? this.observe(inputs as DeclaredProperties);
        this.#foreseen.set(place, reading);
        // Whoever waits for it is told of a failure; creating tries again.
        reading.catch(() => undefined);
        return reading;
    }

    /** What creating a resource would do about a rule that was found. Tells nobody. */
    judge(inputs: BucketEncryptionInputs, found: ObservedRule | undefined): ExistingRuleDecision {
        const { bucket, existingRule = "adopt" } = inputs;
        const capabilities = this.#places.capabilities(inputs);
        const declared = declaredRule(inputs, capabilities);
        const identity = this.#keys.identity;
        const ruleByItself = capabilities?.ruleByItself;
        return decideOnExistingRule({ bucket, declared, existingRule, identity, ruleByItself }, found);
    }

    /** What differs between a state and checked inputs. A value that isn't known yet differs from every other. */
    diff(state: DeclaredProperties, inputs: DeclaredProperties): DiffOutcome {
        const changed = changedProperties(state, inputs, this.#keys.identity, this.#places.stores[0]);
        return { changed, replaces: changed.filter((name) => name === "bucket" || name === "store") };
    }

    /**
     * Brings the bucket's rule to what is declared, and returns the state to keep. What becomes of a rule that is there is
     * the table at `decideOnExistingRule`.
     * @throws UnfinishedWrite when the rule was or may have been written, and wasn't seen
     */
    async create(inputs: BucketEncryptionInputs): Promise<BucketEncryptionState> {
        const { bucket } = inputs;
        const rule = declaredRule(inputs, this.#places.capabilities(inputs));
        const store = this.#places.open(inputs);
        const { newBucket } = this.#limits;
        const place = this.#places.placeOf(inputs);
        const foreseen = this.#foreseen.get(place);
        this.#foreseen.delete(place);
        const request = () => unlessAbsent(store.getRule(bucket), "rule-not-found");
        const read = async () => {
            await this.#declared.settled(this.#places.nameOf(bucket, inputs));
            return whileBucketAppears(request, newBucket, this.#ports.wait);
        };
        const found = await (foreseen === undefined ? read() : foreseen.catch(read));
        const decision = this.#decide(inputs, found);
        if (decision.act === "refuse") throw refusal(decision, { bucket });
        const bucketRegion = store.regionOf?.(bucket);
        const state = stateOf(inputs, { previousRule: found && canonicalizeRule(found), bucketRegion });
        if (decision.act === "write") {
            const write = () => this.#write(store, rule, state);
            await whileBucketAppears(write, newBucket, this.#ports.wait);
        } else {
            await this.#prove(store, rule, state);
        }
        return state;
    }

    /**
     * Reads what is there now.
     * @param known what is known of the resource so far: at least how to reach the bucket
     * @returns `undefined` when a rule that was known is gone, with or without its bucket
     * @throws ServiceError when it can't be known whether there is a rule; what was known before stays true then. Also when
     * there is none where none was known: who looks up a rule by its bucket means one that exists, and engines take an
     * empty answer of the dynamic provider host for a resource without properties.
     */
    async read(bucket: string, known: DeclaredProperties): Promise<BucketEncryptionState | undefined> {
        const store = this.#places.open(known);
        const request = store.getRule(bucket);
        const wasKnown = known.sseAlgorithm !== undefined;
        const rule = await (wasKnown ? unlessAbsent(request, "rule-not-found", "bucket-not-found") : request);
        if (wasKnown) this.#tellDrift(bucket, known, rule);
        if (rule === undefined) return undefined;
        const kept = Object.entries(canonicalInputs(known)).filter(
            ([name]) => name !== "unrecognized" && name !== "unconfirmed" && !isRuleProperty(name),
        );
        const bucketRegion = store.regionOf?.(bucket);
        const shown = wasKnown ? withoutUnsaid(canonicalizeRule(rule), known) : canonicalizeRule(rule);
        const state = { ...Object.fromEntries(kept), bucket, ...shown };
        return bucketRegion === undefined ? state : { ...state, bucketRegion };
    }

    /**
     * Brings the bucket's rule to what is declared now, and returns the state to keep. What differs in other things than the
     * rule needs no request.
     * @param known the state before
     * @throws UnfinishedWrite when the rule was or may have been written, and wasn't seen
     */
    async update(known: DeclaredProperties, inputs: BucketEncryptionInputs): Promise<BucketEncryptionState> {
        const rule = declaredRule(inputs, this.#places.capabilities(inputs));
        const state = stateOf(inputs, { previousRule: known.previousRule, bucketRegion: known.bucketRegion });
        const store = this.#places.open(state);
        if (known.unconfirmed === true || !isAsDeclared(ruleOf(known), rule, this.#keys.identity)) {
            await this.#write(store, rule, state);
            return state;
        }
        await this.#prove(store, rule, state);
        const unrecognized = ruleOf(known)?.unrecognized;
        return unrecognized === undefined ? state : { ...state, unrecognized };
    }

    /**
     * Removes the bucket's rule, puts back the one before it, or leaves it, as `onDelete` says. What is gone already is no error,
     * and so is a rule that the service gives by itself: a removal would lead to it.
     *
     * A bucket that the program declared in this same operation keeps its rule: the resource to be deleted then merely
     * gave way to another one for the same bucket (it was renamed, or replaced on somebody's demand), and removing the rule
     * would remove the very one that was just written.
     * @throws UserError of kind `rule-changed` when the rule isn't the one in the state, unless `forceDelete` is set
     */
    async remove(bucket: string, state: DeclaredProperties): Promise<void> {
        const name = this.#places.nameOf(bucket, state);
        if (this.#declared.has(name)) {
            this.#ports.notice(
                `the encryption rule of bucket ${bucket} stays, since the stack still declares one for it`,
            );
            return;
        }
        if (state.onDelete === "retain") return;
        await this.#declared.leave(name, () => this.#takeAway(bucket, state));
    }

    async #takeAway(bucket: string, state: DeclaredProperties): Promise<void> {
        const store = this.#places.open(state);
        const observed = await unlessAbsent(store.getRule(bucket), "rule-not-found", "bucket-not-found");
        const capabilities = this.#places.capabilities(state);
        const ruleByItself = capabilities?.ruleByItself;
        if (observed === undefined) return;
        const isNobodys = ruleByItself !== undefined && rulesEqual(observed, ruleByItself);
        const previous = state.previousRule as ObservedRule | undefined;
        if (!rulesEqual(observed, ruleOf(state), this.#keys.identity)) {
            if (isNobodys) return; // the removal of somebody else led there
            // The write that was begun never took effect, so nothing of this resource is there.
            if (state.unconfirmed === true && rulesEqual(observed, previous, this.#keys.identity)) return;
            if (state.forceDelete !== true) throw changedSince(bucket, observed, ruleOf(state));
        }
        if (state.onDelete !== "restore" || previous === undefined) {
            if (!isNobodys) await removeRule(store, bucket, ruleByItself);
        } else if (!rulesEqual(observed, previous, this.#keys.identity)) {
            const restored = { ...(state as unknown as BucketEncryptionState), bucket, proveKey: false };
            try {
                await this.#write(store, restorable(bucket, previous, capabilities), restored);
            } catch (error) {
                throw error instanceof UnfinishedWrite ? error.cause : error;
            }
        }
    }

    #decide(inputs: BucketEncryptionInputs, found: ObservedRule | undefined): ExistingRuleDecision {
        const decision = this.judge(inputs, found);
        const notice = decision.act === "refuse" ? undefined : decision.notice;
        if (notice !== undefined && !this.#told.has(notice)) {
            this.#told.add(notice);
            this.#ports.notice(notice);
        }
        return decision;
    }

    #write(store: EncryptionStore, rule: ServerSideEncryptionRule, state: BucketEncryptionState): Promise<void> {
        const wanted = { bucket: state.bucket, rule, state, identity: this.#keys.identity };
        return writeAndConfirm(store, wanted, this.#limits.confirmation, this.#ports.wait);
    }

    /** For a rule that is there already; a write ends with its proof by itself. */
    async #prove(store: EncryptionStore, rule: ServerSideEncryptionRule, state: BucketEncryptionState): Promise<void> {
        if (state.proveKey !== true) return;
        await proveRule(store, { bucket: state.bucket, rule, identity: this.#keys.identity });
    }

    #tellDrift(bucket: string, known: DeclaredProperties, rule: ObservedRule | undefined): void {
        const before = ruleOf(known);
        if (known.unconfirmed === true || rulesEqual(rule, before, this.#keys.identity)) return;
        const owner = this.#places.capabilities(known)?.usualSecondOwner;
        this.#ports.notice(
            `the default encryption rule of bucket ${bucket} was changed outside this stack, from ${describeRule(before)} to ${describeRule(rule)}. ` +
                `If that comes back after each deployment, the rule has a second owner, such as ${owner}`,
        );
    }

    /**
     * Two resources of one program with different rules for one bucket would overwrite each other for ever. With the same rule
     * they may be one resource, which an engine checks twice when it replaces it.
     */
    #secondOwnerIssues(inputs: DeclaredProperties, rule: ObservedRule | undefined): RuleIssue[] {
        const { bucket, store } = inputs;
        if (typeof bucket !== "string" || typeof store === "symbol") return [];
        this.#declared.add(this.#places.nameOf(bucket, inputs));
        if (rule === undefined) return [];
        const place = this.#places.placeOf(inputs);
        const other = this.#declared.ruleAt(place);
        this.#declared.setRule(place, rule);
        if (other === undefined || rulesEqual(rule, other, this.#keys.identity)) return [];
        const message = `has another rule (${describeRule(other)}) by another resource of this program; a bucket has one rule, so keep one of the two`;
        return [{ code: "conflicting", path: "bucket", message }];
    }
}

/** Whether it isn't known yet which bucket is meant, and where it is. */
function isPlaceOpen(inputs: DeclaredProperties): boolean {
    return ["bucket", ...placeProperties].some((name) => typeof inputs[name] === "symbol");
}

function keyLookupIssues(verifyKey: unknown, capabilities: StoreCapabilities | undefined): RuleIssue[] {
    if (verifyKey !== true || capabilities?.keyLookup !== false) return [];
    const message = "can't be true, since this kind of store has no look-up of keys; remove it";
    return [{ code: "not-allowed", path: "verifyKey", message }];
}

/** Without what the service set by itself: neither the last state nor the declaration that it came from says it. */
function withoutUnsaid(rule: ObservedRule, known: DeclaredProperties): ObservedRule {
    const { bucketKeyEnabled, ...others } = rule;
    return bucketKeyEnabled === undefined || known.bucketKeyEnabled === undefined ? others : rule;
}

function isRuleProperty(name: string): boolean {
    return (rulePropertyNames as readonly string[]).includes(name);
}

/** The rule that a state tells of; none where it has no algorithm. */
function ruleOf(state: DeclaredProperties): ObservedRule | undefined {
    return state.sseAlgorithm === undefined ? undefined : (state as unknown as ObservedRule);
}

function declaredRule(
    inputs: BucketEncryptionInputs,
    capabilities: StoreCapabilities | undefined,
): ServerSideEncryptionRule {
    const { rule, issues } = validateRule({ ...inputs }, capabilities);
    if (rule !== undefined) return rule;
    const faults = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
    const what = `The rule can't be written: ${faults || "a part of it isn't known"}`;
    throw new UserError("invalid-rule", what, { bucket: inputs.bucket });
}

function restorable(
    bucket: string,
    previous: ObservedRule,
    capabilities: StoreCapabilities | undefined,
): ServerSideEncryptionRule {
    const { rule } = validateRule({ ...previous }, capabilities);
    if (rule !== undefined && previous.unrecognized === undefined) return rule;
    const what = `The rule that the bucket had before (${describeRule(previous)}) has something that this version can't write`;
    throw new UserError("rule-not-restorable", what, { bucket });
}

function changedSince(bucket: string, observed: ObservedRule, known: ObservedRule | undefined): UserError {
    const what = `The bucket's rule isn't deleted, since somebody else changed it: it is ${describeRule(observed)} now, and was ${describeRule(known)}`;
    return new UserError("rule-changed", what, { bucket });
}

function stateOf(
    inputs: BucketEncryptionInputs,
    kept: { readonly [name in (typeof outputOnlyNames)[number]]?: unknown },
): BucketEncryptionState {
    return canonicalInputs({ ...inputs, ...kept }) as unknown as BucketEncryptionState;
}
