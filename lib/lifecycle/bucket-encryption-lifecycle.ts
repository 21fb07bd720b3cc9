import {
    changedProperties,
    type Declaration,
    DeclarationParser,
    isReplacing,
    type Properties,
    type RuleRecord,
    statePropertiesOf,
    UnfinishedResource,
    withoutRule,
} from "../declaration";
import { unlessAbsent } from "../errors";
import { canonicalizeRule, describeRule, notYetKnown, type ObservedRule, type RuleIssue, rulesEqual } from "../rule";
import { BucketReconciler } from "./bucket-reconciler";
import type { DeclaredBuckets } from "./declared-buckets";
import { isDecidable } from "./existing-rule";
import { keptRecord, withoutNewSettings } from "./kept-record";
import type { LifecycleLimits, LifecyclePorts } from "./lifecycle-ports";
import { UnconfirmedWrite } from "./unconfirmed-write";

export interface CheckOutcome {
    /** The declaration in canonical form: empty values are omitted, unknown values are kept. */
    readonly inputs: Properties;
    readonly issues: readonly RuleIssue[];
    /** Absent when the declaration has faults of its own. */
    readonly declaration?: Declaration | undefined;
}

export interface DiffOutcome {
    /** The properties that differ, by name. Nothing differs when it is empty. */
    readonly changed: readonly string[];
    /** Those of them that replace the resource. */
    readonly replaces: readonly string[];
}

/** The properties of a `BucketEncryption` in a stack's state. Never holds a credential. */
export type BucketEncryptionState = Properties & { readonly bucket: string };

/** The lifecycle of a declared `BucketEncryption`: it translates an engine's properties to and from the reconciler's values. */
export class BucketEncryptionLifecycle {
    readonly #parser: DeclarationParser;
    readonly #reconciler: BucketReconciler;

    /** @param declared shared by everything that works on the stack's buckets in this operation */
    constructor(ports: LifecyclePorts, limits?: Partial<LifecycleLimits>, declared?: DeclaredBuckets) {
        this.#parser = new DeclarationParser(ports);
        this.#reconciler = new BucketReconciler(ports, limits, declared);
    }

