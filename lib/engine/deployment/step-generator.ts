import { UserError } from "../../errors";
import type { AnalyzedResource } from "../policy/analyzed-resource";
import type { PolicyGuard } from "../policy/policy-guard";
import type { Provider } from "../provider/provider";
import { noDiff } from "../provider/provider-diff";
import { withoutInternal } from "../provider/provider-inputs";
import { dynamicPackage, type ProviderRegistry } from "../provider/provider-registry";
import { namedUrns, type ResourceState } from "../state/resource-state";
import { buildUrn, isProviderType, packageOfType, parseProviderReference } from "../urn";
import { containsUnknowns, type PropertyMap, valuesEqual, withoutSecrets } from "../values/property-value";
import { Aborted, InputsRefused } from "./aborted";
import { AliasResolver } from "./alias-resolver";
import {
    type CheckedInputs,
    checkInputs,
    type IgnoringInputs,
    inputsWithIgnored,
    reported,
    valueText,
} from "./checked-inputs";
import { declaredState, stateToRead } from "./declared-state";
import { DependentReplacements } from "./dependent-replacements";
import type { DeploymentLog } from "./deployment-log";
import type { Goal, ReadGoal } from "./goal";
import type { OperationScope } from "./operation-scope";
import { compareWithProvider, meansReplacement, type ResourceDiff, withReplaceOnChanges } from "./resource-diff";
import type { Step, StepOp } from "./step";

/** What a generator decides by. */
export interface GeneratorParts {
    readonly stack: string;
    readonly project: string;
    /** The state before the operation, in its order. */
    readonly base: readonly ResourceState[];
    readonly preview: boolean;
    readonly providers: ProviderRegistry;
    readonly log: DeploymentLog;
    readonly scope: OperationScope;
    readonly policies: PolicyGuard;
    /** Whether the program only runs so that what it declares can be deleted. */
    readonly destroys?: boolean;
}

/** What has to be done for a declaration, in this order. */
export interface Decision {
    readonly steps: readonly Step[];
    /** Decides on the rest after these steps, which adopt a resource: it depends on what they read. */
    readonly next?: () => Promise<readonly Step[]>;
}

/**
 * Decides what has to be done for each resource that a program declares, one after the other (pkg/resource/deploy/step_generator.go).
 * Faults of a declaration go to the log, and Aborted ends the operation.
 */
export class StepGenerator {
    /** The decision for each URN that was declared or that a replacement deletes. */
    readonly decided = new Map<string, StepOp>();
    /** States that are deleted already, for a replacement. */
    readonly deletedEarly = new Set<ResourceState>();
    /** Resources to destroy that the program declared; they are deleted after the program ends. */
    readonly condemned: ResourceState[] = [];
    readonly aliases: AliasResolver;
    readonly #olds: ReadonlyMap<string, ResourceState>;
    readonly #news = new Map<string, ResourceState>();
    readonly #dependents: DependentReplacements;
    readonly #replaceKeysOfDependents = new Map<string, readonly string[]>();
    /** For policies. */
    readonly #declared = new Map<string, Goal>();
    /** Provider resources whose inputs were refused. */
    readonly #refusedProviders = new Set<string>();
    /** Resources that are not created because they are out of scope. */
    readonly #skippedCreates = new Set<string>();

    readonly #parts: GeneratorParts;

