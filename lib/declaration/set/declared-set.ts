import { type NotYetKnown, notYetKnown, rulePropertyNames, type ServerSideEncryptionRule } from "../../rule";
import { withoutRule } from "../compare-declarations";
import { type Declaration, isRecord, known, type Properties } from "../declaration";
import type { DeclarationParser } from "../declaration-parser";
import { Place, type Reach } from "../place";
import { type Members, unpackMembers } from "./members";
import { setOnDelete, sharedProperties } from "./set-arguments";

/** A declared set: its buckets, and the declaration of each. */
export class DeclaredSet {
    readonly members: Members;
    /** The common declaration. */
    readonly shared: Properties;
    /** The common behaviour. */
    readonly behaviour: ReturnType<DeclarationParser["behaviourOf"]>;
    readonly #parser: DeclarationParser;
    readonly #overrides: Properties;
    /** By regions: the buckets of a region are reached in the same way. */
    readonly #reaches = new Map<string | undefined, Reach | NotYetKnown>();
    /** The rules of overridden buckets, and under `undefined` that of all others. So buckets with one rule share an object. */
    readonly #rules = new Map<string | undefined, ServerSideEncryptionRule | NotYetKnown>();

    /** @param inputs checked inputs, or a state */
    constructor(inputs: Properties, parser: DeclarationParser) {
        this.#parser = parser;
        this.members = unpackMembers(inputs) ?? new Map();
        this.shared = sharedProperties(inputs);
        this.behaviour = parser.behaviourOf({ onDelete: setOnDelete, ...this.shared });
        this.#overrides = isRecord(inputs.overrides) ? inputs.overrides : {};
    }

    /** The declared properties of one bucket. */
    propertiesOf(bucket: string): Properties {
        const region = this.members.get(bucket)?.region;
        const own = this.isOverridden(bucket)
            ? { ...withoutRule(this.shared), ...ruleOfOverride(this.#overrides[bucket]) }
            : this.shared;
        return region === undefined ? { ...own, bucket } : { ...own, region, bucket };
    }

    /** The declaration of one bucket. @param region where it is, if that is known */
    declarationOf(bucket: string, region = this.members.get(bucket)?.region): Declaration {
        const { shared, behaviour } = this;
        const reach = this.#reachIn(region);
        const place = reach === notYetKnown ? notYetKnown : new Place(bucket, reach);
        const identity = this.#parser.identityOf(bucket, shared);
        const account = this.#parser.accountOf(shared);
        return { ...behaviour, bucket, reach, place, identity, rule: this.ruleOf(bucket), account, inputs: shared };
    }

    /** The declarations of all buckets, one at a time. */
    *declarations(): Generator<Declaration> {
        for (const bucket of this.members.keys()) yield this.declarationOf(bucket);
    }

    /** Where a bucket of a state is. @param region where it was found, if it was */
    placeOf(bucket: string, region = this.members.get(bucket)?.region): Place {
        return new Place(bucket, known(this.#reachIn(region)));
    }

    /** Tells the service that has the buckets from others, see `Reach.service`. */
    get service(): string | NotYetKnown {
        const reach = this.#reachIn(undefined);
        return reach === notYetKnown ? notYetKnown : reach.service;
    }

    /** The declared rule of a bucket. */
    ruleOf(bucket: string): ServerSideEncryptionRule | NotYetKnown {
        const kind = this.isOverridden(bucket) ? bucket : undefined;
        let rule = this.#rules.get(kind);
        if (rule === undefined) {
            rule = this.#parser.ruleIn(kind === undefined ? this.shared : this.propertiesOf(bucket));
            this.#rules.set(kind, rule);
        }
        return rule;
    }

    #reachIn(region: string | undefined): Reach | NotYetKnown {
        let reach = this.#reaches.get(region);
        if (reach === undefined) {
            reach = this.#parser.reachOf(region === undefined ? this.shared : { ...this.shared, region });
            this.#reaches.set(region, reach);
        }
        return reach;
    }

    isOverridden(bucket: string): boolean {
        return Object.hasOwn(this.#overrides, bucket);
    }

    /** Buckets that stand for all, since the others differ from one of them only by their names. */
    examples(): string[] {
        const found = new Map<string | undefined, string>();
        for (const [bucket, { region }] of this.members) {
            if (this.isOverridden(bucket)) found.set(`override ${bucket}`, bucket);
            else if (!found.has(region)) found.set(region, bucket);
        }
        return [...found.values()];
    }
}

function ruleOfOverride(override: unknown): Properties {
    if (override === notYetKnown) return { sseAlgorithm: notYetKnown };
    if (!isRecord(override)) return {};
    return Object.fromEntries(
        rulePropertyNames.flatMap((name) => (override[name] === undefined ? [] : [[name, override[name]]])),
    );
}
