import * as pulumi from "@pulumi/pulumi";
import {
    type DeclaredAccount,
    encryptionBaselineType,
    isOfRule,
    type Properties,
    type ReachableTarget,
} from "../declaration";
import { capitalized, UserError } from "../errors";
import { type BucketAccess, type BucketLister, listerProperty, newBucketAccess, storeNames } from "../provider";
import { baselineIssues } from "./baseline-issues";
import { type BaselinePlan, planBaseline } from "./baseline-plan";
import { type BucketChoice, chooseBuckets } from "./bucket-choice";
import { declareBucketEncryption } from "./bucket-encryption";
import { declareBucketEncryptionSet, PackedBuckets, type RuleOverride } from "./bucket-encryption-set";
import { requireArguments } from "./constructor-checks";
import type { OwnArgs, SharedArgs } from "./declared-args";
import { programError, throwReported } from "./program-error";
import { refuseUnusableSettings } from "./usable-settings";

/** An encryption rule for all buckets of an account that are selected by name, pattern, tag or region. */
export type EncryptionBaselineArgs = SharedArgs &
    OwnArgs<"onDelete"> & {
        /** Selects among the buckets that exist when the program runs: one that is created tomorrow is in the next preview. */
        readonly select: BucketChoice;
        /** Rules of some buckets that differ, by names or patterns of names, each with its reason. */
        readonly overrides?: Readonly<Record<string, RuleOverride & { readonly reason: string }>>;
        /** Buckets that get no rule, by names or patterns of names, with the reason. */
        readonly exclude?: Readonly<Record<string, string>>;
        /** `each` (default): a resource for each bucket. `set`: one resource for all, for hundreds and thousands of buckets. */
        readonly granularity?: "each" | "set";
        /** Whether the selection may be empty, as in a new account. Default: `false`, which makes that an error. */
        readonly allowEmpty?: boolean;
    };

const mostListed = 100;

/** How a baseline declares its resources. */
export interface DeclaredKind {
    each(name: string, args: Properties, options: pulumi.CustomResourceOptions): void;
    set(
        name: string,
        args: Properties & { readonly buckets: PackedBuckets },
        options: pulumi.CustomResourceOptions,
    ): void;
}

const dynamicKind: DeclaredKind = { each: declareBucketEncryption, set: declareBucketEncryptionSet };

