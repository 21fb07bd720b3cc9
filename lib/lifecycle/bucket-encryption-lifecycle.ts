import { UserError } from "../errors";
import {
    canonicalizeRule,
    describeRule,
    type ObservedRule,
    type RuleIssue,
    rulePropertyNames,
    rulesEqual,
    type ServerSideEncryptionRule,
    validateRule,
} from "../rule";
import type { EncryptionStore } from "../stores";
import type {
    BucketEncryptionInputs,
    BucketEncryptionState,
    DeclaredProperties,
    outputOnlyNames,
} from "./bucket-encryption-properties";
import { canonicalInputs, changedProperties } from "./compare-properties";
import { declarationIssues } from "./declaration-issues";
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
    /** Those of them that make it another resource: only `bucket` does. */
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
    /** Buckets that the stack's program has declared in this operation, with the rule where it is known; see `remove`. */
    readonly #declaredRules = new Map<unknown, ObservedRule | undefined>();
    /** What `foresee` has learnt of a bucket and `create` hasn't used yet. */
    readonly #foreseen = new Map<string, Promise<ObservedRule | undefined>>();
    readonly #told = new Set<string>();
    #foresightLeft: number;

    constructor(ports: LifecyclePorts, limits: Partial<LifecycleLimits> = {}) {
        this.#ports = ports;
        this.#keys = new KeyVerification(ports);
        this.#limits = { ...defaultLifecycleLimits, ...limits };
        this.#foresightLeft = this.#limits.foresightMilliseconds;
    }

    /** Finds every fault of a declaration at once, without any request. */
    check(declared: DeclaredProperties): CheckOutcome {
        const inputs = canonicalInputs(declared);
        const { rule, issues: ruleIssues } = validateRule(inputs);
        const issues = [
            ...declarationIssues(inputs),
            ...ruleIssues,
            ...this.#targetIssues(inputs),
            ...this.#secondOwnerIssues(inputs.bucket, rule),
        ];
        return { inputs, issues };
    }

    /**
     * Looks the declared key up, unless `verifyKey` is off or it was declared before: what can't be used is an issue, what can't
     * be known a warning.
     * @param before the inputs of the last deployment, empty for a new resource
     */
    async verifyKey(before: DeclaredProperties, inputs: DeclaredProperties): Promise<RuleIssue[]> {
        const { kmsMasterKeyId: name, verifyKey, bucket } = inputs;
        if (typeof name !== "string" || verifyKey === false || typeof verifyKey === "symbol") return [];
        if (before.bucket === bucket && before.kmsMasterKeyId === name) return [];
        const settings = this.#ports.settings();
        const region = text(inputs.region) ?? settings.region?.value;
        const endpoint = text(inputs.endpoint) ?? settings.endpoint?.value;
        return this.#keys.issues({ name, region, endpoint, isAskedFor: verifyKey === true });
    }

    /**
     * Says what creating a resource from checked inputs will do about the rule that its bucket has now, as far as that can be
     * known: what the service doesn't tell (no such bucket yet, no rights, no connection) is left to the deployment. All
     * calls together wait no longer than `foresightMilliseconds`, since an engine checks one resource after the other.
     */
    async foresee(inputs: DeclaredProperties): Promise<RuleIssue[]> {
        const { rule } = validateRule(inputs);
        const { bucket } = inputs;
        if (rule === undefined || typeof bucket !== "string") return [];
        if ([inputs.region, inputs.endpoint, inputs.existingRule].some((value) => typeof value === "symbol")) return [];
        const begun = performance.now();
        const reading = unlessAbsent(this.#open(inputs).getRule(bucket), "rule-not-found");
        this.#foreseen.set(bucket, reading);
        const foresight = reading.then(
            (found) => this.#decide(inputs as unknown as BucketEncryptionInputs, found, rule),
            () => undefined,
        );
        const late = this.#ports.wait(this.#foresightLeft).then(() => undefined);
        const decision = await Promise.race([foresight, late]);
        this.#foresightLeft = Math.max(0, this.#foresightLeft - (performance.now() - begun));
        if (decision?.act !== "refuse") return [];
        const cure = decision.kind === "weaker-rule" ? '; set existingRule to "overwrite" to accept that' : "";
        return [{ code: "conflicting", path: "sseAlgorithm", message: `${decision.reason}${cure}` }];
    }

    /** What differs between a state and checked inputs. A value that isn't known yet differs from every other. */
    diff(state: DeclaredProperties, inputs: DeclaredProperties): DiffOutcome {
        const changed = changedProperties(state, inputs, this.#keys.identity);
        return { changed, replaces: changed.filter((name) => name === "bucket") };
    }

    /**
     * Brings the bucket's rule to what is declared, and returns the state to keep. What becomes of a rule that is there is
     * the table at `decideOnExistingRule`.
     * @throws UnfinishedWrite when the rule was or may have been written, and wasn't seen
     */
    async create(inputs: BucketEncryptionInputs): Promise<BucketEncryptionState> {
        const { bucket } = inputs;
        const rule = declaredRule(inputs);
        const store = this.#open(inputs);
        const { newBucket } = this.#limits;
        const foreseen = this.#foreseen.get(bucket);
        this.#foreseen.delete(bucket);
        const request = () => unlessAbsent(store.getRule(bucket), "rule-not-found");
        const read = () => whileBucketAppears(request, newBucket, this.#ports.wait);
        const found = await (foreseen === undefined ? read() : foreseen.catch(read));
        const decision = this.#decide(inputs, found, rule);
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
        const store = this.#open(known);
        const request = store.getRule(bucket);
        const wasKnown = known.sseAlgorithm !== undefined;
        const rule = await (wasKnown ? unlessAbsent(request, "rule-not-found", "bucket-not-found") : request);
        if (wasKnown) this.#tellDrift(bucket, known, rule);
        if (rule === undefined) return undefined;
        const kept = Object.entries(canonicalInputs(known)).filter(
            ([name]) => name !== "unrecognized" && name !== "unconfirmed" && !isRuleProperty(name),
        );
        const bucketRegion = store.regionOf?.(bucket);
        const state = { ...Object.fromEntries(kept), bucket, ...canonicalizeRule(rule) };
        return bucketRegion === undefined ? state : { ...state, bucketRegion };
    }

    /**
     * Brings the bucket's rule to what is declared now, and returns the state to keep. What differs in other things than the
     * rule needs no request.
     * @param known the state before
     * @throws UnfinishedWrite when the rule was or may have been written, and wasn't seen
     */
    async update(known: DeclaredProperties, inputs: BucketEncryptionInputs): Promise<BucketEncryptionState> {
        const rule = declaredRule(inputs);
        const state = stateOf(inputs, { previousRule: known.previousRule, bucketRegion: known.bucketRegion });
        const store = this.#open(state);
        if (known.unconfirmed === true || !rulesEqual(ruleOf(known), rule, this.#keys.identity)) {
            await this.#write(store, rule, state);
        } else {
            await this.#prove(store, rule, state);
        }
        return state;
    }

    /**
     * Removes the bucket's rule, puts back the one before it, or leaves it, as `onDelete` says. What is gone already is no error.
     *
     * A bucket that the program declared in this same operation keeps its rule: the resource to be deleted then merely
     * gave way to another one for the same bucket (it was renamed, or replaced on somebody's demand), and removing the rule
     * would remove the very one that was just written.
     * @throws UserError of kind `rule-changed` when the rule isn't the one in the state, unless `forceDelete` is set
     */
    async remove(bucket: string, state: DeclaredProperties): Promise<void> {
        if (this.#declaredRules.has(bucket)) {
            this.#ports.notice(
                `the encryption rule of bucket ${bucket} stays, since the stack still declares one for it`,
            );
            return;
        }
        if (state.onDelete === "retain") return;
        const store = this.#open(state);
        const observed = await unlessAbsent(store.getRule(bucket), "rule-not-found", "bucket-not-found");
        if (observed === undefined) return;
        const previous = state.previousRule as ObservedRule | undefined;
        if (!rulesEqual(observed, ruleOf(state), this.#keys.identity)) {
            // The write that was begun never took effect, so nothing of this resource is there.
            if (state.unconfirmed === true && rulesEqual(observed, previous, this.#keys.identity)) return;
            if (state.forceDelete !== true) throw changedSince(bucket, observed, ruleOf(state));
        }
        if (state.onDelete !== "restore" || previous === undefined) {
            await removeRule(store, bucket);
        } else if (!rulesEqual(observed, previous, this.#keys.identity)) {
            const restored = { ...(state as unknown as BucketEncryptionState), bucket, proveKey: false };
            try {
                await this.#write(store, restorable(bucket, previous), restored);
            } catch (error) {
                throw error instanceof UnfinishedWrite ? error.cause : error;
            }
        }
    }

    #decide(
        inputs: BucketEncryptionInputs,
        found: ObservedRule | undefined,
        rule: ServerSideEncryptionRule,
    ): ExistingRuleDecision {
        const existingRule = inputs.existingRule ?? "adopt";
        const decision = decideOnExistingRule(inputs.bucket, found, rule, existingRule, this.#keys.identity);
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
        if (known.unconfirmed === true || rulesEqual(before, rule, this.#keys.identity)) return;
        this.#ports.notice(
            `the default encryption rule of bucket ${bucket} was changed outside this stack, from ${describeRule(before)} to ${describeRule(rule)}. ` +
                "If that comes back after each deployment, the rule has a second owner, such as `serverSideEncryptionRule` of an alicloud.oss.Bucket",
        );
    }

    /** @param properties a declaration or a state */
    #open(properties: object): EncryptionStore {
        const { region: configured, endpoint: elsewhere } = this.#ports.settings();
        const given = properties as DeclaredProperties;
        const region = text(given.region) ?? configured?.value;
        const endpoint = text(given.endpoint) ?? elsewhere?.value;
        const likelyRegion = text(given.bucketRegion);
        return this.#ports.open({
            ...(region && { region }),
            ...(endpoint && { endpoint }),
            ...(likelyRegion && { likelyRegion }),
        });
    }

    /**
     * Two resources of one program with different rules for one bucket would overwrite each other for ever. With the same rule
     * they may be one resource, which an engine checks twice when it replaces it.
     */
    #secondOwnerIssues(bucket: unknown, rule: ObservedRule | undefined): RuleIssue[] {
        const other = this.#declaredRules.get(bucket);
        this.#declaredRules.set(bucket, rule ?? other);
        if (typeof bucket !== "string" || rule === undefined || other === undefined || rulesEqual(rule, other))
            return [];
        const message = `has another rule (${describeRule(other)}) by another resource of this program; a bucket has one rule, so keep one of the two`;
        return [{ code: "conflicting", path: "bucket", message }];
    }

    #targetIssues(inputs: DeclaredProperties): RuleIssue[] {
        const settings = this.#ports.settings();
        const region = inputs.region ?? settings.region?.value;
        const endpoint = inputs.endpoint ?? settings.endpoint?.value;
        const issues = this.#ports.family.validateTarget({ bucket: inputs.bucket, region, endpoint });
        return issues.map((issue) => {
            const setting =
                inputs[issue.path] === undefined ? settings[issue.path as keyof typeof settings] : undefined;
            return setting === undefined ? issue : { ...issue, message: `${issue.message} (from ${setting.source})` };
        });
    }
}

function isRuleProperty(name: string): boolean {
    return (rulePropertyNames as readonly string[]).includes(name);
}

function text(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

/** The rule that a state tells of; none where it has no algorithm. */
function ruleOf(state: DeclaredProperties): ObservedRule | undefined {
    return state.sseAlgorithm === undefined ? undefined : (state as unknown as ObservedRule);
}

function declaredRule(inputs: BucketEncryptionInputs): ServerSideEncryptionRule {
    const { rule, issues } = validateRule({ ...inputs });
    if (rule !== undefined) return rule;
    const faults = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
    const what = `The rule can't be written: ${faults || "a part of it isn't known"}`;
    throw new UserError("invalid-rule", what, { bucket: inputs.bucket });
}

function restorable(bucket: string, previous: ObservedRule): ServerSideEncryptionRule {
    const { rule } = validateRule({ ...previous });
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
