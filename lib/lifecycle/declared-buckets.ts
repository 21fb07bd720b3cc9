import { type Declaration, isRecord, type Place, type RuleRecord } from "../declaration";
import { UserError } from "../errors";
import { type KeyIdentity, notYetKnown, type ObservedRule, observedRuleOf, rulesEqual } from "../rule";
import type { LifecyclePorts } from "./lifecycle-ports";

/**
 * A fact about a bucket that one provider process of an operation shares with the others. Processes of several versions of this
 * package may work in one operation, so a fact never changes its meaning.
 */
export type BucketFact =
    /** A resource declares a rule for it. `key` and `rule` are left out while a part of the declaration is not known. */
    | { readonly fact: "declared"; readonly identity: string; readonly key?: string; readonly rule?: ObservedRule }
    /** The state had this record of it, or it was created with this record, at the service of `key`. */
    | {
          readonly fact: "state" | "created";
          readonly identity: string;
          readonly key: string;
          readonly record: RuleRecord;
      }
    /** Its rule is being taken away. */
    | { readonly fact: "leaving"; readonly identity: string }
    /** That has ended. `isTaken` says that the rule may be gone; it is left out where the bucket kept it. */
    | { readonly fact: "left"; readonly identity: string; readonly isTaken?: true };

/** The other provider processes of the same operation: one for each provider instance, and one for each version of it. */
export interface OtherProcesses {
    /** Returns when the others can read it. @throws UserError of kind `declarations-not-shared` */
    tell(facts: readonly BucketFact[]): void;
    /** What the others have shared since the last call. @throws UserError of kind `declarations-not-shared` */
    news(): Iterable<{ readonly process: string; readonly shared: BucketFact }>;
    isRunning(process: string): boolean;
}

/** How long to wait before checking again whether another process has removed a rule. */
const pollMilliseconds = 50;

/** The buckets that the resources of a stack declare in one operation, and what the operation learned of their rules. */
export class DeclaredBuckets {
    readonly #others: OtherProcesses | undefined;
    /** Identities of places, see `Place.identity`. */
    readonly #identities = new Set<string>();
    /** Declared rules by the keys of their places. */
    readonly #rules = new Map<string, ObservedRule>();
    readonly #leaving = new Map<string, Promise<void>>();
    /** Identities of places whose rule this operation has removed, or may have removed. */
    readonly #taken = new Set<string>();
    /** The processes that are removing rules, by the places' identities. */
    readonly #leavingElsewhere = new Map<string, Set<string>>();
    /** Records from the states of this operation, by the places' keys: two services may both have a bucket of one name. */
    readonly #records = new Map<string, RuleRecord>();
    /** Records of resources that were created in this operation, by the places' keys. */
    readonly #created = new Map<string, RuleRecord>();

    /** @param others absent where this process is the only one of its operation */
    constructor(others?: OtherProcesses) {
        this.#others = others;
    }

    has(place: Place): boolean {
        this.#learn();
        return this.#identities.has(place.identity);
    }

    /**
     * Notes that resources declare rules for buckets. An engine checks a resource twice when it replaces it, so the same rule may be
     * noted again.
     * @returns for each declaration the other rule that another resource declares for its bucket
     */
    claim(
        declarations: Iterable<Pick<Declaration, "identity" | "place" | "rule">>,
        keyIdentity: KeyIdentity,
    ): (ObservedRule | undefined)[] {
        this.#learn();
        const facts: BucketFact[] = [];
        const others: (ObservedRule | undefined)[] = [];
        // One at a time, since a set may declare very many.
        for (const { identity, place, rule } of declarations) {
            if (identity === notYetKnown) {
                others.push(undefined);
                continue;
            }
            const known = place === notYetKnown || rule === notYetKnown ? undefined : { key: place.key, rule };
            facts.push({ fact: "declared", identity, ...known });
            this.#identities.add(identity);
            const other = known && this.#rules.get(known.key);
            if (known !== undefined) this.#rules.set(known.key, known.rule);
            // A declaration that leaves a setting out keeps that of the other, whichever of the two comes first.
            const equals = (one: ObservedRule, two: ObservedRule) => rulesEqual(one, two, keyIdentity);
            const isOther = known && other && !equals(known.rule, other) && !equals(other, known.rule);
            others.push(isOther ? other : undefined);
        }
        this.#others?.tell(facts);
        return others;
    }

    /** Keeps the records of a resource's state, for a resource that replaces it in this operation. */
    noteStates(states: readonly (readonly [Place, RuleRecord])[]): void {
        for (const [{ key }, record] of states) this.#records.set(key, record);
        this.#mention(states.map(([{ identity, key }, record]) => ({ fact: "state", identity, key, record })));
    }

    recordAt(place: Place): RuleRecord | undefined {
        this.#learn();
        return this.#records.get(place.key);
    }

    noteCreated({ identity, key }: Place, record: RuleRecord): void {
        this.#created.set(key, record);
        this.#mention([{ fact: "created", identity, key, record }]);
    }