    /** Finds every fault of a declaration at once, without any request. */
    check(declared: Properties): CheckOutcome {
        const { inputs, issues, declaration } = this.#parser.parseDeclaration(declared);
        if (declaration === undefined) return { inputs, issues };
        return { inputs, issues: this.#reconciler.claim([declaration]).flat(), declaration };
    }

    /** Finds every fault in the arguments of a lookup, without any request. */
    checkLookup(declared: Properties): CheckOutcome {
        return this.#parser.parseLookup(declared);
    }

    /**
     * Looks the declared key up, unless `verifyKey` is off or the key was declared before. A key that cannot be used is an issue, and
     * one that cannot be looked up a warning.
     * @param before the inputs of the last deployment, empty for a new resource
     */
    async verifyKey(before: Properties, declaration: Declaration): Promise<RuleIssue[]> {
        const known = before.bucket === declaration.bucket ? before.kmsMasterKeyId : undefined;
        return this.#reconciler.verifyKey(declaration, known);
    }

    /** See `BucketReconciler.foresee`. */
    async foresee(declaration: Declaration): Promise<RuleIssue[]> {
        return isDecidable(declaration) ? this.#reconciler.foresee(declaration) : [];
    }

    /**
     * Whether a declaration leads to another service than its inputs of the last deployment, which may have another bucket of the
     * same name.
     */
    isElsewhere(before: Properties, { bucket, place }: Declaration): boolean {
        if (place === notYetKnown || before.bucket !== bucket) return false;
        return this.#parser.parseState(before, place.bucket).place.key !== place.key;
    }

    /**
     * Begins to read the bucket's rule, and does not wait for it: engines make one check after the other, and create many resources at
     * once. `create` continues with the reading.
     */
    readAhead(declaration: Declaration): void {
        if (isDecidable(declaration)) void this.#reconciler.look(declaration.place);
    }

    /** What differs between a state and checked inputs. A value that is not known yet differs from every other. */
    diff(state: Properties, inputs: Properties): DiffOutcome {
        const noted = typeof state.bucket === "string" ? this.#note(state.bucket, state) : undefined;
        const { keys } = this.#reconciler;
        const changed = changedProperties(state, inputs, keys.identity, this.#parser.defaultStore);
        if (changed.length > 0 || noted === undefined || !this.#reconciler.taken()?.(noted.place))
            return { changed, replaces: changed.filter(isReplacing) };
        this.#reconciler.tell(takenNotice(noted.place.bucket));
        return { changed: ["sseAlgorithm"], replaces: [] };
    }

    /**
     * Writes the declared rule if it differs, and returns the state to keep.
     * @throws UnfinishedResource when the rule was or may have been written, and the write was not confirmed
     */
    async create(inputs: Properties): Promise<BucketEncryptionState> {
        const declaration = this.#parser.parseKnown(inputs);
        this.#reconciler.keys.refuseUnusable(declaration);
        return this.#kept(declaration.inputs, declaration.bucket, this.#reconciler.reconcile(declaration));
    }

    /**
     * Reads the present rule.
     * @param known what is known of the resource so far: at least how to reach the bucket
     * @param isUnseen whether the engine may show no person the rule before the next operation
     * @returns `undefined` when a rule that was known is gone, with or without its bucket
     * @throws ServiceError when it is not known whether there is a rule; the state stays correct then. Also when there is none
     * where none was known: a lookup by the bucket means a rule that exists, and engines take an empty answer of the dynamic
     * provider host for a resource without properties.
     */
    async read(bucket: string, known: Properties, isUnseen = false): Promise<BucketEncryptionState | undefined> {
        const { place, record, properties } = this.#note(bucket, known);
        const wasKnown = properties.sseAlgorithm !== undefined;
        const found = this.#reconciler.read(place);
        const rule = await (wasKnown ? this.#ruleOrGone(bucket, found) : found);
        if (rule === "gone") return undefined;
        if (wasKnown) this.#tellDrift(bucket, place.reach.features.usualSecondOwner, record, rule);
        if (rule === undefined) return undefined;
        const shown = wasKnown ? withoutNewSettings(canonicalizeRule(rule), record.rule) : canonicalizeRule(rule);
        const region = this.#reconciler.regionOf(place);
        const { unconfirmed: _, writtenRule: __, ...kept } = withoutRule(properties);
        const reading = { isUnseen, isToBeProven: properties.proveKey === true };
        const { written, unconfirmed } = keptRecord(record, rule, reading, this.#reconciler.keys.identity);
        return {
            ...kept,
            bucket,
            ...shown,
            ...(region && { bucketRegion: region }),
            ...(written && { writtenRule: written }),
            ...(unconfirmed && { unconfirmed }),
        };
    }

    /**
     * Writes the rule that is declared now if it differs, and returns the state to keep. Other differences need no request, except for
     * another service: its bucket of this name is read, as for a new resource.
     * @param known the state before
     * @throws UnfinishedResource when the rule was or may have been written, and the write was not confirmed
     */
    async update(known: Properties, inputs: Properties): Promise<BucketEncryptionState> {
        const declaration = this.#parser.parseKnown(inputs);
        this.#reconciler.keys.refuseUnusable(declaration);
        const { place: former, record: before } = this.#parser.parseState(known, declaration.bucket);
        if (former.key !== declaration.place.key) {
            // Or the same one: then its record is the former one.
            this.#reconciler.noteState(declaration.place, before);
            return this.#kept(declaration.inputs, declaration.bucket, this.#reconciler.reconcile(declaration));
        }
        const place = this.#parser.places.found(declaration.place, before.region);
        const record = await this.#reconciler.recordNow(place, before);
        const reconciled = this.#reconciler.reconcile({ ...declaration, place }, record);
        return this.#kept(declaration.inputs, declaration.bucket, reconciled);
    }

    /** See `BucketReconciler.remove`. */
    async remove(bucket: string, state: Properties): Promise<void> {
        await this.#reconciler.remove(this.#parser.parseState(state, bucket));
    }

    async #kept(inputs: Properties, bucket: string, work: Promise<RuleRecord>): Promise<BucketEncryptionState> {
        try {
            return keptState(bucket, inputs, await work);
        } catch (error) {
            if (!(error instanceof UnconfirmedWrite)) throw error;
            throw new UnfinishedResource(error.cause, keptState(bucket, inputs, error.record), bucket);
        }
    }

    #note(bucket: string, state: Properties) {
        const read = this.#parser.parseState(state, bucket);
        this.#reconciler.noteState(read.place, read.record);
        return read;
    }

    async #ruleOrGone(bucket: string, reading: Promise<ObservedRule>): Promise<ObservedRule | undefined | "gone"> {
        const found = await unlessAbsent(
            unlessAbsent(reading, "rule-not-found").then((rule) => ({ rule })),
            "bucket-not-found",
        );
        if (found !== undefined) return found.rule;
        this.#reconciler.tell(`bucket ${bucket} does not exist any more, and its rule with it`);
        return "gone";
    }

    #tellDrift(
        bucket: string,
        owner: string,
        { rule: before, unconfirmed }: RuleRecord,
        rule: ObservedRule | undefined,
    ) {
        if (unconfirmed === true || rulesEqual(rule, before, this.#reconciler.keys.identity)) return;
        this.#reconciler.tell(
            `the rule of bucket ${bucket} was changed outside this stack: ${describeRule(before)} → ${describeRule(rule)}`,
        );
        this.#reconciler.tellOnce(
            `a rule that changes again after each deployment has a second owner, such as ${owner}`,
        );
    }
}

/** Why a resource without a change is updated. */
export const takenNotice = (bucket: string): string =>
    `this operation has removed the encryption rule of bucket ${bucket} with another resource, before this one was declared: it is written again`;

function keptState(bucket: string, inputs: Properties, record: RuleRecord): BucketEncryptionState {
    return { ...statePropertiesOf(inputs, record), bucket };
}