/**
 * Declares one rule for many buckets of an account.
 *
 * ```ts
 * new EncryptionBaseline("production", { select: { tags: { stage: "production" } }, sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
export class EncryptionBaseline extends pulumi.ComponentResource {
    /** How many buckets have the rule or an override. */
    readonly buckets: pulumi.Output<number>;
    /** Selected buckets that are excluded, with the reasons. */
    readonly excluded: pulumi.Output<Readonly<Record<string, string>>>;

    /** Which kind of resources the baseline declares. */
    protected get kind(): DeclaredKind {
        return dynamicKind;
    }

    constructor(name: string, args: EncryptionBaselineArgs, options?: pulumi.ComponentResourceOptions) {
        requireArguments(`The baseline ${JSON.stringify(name)}`, args);
        refuseUnusableSettings();
        const issues = baselineIssues(args);
        if (issues.length > 0) throw refused(`The baseline ${JSON.stringify(name)} is not valid: ${issues.join("; ")}`);
        super(encryptionBaselineType, name, {}, options);
        const done = keepAlive();
        const { store, region, endpoint, forcePathStyle, account } = args;
        const places = pulumi.output({ store, region, endpoint, forcePathStyle, account });
        // A preview that does not know them yet lists no buckets.
        void (places as typeof places & { isKnown?: Promise<boolean> }).isKnown?.then((isKnown) => isKnown || done());
        const summary = places.apply(async (place) => {
            try {
                const plan = await planOf(args, place as Place);
                refuseEmpty(name, args, plan);
                warnOfUnused(this, plan);
                if (args.granularity !== "set") this.#declareEach(name, args, plan);
                return summaryOf(args, plan);
            } catch (error) {
                return await throwReported(error);
            } finally {
                done();
            }
        });
        if (args.granularity === "set") this.#declareSet(name, args, summary);
        this.buckets = summary.buckets;
        this.excluded = summary.excluded;
        this.registerOutputs({ buckets: this.buckets, excluded: this.excluded });
    }

    #declareEach(name: string, args: EncryptionBaselineArgs, { buckets, overrides, lister }: Plan): void {
        const shared = Object.entries(resourceArgs(args));
        const withoutRule = Object.fromEntries(shared.filter(([property]) => !isOfRule(property)));
        for (const [bucket, { region }] of buckets) {
            const override = overrides.get(bucket);
            const declared = override === undefined ? resourceArgs(args) : { ...withoutRule, ...ruleArgs(override) };
            const own = {
                bucket,
                ...(region !== undefined && { region }),
                ...(lister && { [listerProperty]: lister }),
            };
            this.kind.each(`${name}-${bucket}`, { onDelete: "retain", ...declared, ...own }, { parent: this });
        }
    }

    #declareSet(name: string, args: EncryptionBaselineArgs, summary: pulumi.Output<Summary>): void {
        const { overrides = {} } = args;
        // Arguments have overrides by pattern or name, sets by bucket. They are known when the buckets are.
        const ofBuckets = pulumi
            .all([summary.overridden, pulumi.output(overrides)])
            .apply(([overridden, rules]) =>
                Object.fromEntries(Object.entries(overridden).map(([bucket, key]) => [bucket, rules[key]])),
            );
        const declared = {
            ...resourceArgs(args),
            buckets: new PackedBuckets(summary.packed),
            selection: summary.selection,
            [listerProperty]: summary.lister,
            ...(Object.keys(overrides).length > 0 && { overrides: ofBuckets }),
        };
        this.kind.set(name, declared, { parent: this });
    }
}

interface Place {
    readonly store?: string;
    readonly region?: string;
    readonly endpoint?: string;
    readonly forcePathStyle?: boolean;
    readonly account?: DeclaredAccount;
}

/** A plan in a form that outputs pass on quickly for any number of buckets. */
interface Summary {
    readonly buckets: number;
    readonly excluded: Record<string, string>;
    readonly packed: string;
    readonly selection: Record<string, unknown>;
    readonly lister: BucketLister | undefined;
    /** Overridden buckets, with the name or pattern of the override. */
    readonly overridden: Record<string, string>;
}

/** Each override has the name or pattern of its declaration. */
type Plan = BaselinePlan<RuleOverride & { readonly key: string }> & { readonly lister?: BucketLister };

/** Lists the account's buckets with the credentials of the program's process, after the same account guard. */
async function planOf(args: EncryptionBaselineArgs, place: Place): Promise<Plan> {
    const access = programAccess();
    const { account, store = storeNames()[0] } = place;
    if (!storeNames().includes(store)) {
        const allowed = storeNames().map((name) => JSON.stringify(name));
        throw refused(`\`store\` is ${JSON.stringify(store)}; allowed are ${allowed.join(", ")}`);
    }
    const faults = access.accountIssues(account, store);
    if (faults.length > 0) throw refused(faults.map(({ path, message }) => `${path} ${message}`).join("; "));
    const strangers = await access.identityIssues(account, store, (text) => void pulumi.log.warn(text));
    if (strangers.length > 0) {
        throw programError(new UserError("wrong-account", capitalized(strangers[0]?.message ?? "")));
    }
    let owner: string | undefined;
    const chosen = await readable(async () => {
        const directory = access.directory(targetOf(place, store));
        return chooseBuckets(args.select, {
            async *listBuckets(selection) {
                for await (const summary of directory.listBuckets(selection)) {
                    owner ??= summary.owner;
                    yield summary;
                }
            },
        });
    });
    const lister = owner && (await readable(() => access.listerWith(account, store, owner as string)));
    const overrides = Object.entries(args.overrides ?? {}).map(([key, rule]) => [key, { ...rule, key }] as const);
    const plan = planBaseline(chosen, Object.fromEntries(overrides), args.exclude ?? {});
    return { ...plan, ...(lister && { lister }) };
}

