import { UserError } from "../errors";
import {
    type NotYetKnown,
    nearestSpelling,
    notYetKnown,
    observedRuleOf,
    type RuleIssue,
    rowsOf,
    type StoreCapabilities,
    validateRule,
    valueIssues,
} from "../rule";
import { argumentNames, declarationArguments, type OnDelete } from "./argument-rows";
import { canonicalInputs, withoutRule } from "./compare-declarations";
import {
    type Behaviour,
    type Declaration,
    holdsUnknown,
    isKnown,
    type KnownDeclaration,
    type Properties,
    type ResourceState,
    type RuleRecord,
} from "./declaration";
import { type DeclarationContext, identityOf, Place } from "./place";
import { PlaceReader } from "./place-reader";

/** A typed declaration, or all issues of what was declared. The canonical properties are there in both cases. */
export type ParsedDeclaration = { readonly inputs: Properties } & (
    | { readonly issues: readonly []; readonly declaration: Declaration }
    | { readonly issues: readonly [RuleIssue, ...RuleIssue[]]; readonly declaration?: never }
);

/** The arguments that must be known before a bucket is reached. */
const openingNames = ["store", "region", "endpoint", "forcePathStyle"] as const;

const behaviourRows = rowsOf(declarationArguments).filter(([, { role }]) => role === "behaviour");

/** The arguments by which a bucket is reached to look its rule up: `deletionIsSafe` is about writes. */
export const lookupNames: readonly string[] = rowsOf(declarationArguments).flatMap(([name, { role }]) =>
    role === "place" && name !== "deletionIsSafe" ? [name] : [],
);

/**
 * Reads declarations and states into typed values. The code behind it works on these values and checks nothing again. Makes no
 * request.
 */
export class DeclarationParser {
    readonly places: PlaceReader;

    constructor(context: DeclarationContext) {
        this.places = new PlaceReader(context);
    }

    /** The meaning of an absent `store`. */
    get defaultStore(): string | undefined {
        return this.places.stores[0];
    }

    /** Reads the declaration of one bucket. */
    parseDeclaration(raw: Properties): ParsedDeclaration {
        const inputs = canonicalInputs(raw);
        const features = this.places.features(inputs);
        const { issues: ofRule, rule } = validateRule(inputs, features);
        const [first, ...others] = [
            ...unknownNames(inputs, argumentNames, "BucketEncryption"),
            ...this.#valueIssues(inputs, features),
            ...ofRule,
            ...keyLookupIssues(inputs.verifyKey, features),
            ...this.places.issues(inputs),
        ];
        if (first !== undefined) return { inputs, issues: [first, ...others] };
        return { inputs, issues: [], declaration: this.#declaration(inputs, rule ?? notYetKnown) };
    }

    /** Reads the arguments of a lookup. */
    parseLookup(raw: Properties): { readonly inputs: Properties; readonly issues: readonly RuleIssue[] } {
        const inputs = canonicalInputs(raw);
        const issues = [
            ...unknownNames(inputs, lookupNames, "getBucketEncryption"),
            ...this.#valueIssues(inputs, this.places.features(inputs)).filter(({ path }) => lookupNames.includes(path)),
            ...this.places.issues(inputs),
        ];
        return { inputs, issues };
    }

    /** As `parseDeclaration`, for inputs that were checked. @throws UserError of kind `invalid-rule` when they are not right or known */
    parseKnown(raw: Properties): KnownDeclaration {
        const { issues, declaration } = this.parseDeclaration(raw);
        if (declaration !== undefined && isKnown(declaration)) return declaration;
        const faults = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
        const what = `The rule cannot be written: ${faults || "a part of the declaration is not known"}`;
        throw new UserError("invalid-rule", what, typeof raw.bucket === "string" ? { bucket: raw.bucket } : {});
    }

    /**
     * Reads the state of a resource. Another version of this package may have written it, and it contains what a service showed: values
     * of an unexpected type are left out.
     * @param bucket the resource's id
     */
    parseState(raw: Properties, bucket: string): ResourceState {
        const properties = canonicalInputs(raw);
        const { onDelete, forceDelete } = properties;
        return {
            place: new Place(bucket, this.places.read(properties)),
            record: recordOf(properties),
            onDelete: isOnDelete(onDelete) ? onDelete : declarationArguments.onDelete.default,
            forceDelete: forceDelete === true,
            properties,
        };
    }

    /** The rule that checked inputs declare; `notYetKnown` while a part of it is. */
    ruleIn(inputs: Properties): Declaration["rule"] {
        return validateRule(inputs, this.places.features(inputs)).rule ?? notYetKnown;
    }

    /** The behaviour that checked inputs declare, with the defaults filled in. */
    behaviourOf(inputs: Properties): { readonly [name in keyof Behaviour]: Behaviour[name] | NotYetKnown } {
        const values = behaviourRows.map(([name, row]) => [name, inputs[name] ?? row.default]);
        // The checks of the rows accept exactly the values of the type.
        return Object.fromEntries(values);
    }

    /** The account for which the bucket is reached. */
    accountOf({ account }: Properties): Declaration["account"] {
        if (holdsUnknown(account)) return notYetKnown;
        return isObject(account) ? account : undefined;
    }

    /** How a bucket is reached, if all of it is known. */
    reachOf(inputs: Properties): Declaration["reach"] {
        const isOpen = openingNames.some((name) => inputs[name] === notYetKnown) || holdsUnknown(inputs.account);
        return isOpen ? notYetKnown : this.places.read(inputs);
    }

    identityOf(bucket: string, { store }: Properties): Declaration["identity"] {
        return store === notYetKnown ? notYetKnown : identityOf(this.places.storeOf({ store }), bucket);
    }

    #valueIssues(inputs: Properties, features: StoreCapabilities | undefined): RuleIssue[] {
        return rowsOf(declarationArguments).flatMap(([name, row]) => {
            const value = inputs[name];
            // `validateRule` checks the rule, and the kind of store checks the bucket's place.
            if (row.role === "rule" || (row.role === "place" && row.type === "string" && value !== undefined))
                return [];
            return valueIssues(name, row, value, features, name === "store" ? this.places.stores : row.values);
        });
    }