    createdAt(place: Place): RuleRecord | undefined {
        this.#learn();
        return this.#created.get(place.key);
    }

    /**
     * Removes the rule of a bucket, unless a resource declares it. A resource that declares it later waits for the removal, so that
     * it does not adopt a rule that is about to be removed. Each process writes before it reads: a declaring process writes the
     * declaration and then looks for removals, a removing one announces the removal and then looks for declarations. So at least
     * one of the two sees the other.
     * @returns whether the rule was removed
     */
    async leave(place: Place, work: () => Promise<void>): Promise<boolean> {
        const { identity } = place;
        this.#others?.tell([{ fact: "leaving", identity }]);
        let isTaken = false;
        try {
            if (this.has(place)) return false;
            isTaken = true;
            this.#taken.add(identity);
            const leaving = work();
            this.#leaving.set(
                identity,
                leaving.catch(() => undefined),
            );
            await leaving;
            return true;
        } finally {
            this.#mention([{ fact: "left", identity, ...(isTaken && { isTaken }) }]);
        }
    }

    /**
     * Returns for each bucket whether this operation has removed its rule, or may be doing so. An engine that deletes a resource
     * before its replacement may do that before it checks another resource for the bucket (`deleteBeforeReplace`).
     * @returns undefined where that is true of no bucket
     */
    taken(): ((place: Place) => boolean) | undefined {
        this.#learn();
        const leaving = [...this.#leavingElsewhere].filter(([, processes]) => processes.size > 0);
        const identities = new Set([...this.#taken, ...leaving.map(([identity]) => identity)]);
        return identities.size === 0 ? undefined : ({ identity }) => identities.has(identity);
    }

    /** Resolves when no resource is removing the bucket's rule. @param wait rejects when the operation is cancelled */
    async settled({ identity }: Place, wait: LifecyclePorts["wait"]): Promise<void> {
        await this.#leaving.get(identity);
        for (;;) {
            this.#learn();
            const processes = [...(this.#leavingElsewhere.get(identity) ?? [])];
            if (!processes.some((process) => this.#others?.isRunning(process))) return;
            await wait(pollMilliseconds);
        }
    }

    /** Shares facts for a warning or a better record. No rule depends on them, so an unusable folder is no error here. */
    #mention(facts: readonly BucketFact[]): void {
        try {
            this.#others?.tell(facts);
        } catch (error) {
            if (!(error instanceof UserError)) throw error;
        }
    }

    #learn(): void {
        for (const { process, shared } of this.#others?.news() ?? []) {
            const { identity } = shared;
            switch (shared.fact) {
                case "declared":
                    this.#identities.add(identity);
                    if (shared.key !== undefined && shared.rule !== undefined) this.#rules.set(shared.key, shared.rule);
                    break;
                case "state":
                    this.#records.set(shared.key, shared.record);
                    break;
                case "created":
                    this.#created.set(shared.key, shared.record);
                    break;
                case "leaving":
                    this.#leavingElsewhere.set(
                        identity,
                        (this.#leavingElsewhere.get(identity) ?? new Set()).add(process),
                    );
                    break;
                case "left":
                    this.#leavingElsewhere.get(identity)?.delete(process);
                    if (shared.isTaken) this.#taken.add(identity);
                    break;
            }
        }
    }
}

/**
 * Reads a fact of another process. A kind that only another version knows is no fault.
 * @returns `undefined` for what is no fact
 */
export function readBucketFact(value: unknown): BucketFact | undefined {
    if (!isRecord(value)) return undefined;
    const { fact, identity, key, rule, record, isTaken } = value;
    if (typeof fact !== "string" || typeof identity !== "string") return undefined;
    switch (fact) {
        case "declared": {
            if (key === undefined && rule === undefined) return { fact, identity };
            const declared = readRule(rule);
            return typeof key === "string" && declared ? { fact, identity, key, rule: declared } : undefined;
        }
        case "state":
        case "created": {
            const read = readRecord(record);
            return read === undefined || typeof key !== "string" ? undefined : { fact, identity, key, record: read };
        }
        case "left":
            return { fact, identity, ...(isTaken === true && { isTaken }) };
        default:
            return { fact: fact as "leaving", identity };
    }
}

/** @returns `undefined` for what is no record */
function readRecord(value: unknown): RuleRecord | undefined {
    if (!isRecord(value)) return undefined;
    const { region, unconfirmed, ...rules } = value;
    const read = (["rule", "written", "previous"] as const).flatMap((name) =>
        rules[name] === undefined ? [] : [[name, readRule(rules[name])] as const],
    );
    if (read.some(([, rule]) => rule === undefined)) return undefined;
    return {
        ...Object.fromEntries(read),
        ...(typeof region === "string" && { region }),
        ...(typeof unconfirmed === "boolean" && { unconfirmed }),
    };
}

const readRule = (value: unknown): ObservedRule | undefined => (isRecord(value) ? observedRuleOf(value) : undefined);