function summaryOf(args: EncryptionBaselineArgs, plan: Plan): Summary {
    const { names, patterns, tags, regions, all } = args.select;
    const excluded = Object.fromEntries([...plan.excluded].slice(0, mostListed));
    const selection = {
        ...(names !== undefined && { names: names.length }),
        ...(patterns !== undefined && { patterns }),
        ...(tags !== undefined && { tags }),
        ...(regions !== undefined && { regions }),
        ...(all === true && { all }),
        ...(plan.excluded.size > 0 && { excluded }),
    };
    return {
        buckets: plan.buckets.size,
        excluded,
        packed: args.granularity === "set" ? PackedBuckets.of(plan.buckets) : "",
        selection,
        lister: plan.lister,
        overridden: Object.fromEntries([...plan.overrides].map(([bucket, { key }]) => [bucket, key])),
    };
}

/** A misspelt pattern or tag must not pass for a protected account. */
function refuseEmpty(name: string, { allowEmpty }: EncryptionBaselineArgs, { buckets, excluded }: Plan): void {
    if (allowEmpty === true || buckets.size + excluded.size > 0) return;
    throw refused(
        `The baseline ${JSON.stringify(name)} selects no bucket`,
        "Correct `select`, or set `allowEmpty: true` if the account may have no such bucket.",
    );
}

function warnOfUnused(component: EncryptionBaseline, { unused }: BaselinePlan<unknown>): void {
    if (unused.length === 0) return;
    const what = `no selected bucket matches ${unused.slice(0, 10).join(", ")} of the overrides and exclusions`;
    void pulumi.log.warn(what, component);
}

/** The arguments that are passed on to the resources. */
function resourceArgs({
    select: _,
    overrides: __,
    exclude: ___,
    granularity: ____,
    allowEmpty: _____,
    ...args
}: EncryptionBaselineArgs): Properties {
    return args;
}

function ruleArgs(override: RuleOverride): Properties {
    return Object.fromEntries(Object.entries(override).filter(([name]) => isOfRule(name)));
}

const accesses = new WeakMap<object, BucketAccess>();

/** One for each run of a program; a process may run several. */
function programAccess(): BucketAccess {
    const { getStackResource } = pulumi.runtime as { getStackResource?: () => object | undefined };
    const run = getStackResource?.() ?? {};
    let access = accesses.get(run);
    if (access === undefined) {
        access = newBucketAccess({ get: (key: string) => pulumi.runtime.getConfig(key) });
        accesses.set(run, access);
    }
    return access;
}

/** Where the buckets are: the arguments, then configuration and environment. */
function targetOf({ region, endpoint, forcePathStyle, account }: Place, store: string): ReachableTarget {
    return {
        store,
        ...(region !== undefined && { region }),
        ...(endpoint !== undefined && { endpoint }),
        ...(forcePathStyle !== undefined && { forcePathStyle }),
        ...(account !== undefined && { account }),
    };
}

/** Keeps an engine from ending a program in its own process while buckets are listed. */
function keepAlive(): () => void {
    const { rpcKeepAlive } = pulumi.runtime as { rpcKeepAlive?: () => () => void };
    return rpcKeepAlive?.() ?? (() => undefined);
}

async function readable<T>(list: () => Promise<T>): Promise<T> {
    try {
        return await list();
    } catch (error) {
        // A user's mistake has no stack.
        throw error instanceof UserError ? programError(error) : error;
    }
}

function refused(what: string, cure?: string): Error {
    return programError(new UserError("invalid-baseline", what, {}, cure === undefined ? {} : { cure }));
}