    #declaration(inputs: Properties, rule: Declaration["rule"]): Declaration {
        const { bucket } = inputs;
        const isNamed = typeof bucket === "string";
        const reach = this.reachOf(inputs);
        return {
            ...this.behaviourOf(inputs),
            bucket: isNamed ? bucket : notYetKnown,
            identity: isNamed ? this.identityOf(bucket, inputs) : notYetKnown,
            reach,
            place: isNamed && reach !== notYetKnown ? new Place(bucket, reach) : notYetKnown,
            rule,
            account: this.accountOf(inputs),
            inputs,
        };
    }
}

/** A state's properties: the declared arguments, and the record of the rule. */
export function statePropertiesOf(
    declared: Properties,
    { rule, written, previous, region, unconfirmed }: RuleRecord,
): Properties {
    return canonicalInputs({
        ...withoutRule(declared),
        ...rule,
        previousRule: previous,
        writtenRule: written,
        bucketRegion: region,
        unconfirmed: unconfirmed === true ? true : undefined,
    });
}

function recordOf(properties: Properties): RuleRecord {
    const { previousRule, writtenRule, bucketRegion, unconfirmed } = properties;
    const rule = observedRuleOf(properties);
    const previous = isObject(previousRule) ? observedRuleOf(previousRule) : undefined;
    const written = isObject(writtenRule) ? observedRuleOf(writtenRule) : undefined;
    return {
        ...(rule && { rule }),
        ...(written && { written }),
        ...(previous && { previous }),
        ...(typeof bucketRegion === "string" && { region: bucketRegion }),
        ...(unconfirmed === true && { unconfirmed }),
    };
}

/** @param of what has the allowed properties */
function unknownNames(inputs: Properties, allowed: readonly string[], of: string): RuleIssue[] {
    return Object.keys(inputs)
        .filter((name) => !allowed.includes(name))
        .map((path) => {
            const meant = nearestSpelling(path, allowed);
            const hint = meant ? `; did you mean "${meant}"?` : `, which are ${allowed.join(", ")}`;
            return { code: "not-allowed", path, message: `is not one of the properties of ${of}${hint}` };
        });
}

function keyLookupIssues(verifyKey: unknown, features: StoreCapabilities | undefined): RuleIssue[] {
    if (verifyKey !== true || features?.keyLookup !== false) return [];
    const message = `cannot be true, since keys of the store "${features.store}" cannot be looked up; remove it`;
    return [{ code: "not-allowed", path: "verifyKey", message }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null;
}

function isOnDelete(value: unknown): value is OnDelete {
    return (declarationArguments.onDelete.values as readonly unknown[]).includes(value);
}
