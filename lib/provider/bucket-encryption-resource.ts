import { type Declaration, notOutputs, notYetKnown, type Properties } from "../declaration";
import { UserError, warningOf } from "../errors";
import { BucketEncryptionLifecycle, type DiffOutcome } from "../lifecycle";
import { describeReplacement, describeRule, observedRuleOf, type RuleIssue, ruleChange } from "../rule";
import type { BucketLister } from "./bucket-access";
import { withoutNoted } from "./noted-inputs";
import type { ProviderProcess } from "./provider-process";
import type { CheckAnswer, ReadAnswer, ResourceOperations } from "./resource-operations";

/** The operations on a `BucketEncryption`. The id is the bucket's name. */
export class BucketEncryptionResource implements ResourceOperations {
    readonly #process: ProviderProcess;
    readonly #lifecycle: BucketEncryptionLifecycle;
    /** The states of imported buckets, by name. */
    readonly #imported = new Map<string, Properties>();

    constructor(process: ProviderProcess) {
        this.#process = process;
        this.#lifecycle = new BucketEncryptionLifecycle(process.ports(), {}, process.declared);
    }

    async check(
        before: Properties,
        declared: Properties,
        isPreview: boolean,
        lister?: BucketLister,
    ): Promise<CheckAnswer> {
        const { inputs, issues, declaration } = this.#lifecycle.check(withoutNoted(before, declared));
        const faults = [...issues, ...this.#process.accountIssues(inputs)];
        if (faults.length > 0 || declaration === undefined) return { inputs, issues: faults };
        const findings = await this.#findings(before, declaration, lister, isPreview);
        return { inputs, issues: isPreview ? findings : [] };
    }

    async findings(before: Properties, declared: Properties): Promise<readonly RuleIssue[]> {
        const { issues, declaration } = this.#lifecycle.check(declared);
        return declaration === undefined ? issues : this.#findings(before, declaration, undefined, true);
    }

    diff(state: Properties, inputs: Properties): DiffOutcome {
        const { changed, replaces } = this.#lifecycle.diff(state, inputs);
        // Engines refuse a replacement in the deployment that imports.
        if (replaces.length === 0) this.#warnOfWeakenedImport(state, inputs);
        const isRefused = changed.length === 0 && this.#process.identityFinding(inputs) !== undefined;
        return { changed: isRefused ? ["account"] : changed, replaces };
    }

    async create(inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }> {
        this.#process.refuseOtherAccount(inputs);
        const state = await this.#lifecycle.create(inputs);
        return { id: state.bucket, state };
    }

    async read(bucket: string, known: Properties, isUnseen = false): Promise<ReadAnswer | undefined> {
        const state = await this.#lifecycle.read(bucket, known, isUnseen);
        if (state === undefined) return undefined;
        if (known.sseAlgorithm !== undefined) return { state, inputs: notOutputs(state) };
        this.#imported.set(bucket, state);
        // A program that an engine prints of it can declare it so.
        const { unrecognized: _, ...inputs } = notOutputs(state);
        return { state, inputs };
    }

    /**
     * The rule of a bucket that this stack need not manage.
     * @throws ServiceError, of kind `rule-not-found` when the bucket has none
     */
    async lookUp(
        declared: Properties,
    ): Promise<{ readonly issues: readonly RuleIssue[]; readonly found?: Properties }> {
        const { inputs, issues } = this.#lifecycle.checkLookup(declared);
        const faults = [...issues, ...this.#process.accountIssues(inputs)];
        if (faults.length > 0) return { issues: faults };
        const found = await this.#lifecycle.read(String(inputs.bucket), inputs);
        return { issues: [], ...(found && { found }) };
    }

    /**
     * The names of the account's buckets, sorted, also of those without a rule.
     * @param declared how the buckets are reached
     * @throws UserError of kind `invalid-target` for wrong arguments, ServiceError while the names are taken
     */
    list(declared: Properties): AsyncGenerator<string> {
        const { inputs, issues } = this.#lifecycle.checkLookup(declared);
        const faults = [...issues.filter(({ path }) => path !== "bucket"), ...this.#process.accountIssues(inputs)];
        if (faults.length > 0) {
            const what = faults.map(({ path, message }) => `${path} ${message}`).join("; ");
            throw new UserError("invalid-target", `The buckets cannot be listed: ${what}`);
        }
        return this.#process.bucketNames(inputs);
    }

    async update(known: Properties, inputs: Properties): Promise<Properties> {
        this.#process.refuseOtherAccount(inputs);
        return this.#lifecycle.update(known, inputs);
    }

    async delete(bucket: string, state: Properties): Promise<void> {
        await this.#lifecycle.remove(bucket, state);
    }

    /**
     * Creation refuses a declared rule that would weaken the bucket's. With the option `import` nothing is created: the engine imports the
     * rule and updates it in the same deployment.
     */
    #warnOfWeakenedImport({ bucket }: Properties, inputs: Properties): void {
        if (typeof bucket !== "string") return;
        const imported = this.#imported.get(bucket);
        const [found, declared] = [imported && observedRuleOf(imported), observedRuleOf(inputs)];
        if (found === undefined || declared === undefined || inputs.atLeast === true) return;
        this.#imported.delete(bucket);
        if (!["weakened", "not-comparable"].includes(ruleChange(found, declared))) return;
        const what = `bucket ${bucket} is imported with ${describeRule(found)}, and this deployment then replaces that by ${describeReplacement(found, declared)}, which weakens it`;
        this.#process.notice(
            warningOf("weaker-rule", `${what}. Declare the rule that the bucket has, and change it later`),
        );
    }

    /** The findings of a check that need requests: the account of the credentials, a new key, and the bucket of a new resource. */
    async #findings(
        before: Properties,
        declaration: Declaration,
        lister: BucketLister | undefined,
        isPreview: boolean,
    ): Promise<readonly RuleIssue[]> {
        // The account is not known yet, so no request can be made.
        if (declaration.account === notYetKnown) return [];
        const identity = await this.#process.identityIssues(declaration.inputs, lister);
        if (identity.length > 0) return identity;
        const issues = await this.#lifecycle.verifyKey(before, declaration);
        if (before.bucket !== undefined && !this.#lifecycle.isElsewhere(before, declaration)) return issues;
        if (isPreview) return [...issues, ...(await this.#lifecycle.foresee(declaration))];
        this.#lifecycle.readAhead(declaration);
        return issues;
    }
}