    constructor(parts: GeneratorParts) {
        const { stack, project, base, providers } = parts;
        this.#parts = parts;
        this.#olds = new Map(base.filter((state) => !state.delete).map((state) => [state.urn, state]));
        this.aliases = new AliasResolver(stack, project, this.#olds);
        this.#dependents = new DependentReplacements(base, providers, this.decided);
    }

    isRegistered(urn: string): boolean {
        return this.#news.has(urn);
    }

    /** The steps that make a resource what the program declares. */
    async stepsFor(goal: Goal): Promise<Decision> {
        const { steps, next } = await this.#decideOn(goal);
        this.#refuseNeedOfSkipped(steps);
        if (next === undefined) return { steps };
        return {
            steps,
            next: async () => {
                const others = await next();
                this.#refuseNeedOfSkipped(others);
                return others;
            },
        };
    }

    async #decideOn(goal: Goal): Promise<Decision> {
        const urn = this.#newUrn(goal);
        const { old, alias, problem } = this.aliases.find(urn, goal, (name) => this.#news.has(name));
        if (problem !== undefined) this.#refuse(problem, urn);
        const state = declaredState(urn, goal, alias, old);
        this.#news.set(urn, state);
        if (this.#parts.destroys) {
            const steps = this.#stepsToDestroy(goal, old, state);
            if (steps !== undefined) return { steps };
        }
        // Only a preview gets here. The log has what is wrong with the provider.
        if (this.#refusedProviders.has(parseProviderReference(goal.provider)?.urn ?? ""))
            throw new InputsRefused(state);
        const provider =
            goal.custom && !isProviderType(goal.type) ? await this.#parts.providers.load(goal.provider) : undefined;
        if (provider !== undefined && isImport(goal, old)) return this.#stepsToImport(goal, old, state, provider);
        return { steps: await this.#stepsForDeclared(goal, old, state, provider) };
    }

    /**
     * The steps that adopt an existing resource, and then those that make it what the program declares. A resource that has another id is
     * replaced by it. The adoption is a step of its own, which stays in the state if the declaration is refused.
     */
    #stepsToImport(goal: Goal, old: ResourceState | undefined, state: ResourceState, provider: Provider): Decision {
        if (packageOfType(goal.type) === dynamicPackage) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The option "import" is not supported by dynamic providers with any engine, since their code is part of the inputs`,
                { resource: state.urn },
                { cure: "Remove the option." },
            );
        }
        // The step completes it.
        const imported = { ...state };
        return {
            steps: this.#stepsOfAdoption(old, imported),
            next: async () => {
                const { created, modified, refreshBeforeUpdate } = imported;
                const now = { ...state, created, modified, refreshBeforeUpdate };
                this.#news.set(state.urn, now);
                return await this.#stepsForDeclared(goal, imported, now, provider);
            },
        };
    }

    #stepsOfAdoption(old: ResourceState | undefined, imported: ResourceState): Step[] {
        if (old === undefined) return [this.#decide("import", { new: imported })];
        if (this.#isDeletedEarly(old)) {
            const forgotten = this.#decide("remove-pending-replace", { old });
            return [this.#decide("import", { new: imported }), forgotten];
        }
        return [
            this.#decide("import-replacement", { old, new: imported }),
            this.#decide("replace", { old, new: imported }),
        ];
    }

    async #stepsForDeclared(
        goal: Goal,
        old: ResourceState | undefined,
        state: ResourceState,
        provider: Provider | undefined,
    ): Promise<Step[]> {
        const { urn } = state;
        const recreating = this.#isDeletedEarly(old);
        const inScope = this.#parts.scope.takes(state);
        const declared = inputsWithIgnored(this.#parts.log, goal, old, urn);
        const { inputs, valid } =
            !inScope && provider !== undefined
                ? { inputs: old?.inputs ?? {}, valid: true }
                : await this.#checkedInputs(declared, state, recreating ? undefined : old, provider);
        state.inputs = inputs;
        // As with the real engine, policies check rejected inputs too, and the provider does not check what policies change.
        if (!this.#parts.policies.isIdle) await this.#applyPolicies(goal, state);
        if (!valid) {
            if (isProviderType(state.type)) this.#refusedProviders.add(urn);
            throw new InputsRefused(state);
        }
        if (old !== undefined && recreating) {
            const replaceKeys = this.#replaceKeysOfDependents.get(urn);
            return [
                this.#decide("replace", { old, new: state }),
                this.#decide("create-replacement", { old, new: state, replaceKeys }),
            ];
        }
        if (old?.external) {
            return [
                this.#decide("create-replacement", { old, new: state, deferred: true }),
                this.#decide("replace", { old, new: state }),
            ];
        }
        if (!inScope) return old === undefined ? [this.#skipCreate(state)] : this.#stepsToKeep(old, urn);
        if (old === undefined) return [this.#decide("create", { new: state })];
        return await this.#stepsForChange(goal, old, state, declared, provider);
    }

    /**
     * A destroy creates no resources only to delete them: missing resources and their dependents are skipped, existing ones stay the same.
     * Components and providers are created, for their hooks and their configuration.
     */
    #stepsToDestroy(goal: Goal, old: ResourceState | undefined, state: ResourceState): Step[] | undefined {
        const isManaged = goal.custom && !isProviderType(goal.type);
        const needsSkipped = namedUrns(state).some((urn) => this.#skippedCreates.has(urn));
        if (needsSkipped || (isManaged && old === undefined)) {
            if (old !== undefined) state.outputs = old.outputs;
            return [this.#skipCreate(state)];
        }
        this.condemned.push(state);
        if (!isManaged || old === undefined) return undefined;
        state.inputs = old.inputs;
        return [this.#decide("same", { old, new: state })];
    }

    /**
     * The inputs that a resource gets. There are no old inputs for a resource that was deleted for a replacement, that is external, or that
     * is replaced in any case.
     */
    async #checkedInputs(
        declared: IgnoringInputs,
        state: ResourceState,
        former: ResourceState | undefined,
        provider: Provider | undefined,
    ): Promise<CheckedInputs> {
        if (isProviderType(state.type)) {
            const olds = former?.inputs ?? {};
            return reported(
                this.#parts.log,
                state,
                await this.#parts.providers.checkConfig(state, olds, declared.inputs),
            );
        }
        if (provider === undefined) return { inputs: declared.forReplacement, valid: true };
        if (former === undefined || former.external || this.#isReplacedAnyway(state.urn, former))
            return await checkInputs(this.#parts, provider, state, {}, declared.forReplacement);
        return await checkInputs(this.#parts, provider, state, former.inputs, declared.inputs);
    }

    async #applyPolicies(goal: Goal, state: ResourceState): Promise<void> {
        this.#declared.set(state.urn, goal);
        state.inputs = await this.#parts.policies.remediated(this.#analyzedOf(state, state.inputs));
        if (!(await this.#parts.policies.accepts(this.#analyzedOf(state, state.inputs)))) throw new Aborted();
    }

    /** The declared resources, as policies for the whole stack get them. */
    analyzed(): AnalyzedResource[] {
        return [...this.#news.values()]
            .filter((state) => this.#declared.has(state.urn))
            .map((state) => this.#analyzedOf(state, state.outputs));
    }

    #analyzedOf(state: ResourceState, properties: PropertyMap): AnalyzedResource {
        const provider = parseProviderReference(state.provider)?.urn ?? "";
        return {
            state,
            properties,
            provider: this.#news.get(provider) ?? this.#olds.get(provider),
            deleteBeforeReplace: this.#declared.get(state.urn)?.deleteBeforeReplace,
        };
    }

    #isReplacedAnyway(urn: string, old: ResourceState): boolean {
        return old.taint || this.#parts.scope.replaces(urn);
    }

    #skipCreate(state: ResourceState): Step {
        this.#skippedCreates.add(state.urn);
        return this.#decide("same", { new: state, skipped: true });
    }

    /**
     * The steps that keep a resource as it is, even if its declaration changed. What it needs is kept too, since the program may no longer
     * declare that.
     */
    #stepsToKeep(old: ResourceState, urn = old.urn): Step[] {
        if (old.delete) return [];
        this.decided.set(urn, "same");
        this.decided.set(old.urn, "same");
        const needed = namedUrns(old).flatMap((name): Step[] => {
            if (this.decided.has(this.aliases.currentName(name)) || this.decided.has(name)) return [];
            const state = this.#olds.get(name);
            return state === undefined
                ? this.#refuse(`${name}, which the untargeted resource ${urn} needs, has no old state`, urn)
                : this.#stepsToKeep(state);
        });
        const kept = { ...old, id: "" };
        this.#news.set(old.urn, kept);
        return [...needed, this.#decide("same", { old, new: kept })];
    }

    #refuseNeedOfSkipped(steps: readonly Step[]): void {
        if (!this.#parts.scope.mindsSkippedCreates) return;
        for (const { new: state, skipped } of steps) {
            if (state === undefined || skipped) continue;
            for (const urn of namedUrns(state)) {
                if (!this.#skippedCreates.delete(urn)) continue;
                const message = `Resource '${state.urn}' depends on '${urn}', which is not in the --target list.`;
                if (!this.#parts.preview) this.#refuse(message, state.urn);
                this.#parts.log.faults(message, state.urn);
            }
        }
    }

    /** The steps that read a resource that the stack does not manage. */
    stepsForRead(goal: ReadGoal): Step[] {
        const urn = this.#newUrn(goal);
        const { old, alias } = this.aliases.find(urn, { ...goal, aliases: [] }, (name) => this.#news.has(name));
        const state = stateToRead(urn, goal, alias);
        this.#news.set(urn, state);
        if (old !== undefined && !old.external && old.id !== goal.id) {
            return [
                this.#decide("read-replacement", { old, new: state }),
                this.#decide("replace", { old, new: state }),
            ];
        }
        if (this.#parts.destroys) this.condemned.push(state);
        return [this.#decide("read", { old, new: state })];
    }

    #newUrn({ type, name, parent }: { readonly type: string; readonly name: string; readonly parent: string }): string {
        const urn = buildUrn(this.#parts.stack, this.#parts.project, parent, type, name);
        if (parent !== "" && !this.#news.has(parent)) this.#refuse(`could not find parent resource ${parent}`, urn);
        if (this.#news.has(urn)) this.#refuse(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
        return urn;
    }

    async #stepsForChange(
        goal: Goal,
        old: ResourceState,
        state: ResourceState,
        declared: IgnoringInputs,
        provider: Provider | undefined,
    ): Promise<Step[]> {
        const { urn } = state;
        if (
            !this.#parts.preview &&
            goal.replacementTrigger !== undefined &&
            containsUnknowns(goal.replacementTrigger)
        ) {
            this.#refuse(`replacement trigger contains unknowns for ${urn}`, urn);
        }
        const triggered = isTriggered(goal.replacementTrigger, old.replacementTrigger);
        const found = triggered ? changed([]) : await this.#diff(goal, old, state, declared, provider);
        const diff = withReplaceOnChanges(found, goal.replaceOnChanges, old.initErrors.length > 0);
        const details = {
            old,
            new: state,
            replaceKeys: diff.replaces,
            changedKeys: diff.changedKeys,
            detailedDiff: diff.detailed,
        };
        if (triggered || old.pendingReplacement || meansReplacement(diff))
            return await this.#replacement(goal, details, diff, declared, provider);
        if (diff.changes === "none" && old.initErrors.length === 0) return [this.#decide("same", { old, new: state })];
        return [
            this.#decide("update", {
                old,
                new: state,
                changedKeys: diff.changedKeys,
                detailedDiff: diff.detailed,
                ignoreChanges: goal.ignoreChanges,
            }),
        ];
    }

    async #diff(
        goal: Goal,
        old: ResourceState,
        state: ResourceState,
        declared: IgnoringInputs,
        provider: Provider | undefined,
    ): Promise<ResourceDiff> {
        if (this.#isReplacedAnyway(state.urn, old)) return changed(["id"]);
        if (goal.replaceWith.some((urn) => this.decided.get(urn) === "replace")) return changed(["replaceWith"]);
        if (await this.#isReplacedByProvider(old.provider, state.provider)) return changed(["provider"]);
        if (provider?.isConfigured === false) {
            this.#parts.log.says("warning", unconfiguredText, state.urn);
            return changed([]);
        }
        if (provider !== undefined)
            return await compareWithProvider(provider, state, old, state.inputs, goal.ignoreChanges);
        if (!isProviderType(state.type))
            return { ...noDiff, changes: valuesEqual(old.inputs, declared.inputs) ? "none" : "some" };
        const diff = await this.#parts.providers.diffConfig(state, old, goal.ignoreChanges);
        if (diff.changes !== "unknown") return { ...diff, changes: diff.changes };
        // The last configuration is in the outputs.
        const isSame = valuesEqual(old.outputs, withoutInternal(state.inputs));
        return { ...diff, changes: isSame ? "none" : "some" };
    }

    /** Whether a resource has to be replaced since it has another provider: if it becomes a component, or the new provider says so. */
    async #isReplacedByProvider(before: string, after: string): Promise<boolean> {
        if (before === after) return false;
        const [former, present] = [parseProviderReference(before), parseProviderReference(after)];
        if (former === undefined || present === undefined) return true;
        if (this.aliases.currentName(former.urn) === present.urn && former.urn !== present.urn) return false;
        const old = this.#parts.providers.providerState(before);
        return old !== undefined && (await this.#parts.providers.replacesResourcesOf(old, after));
    }

    async #replacement(
        goal: Goal,
        details: {
            readonly old: ResourceState;
            readonly new: ResourceState;
            readonly replaceKeys: readonly string[];
            readonly changedKeys: readonly string[];
            readonly detailedDiff: ResourceDiff["detailed"];
        },
        diff: ResourceDiff,
        declared: IgnoringInputs,
        provider: Provider | undefined,
    ): Promise<Step[]> {
        const { old, new: state } = details;
        if (state.protect && old.protect) {
            const message = `unable to replace resource "${state.urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``;
            if (!this.#parts.preview) this.#refuse(message, state.urn);
            this.#parts.log.faults(message, state.urn);
        }
        if (goal.importId !== "") this.#refuseReplacingImported(old, state, diff);
        if (provider !== undefined && !this.#isReplacedAnyway(state.urn, old)) {
            const { inputs, valid } = await checkInputs(this.#parts, provider, state, {}, declared.forReplacement);
            if (!valid) throw new InputsRefused(state);
            state.inputs = inputs;
        }
        if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
            return [
                this.#decide("create-replacement", { ...details, deferred: true }),
                this.#decide("replace", details),
            ];
        }
        const early: Step[] = [];
        for (const { state: dependent, keys } of (await this.#dependents.of(old)).reverse()) {
            if (this.deletedEarly.has(dependent)) continue;
            if (dependent.protect) {
                this.#refuse(
                    `unable to replace resource "${dependent.urn}" as part of replacing "${state.urn}" as it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${dependent.urn}'\``,
                    state.urn,
                );
            }
            this.#replaceKeysOfDependents.set(this.aliases.currentName(dependent.urn), keys);
            early.push(this.#deleteEarly(dependent));
        }
        if (!old.pendingReplacement) early.push(this.#deleteEarly(old));
        return [...early, this.#decide("replace", details), this.#decide("create-replacement", details)];
    }

    /** Whether a state is deleted for a replacement. A deletion that failed, or that a failed one prevented, leaves it as it is. */
    #isDeletedEarly(old: ResourceState | undefined): boolean {
        return old !== undefined && this.deletedEarly.has(old) && (this.#parts.preview || old.pendingReplacement);
    }

    #deleteEarly(old: ResourceState): Step {
        this.deletedEarly.add(old);
        return this.#decide(old.external ? "discard-replaced" : "delete-replaced", { old, deferred: true });
    }

    /** The replacement would not have the id that the program names. */
    #refuseReplacingImported(old: ResourceState, state: ResourceState, { replaces }: ResourceDiff): void {
        const list = replaces
            .map((key) => `${key}: ${valueText(old.inputs[key])} => ${valueText(state.inputs[key])}`)
            .join("\n");
        const message = `previously-imported resources that still specify an ID may not be replaced; please remove the \`import\` declaration from your program;\n${list}`;
        if (this.#parts.preview) this.#parts.log.says("warning", message, state.urn);
        else this.#refuse(message, state.urn);
    }

    #refuse(message: string, urn: string): never {
        this.#parts.log.says("error", message, urn);
        throw new Aborted();
    }

    #decide(op: StepOp, step: Omit<Step, "op" | "urn" | "type">): Step {
        const { urn, type } = (step.new ?? step.old) as ResourceState;
        this.decided.set(urn, op === "create-replacement" ? "replace" : op);
        return { op, urn, type, ...step };
    }
}

const unconfiguredText =
    "The provider for this resource has inputs that are not known during preview.\nThis preview may not correctly represent the changes that will be applied during an update.";

const changed = (replaces: readonly string[]): ResourceDiff => ({ ...noDiff, changes: "some", replaces });

/** Whether a declaration adopts an existing resource that the state does not have yet (step_generator.go, GenerateSteps). */
const isImport = ({ importId }: Goal, old: ResourceState | undefined): boolean =>
    importId !== "" && (old === undefined || old.external || (old.importId || old.id) !== importId);

/** Whether a replacement trigger changed or is unknown (step_generator.go, shouldTriggerReplace). */
function isTriggered(now: Goal["replacementTrigger"], before: Goal["replacementTrigger"]): boolean {
    if (now === undefined || now === null || before === undefined || before === null) return false;
    return containsUnknowns(now) || !valuesEqual(withoutSecrets(now), withoutSecrets(before));
}
