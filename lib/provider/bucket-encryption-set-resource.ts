import { holdsUnknown, type Properties, unpackMembers } from "../declaration";
import { UserError } from "../errors";
import { type BucketEncryptionSetLifecycle, type DiffOutcome, newSetLifecycle } from "../lifecycle";
import type { RuleIssue } from "../rule";
import type { BucketLister } from "./bucket-access";
import { withoutNoted } from "./noted-inputs";
import type { ProviderProcess } from "./provider-process";
import type { CheckAnswer, ReadAnswer, ResourceOperations } from "./resource-operations";

/** The set reports its buckets as a whole, so of the notices about single buckets only warnings are passed on, each once. */
class WarningsOnly {
    readonly #notice: (text: string) => void;
    readonly #passed = new Set<string>();

    constructor(notice: (text: string) => void) {
        this.#notice = notice;
    }

    readonly pass = (text: string): void => {
        if (this.#passed.has(text) || !/^warning: |stays, since the stack still declares/.test(text)) return;
        this.#passed.add(text);
        this.#notice(text);
    };
}

/** The operations on a `BucketEncryptionSet`. The state describes it completely, so its id is not used. */
export class BucketEncryptionSetResource implements ResourceOperations {
    readonly #process: ProviderProcess;
    readonly #lifecycle: BucketEncryptionSetLifecycle;
    #isPreview = false;

    constructor(process: ProviderProcess) {
        this.#process = process;
        const warnings = new WarningsOnly((text) => process.notice(text));
        this.#lifecycle = newSetLifecycle({
            ports: process.ports(warnings.pass),
            declared: process.declared,
            notice: (text) => process.notice(text),
            prepare: (properties) => process.learnOwners(properties),
            cancelled: process.cancelled,
        });
    }

    async check(
        before: Properties,
        declared: Properties,
        isPreview: boolean,
        lister?: BucketLister,
    ): Promise<CheckAnswer> {
        this.#isPreview = isPreview;
        const { inputs, issues } = this.#lifecycle.check(before, withoutNoted(before, declared));
        const faults = [...issues, ...this.#process.accountIssues(inputs)];
        if (faults.length > 0) return { inputs, issues: faults };
        // A baseline refuses an empty selection, unless `allowEmpty` says that it may be one.
        if (unpackMembers(inputs)?.size === 0 && inputs.selection === undefined)
            this.#process.notice("warning: the set has no buckets, so it encrypts none");
        const findings = await this.#findings(before, inputs, lister, isPreview);
        return { inputs, issues: isPreview ? findings : [] };
    }

    async findings(before: Properties, inputs: Properties, state: Properties = {}): Promise<readonly RuleIssue[]> {
        const findings = await this.#findings(before, inputs, undefined, true);
        if (findings.length > 0 || holdsUnknown(inputs)) return findings;
        return this.#lifecycle.foreseeUnfinished(state, inputs);
    }

    async refuseUnfinished(state: Properties, inputs: Properties): Promise<void> {
        if (!this.#isPreview || holdsUnknown(inputs)) return;
        const issues = await this.#lifecycle.foreseeUnfinished(state, inputs);
        if (issues.length === 0) return;
        const faults = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
        throw new UserError("buckets-failed", `Buckets that failed would fail again: ${faults}`);
    }

    diff(state: Properties, inputs: Properties): DiffOutcome {
        const { changed, replaces } = this.#lifecycle.diff(state, inputs);
        const isRefused = changed.length === 0 && this.#process.identityFinding(inputs) !== undefined;
        return { changed: isRefused ? ["account"] : changed, replaces };
    }

    async create(inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }> {
        this.#process.refuseOtherAccount(inputs);
        return this.#lifecycle.create(inputs);
    }

    async read(_id: string, known: Properties, isUnseen = false): Promise<ReadAnswer | undefined> {
        return this.#lifecycle.read(known, isUnseen);
    }

    async update(known: Properties, inputs: Properties): Promise<Properties> {
        this.#process.refuseOtherAccount(inputs);
        return this.#lifecycle.update(known, inputs);
    }

    async delete(_id: string, state: Properties): Promise<void> {
        await this.#lifecycle.remove(state);
    }

    /** The findings of a check that need requests: the account of the credentials, new keys, and the buckets that join. */
    async #findings(
        before: Properties,
        inputs: Properties,
        lister: BucketLister | undefined,
        isPreview: boolean,
    ): Promise<readonly RuleIssue[]> {
        if (holdsUnknown(inputs)) return [];
        const identity = await this.#process.identityIssues(inputs, lister);
        if (identity.length > 0) return identity;
        const issues = await this.#lifecycle.verifyKeys(before, inputs);
        return [...issues, ...(await this.#lifecycle.foresee(before, inputs, isPreview))];
    }
}
