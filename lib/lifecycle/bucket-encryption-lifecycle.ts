import { ServiceError, UserError } from "../errors";
import { canonicalizeRule, nearestSpelling, type RuleIssue, rulesEqual, validateRule } from "../rule";
import type { EncryptionStore } from "../stores";
import {
    type BucketEncryptionInputs,
    type BucketEncryptionState,
    type DeclaredProperties,
    declarablePropertyNames,
} from "./bucket-encryption-properties";
import type { LifecyclePorts, ReachableTarget } from "./lifecycle-ports";

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
    /** Buckets that the stack's program has declared in this operation; see `remove`. */
    readonly #declaredBuckets = new Set<unknown>();

    constructor(ports: LifecyclePorts) {
        this.#ports = ports;
    }

    /** Finds every fault of a declaration at once, without any request. */
    check(declared: DeclaredProperties): CheckOutcome {
        const inputs = canonicalInputs(declared);
        this.#declaredBuckets.add(inputs.bucket);
        const issues = [
            ...unknownPropertyIssues(inputs),
            ...bucketIssues(inputs.bucket),
            ...validateRule(inputs).issues,
            ...this.#targetIssues(inputs),
        ];
        return { inputs, issues };
    }

    /** What differs between a state and checked inputs. A value that isn't known yet differs from every other. */
    diff(state: DeclaredProperties, inputs: DeclaredProperties): DiffOutcome {
        const before = comparable(state);
        const after = comparable(inputs);
        const names = new Set([...declarablePropertyNames, ...Object.keys(before), ...Object.keys(after)]);
        const changed = [...names].filter((name) => before[name] !== after[name]);
        return { changed, replaces: changed.filter((name) => name === "bucket") };
    }

    /** Brings the bucket's rule to what is declared, and returns the state to keep. */
    async create(inputs: BucketEncryptionInputs): Promise<BucketEncryptionState> {
        await this.#converge(inputs);
        return stateOf(inputs);
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
        const target = targetOf(known);
        const request = this.#open(target).getRule(bucket);
        const wasKnown = known.sseAlgorithm !== undefined;
        const rule = await (wasKnown ? unlessAbsent(request, "rule-not-found", "bucket-not-found") : request);
        return rule === undefined ? undefined : { bucket, ...canonicalizeRule(rule), ...target };
    }

    /** Brings the bucket's rule to what is declared now, and returns the state to keep. */
    async update(inputs: BucketEncryptionInputs): Promise<BucketEncryptionState> {
        await this.#converge(inputs);
        return stateOf(inputs);
    }

    /**
     * Removes the bucket's rule. What is gone already is no error.
     *
     * A bucket that the program declared in this same operation keeps its rule: the resource to be deleted then merely
     * gave way to another one for the same bucket (it was renamed, or replaced on somebody's demand), and removing the rule
     * would remove the very one that was just written.
     */
    async remove(bucket: string, state: DeclaredProperties): Promise<void> {
        if (this.#declaredBuckets.has(bucket)) {
            this.#ports.notice(
                `the encryption rule of bucket ${bucket} stays, since the stack still declares one for it`,
            );
            return;
        }
        await unlessAbsent(this.#open(targetOf(state)).deleteRule(bucket), "rule-not-found", "bucket-not-found");
    }

    /** Observe, compare canonical forms, write only a difference: the one way in which rules are written. */
    async #converge(inputs: BucketEncryptionInputs): Promise<void> {
        const { rule, issues } = validateRule({ ...inputs });
        if (rule === undefined) {
            const faults = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
            const where = { bucket: inputs.bucket };
            throw new UserError(
                "invalid-rule",
                `The rule can't be written: ${faults || "a part of it isn't known"}`,
                where,
            );
        }
        const store = this.#open(targetOf({ ...inputs }));
        const observed = await unlessAbsent(store.getRule(inputs.bucket), "rule-not-found");
        if (observed === undefined || !rulesEqual(observed, rule)) await store.putRule(inputs.bucket, rule);
    }

    #open(target: ReachableTarget): EncryptionStore {
        const { region, endpoint } = this.#ports.settings();
        return this.#ports.open({
            ...(region && { region: region.value }),
            ...(endpoint && { endpoint: endpoint.value }),
            ...target,
        });
    }

    #targetIssues(inputs: DeclaredProperties): RuleIssue[] {
        const settings = this.#ports.settings();
        const region = inputs.region ?? settings.region?.value;
        const endpoint = inputs.endpoint ?? settings.endpoint?.value;
        if (region === undefined && endpoint === undefined) {
            const message =
                "is required: set it here, as bucket-encryption:region in the stack's configuration, or as OSS_REGION in the environment";
            return [{ code: "required", path: "region", message }];
        }
        const issues = this.#ports.family.validateTarget({ bucket: inputs.bucket, region, endpoint });
        return issues.map((issue) => {
            const setting =
                inputs[issue.path] === undefined ? settings[issue.path as keyof typeof settings] : undefined;
            return setting === undefined ? issue : { ...issue, message: `${issue.message} (from ${setting.source})` };
        });
    }
}

/** The one place that tells absences from everything else: those named are `undefined`, all other errors pass through. */
async function unlessAbsent<T>(
    request: Promise<T>,
    ...absences: readonly ("rule-not-found" | "bucket-not-found")[]
): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ServiceError && absences.some((kind) => kind === error.kind)) return undefined;
        throw error;
    }
}

/** What is empty means the same as what is left out, and is left out. */
function canonicalInputs(declared: DeclaredProperties): DeclaredProperties {
    return Object.fromEntries(
        Object.entries(declared).filter(([, value]) => value !== undefined && value !== null && value !== ""),
    );
}

function unknownPropertyIssues(inputs: DeclaredProperties): RuleIssue[] {
    return Object.keys(inputs)
        .filter((name) => !(declarablePropertyNames as readonly string[]).includes(name))
        .map((path) => {
            const meant = nearestSpelling(path, declarablePropertyNames);
            const hint = meant ? `; did you mean "${meant}"?` : `, which are ${declarablePropertyNames.join(", ")}`;
            return { code: "not-allowed", path, message: `is not one of the properties of BucketEncryption${hint}` };
        });
}

function bucketIssues(bucket: unknown): RuleIssue[] {
    return bucket === undefined
        ? [{ code: "required", path: "bucket", message: "is required: the name of the bucket" }]
        : [];
}

/** The properties of a state or of inputs as they are compared: flat, and with the rule in canonical form. */
function comparable(properties: DeclaredProperties): DeclaredProperties {
    const { unrecognized, ...declared } = canonicalInputs(properties);
    const dataEncryption = declared.kmsDataEncryption === "AES256" ? undefined : declared.kmsDataEncryption;
    return { ...declared, kmsDataEncryption: dataEncryption, ...(unrecognized as DeclaredProperties | undefined) };
}

function targetOf(properties: DeclaredProperties): ReachableTarget {
    const { region, endpoint } = properties;
    return {
        ...(typeof region === "string" && region !== "" ? { region } : {}),
        ...(typeof endpoint === "string" && endpoint !== "" ? { endpoint } : {}),
    };
}

function stateOf(inputs: BucketEncryptionInputs): BucketEncryptionState {
    return canonicalInputs({ ...inputs }) as unknown as BucketEncryptionState;
}
