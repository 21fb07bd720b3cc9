import { type ObservedRule, rulesEqual } from "../../rule";
import { defaultStoreFamily, storeFamilyOf } from "../../stores";
import { possibleRules } from "../changes/possible-rules";
import { stackOf } from "../documents/review-files";
import { isHidden } from "../resources/hidden-value";
import { presentDeclarations } from "../resources/read-declarations";
import type { ResourceEntry } from "../resources/resource-entry";
import type { DeclarationWithRule, RuleDeclaration } from "../resources/rule-declaration";
import type { ManagingResource } from "./audit-report";

/** Which stack manages which bucket's rule, by exported states. */
export class StateIndex {
    readonly #byBucket = new Map<string, { resource: ManagingResource; declaration: DeclarationWithRule }[]>();
    readonly #states: number;
    readonly #store: string;
    readonly #service: string;
    #hiddenBuckets = 0;

    /**
     * Another kind of store, or another service of the kind, may have a bucket of the same name.
     * @param store the kind of store of the buckets
     * @param service that has them, see `StoreFamily.serviceAt`
     */
    constructor(
        states: readonly (readonly ResourceEntry[])[],
        store = defaultStoreFamily.name,
        service = cloudOf(store),
    ) {
        this.#service = service;
        this.#states = states.length;
        this.#store = store;
        for (const entries of states) this.#add(entries);
    }

    /** How many states it knows. */
    get states(): number {
        return this.#states;
    }

    /** The number of rules in the states whose bucket name is a secret. */
    get hiddenBuckets(): number {
        return this.#hiddenBuckets;
    }

    managing(bucket: string): readonly ManagingResource[] {
        return (this.#byBucket.get(bucket) ?? []).map(({ resource }) => resource);
    }

    /** The resources whose rule certainly differs from the bucket's. A hidden value is never certain. */
    differing(bucket: string, rule: ObservedRule | undefined): readonly ManagingResource[] {
        return (this.#byBucket.get(bucket) ?? [])
            .filter(({ declaration }) => {
                const { rules, hidden } = possibleRules(declaration.rule, "before");
                return hidden.length === 0 && !rules.some((declared) => rulesEqual(rule, declared));
            })
            .map(({ resource }) => resource);
    }

    #add(entries: readonly ResourceEntry[]): void {
        const stack = stackOf(entries) ?? "(a stack without resources)";
        for (const declaration of entries.flatMap(presentDeclarations)) {
            const { rule, store, bucket, isLeftover, urn } = declaration;
            if (rule === undefined || store !== this.#store || isLeftover || this.#isElsewhere(declaration)) continue;
            if (isHidden(bucket)) this.#hiddenBuckets += 1;
            else {
                const found = this.#byBucket.get(bucket) ?? [];
                found.push({ resource: { stack, urn }, declaration: { ...declaration, rule } });
                this.#byBucket.set(bucket, found);
            }
        }
    }

    /** A declaration without an endpoint may have one from the settings of its stack, which a state does not hold. */
    #isElsewhere({ store, access: { service } }: RuleDeclaration): boolean {
        return typeof service === "string" && service !== this.#service && service !== cloudOf(store);
    }
}

const cloudOf = (store: string): string => (storeFamilyOf(store) ?? defaultStoreFamily).serviceAt({});
