import { UserError } from "../../errors";
import type { AnalyzedResource } from "../policy/analyzed-resource";
import type { PolicyGuard } from "../policy/policy-guard";
import type { DynamicProvider } from "../provider/dynamic-provider";
import { withoutInternal } from "../provider/provider-inputs";
import type { ProviderRegistry } from "../provider/provider-registry";
import { namedUrns, type ResourceState } from "../state/resource-state";
import { buildUrn, isProviderType, parseProviderReference } from "../urn";
import { containsUnknowns, type PropertyMap, valuesEqual, withoutSecrets } from "../values/property-value";
import { Aborted, InputsRefused } from "./aborted";
import { AliasResolver } from "./alias-resolver";
import { type CheckedInputs, checkInputs, type IgnoringInputs, inputsWithIgnored, valueText } from "./checked-inputs";
import { stateOf, stateToRead } from "./declared-state";
import { DependentReplacements } from "./dependent-replacements";
import type { DeploymentLog } from "./deployment-log";
import type { Goal, ReadGoal } from "./goal";
import type { OperationScope } from "./operation-scope";
import { compareWithProvider, meansReplacement, type ResourceDiff, withReplaceOnChanges } from "./resource-diff";
import type { Step, StepOp } from "./step";

/**
 * Decides what has to be done for each resource that a program declares, one after the other (pkg/resource/deploy/step_generator.go).
 * What is wrong with a declaration is told to the log; Aborted then ends the operation.
 */
export class StepGenerator {
    /** What was decided for each URN that was declared, or that a replacement deletes. */
    readonly decided = new Map<string, StepOp>();
    /** States that are deleted already, for a replacement. */
    readonly deletedEarly = new Set<ResourceState>();
    /** What the program declared of what is to be destroyed; it is deleted when the program has ended. */
    readonly condemned: ResourceState[] = [];
    readonly aliases: AliasResolver;
    readonly #olds: ReadonlyMap<string, ResourceState>;
    readonly #news = new Map<string, ResourceState>();
    readonly #dependents: DependentReplacements;
    readonly #replaceKeysOfDependents = new Map<string, readonly string[]>();
    /** For policies. */
    readonly #declared = new Map<string, Goal>();
    /** Resources that would have been created if the operation were about them. */
    readonly #skippedCreates = new Set<string>();

    readonly #stack: string;
    readonly #project: string;
    readonly #preview: boolean;
    readonly #providers: ProviderRegistry;
    readonly #log: DeploymentLog;
    readonly #scope: OperationScope;
    readonly #policies: PolicyGuard;
    /** Whether the program only runs so that what it declares can be deleted. */
    readonly #destroys: boolean;

    constructor(
        stack: string,
        project: string,
        /** The state before the operation, in its order. */
        base: readonly ResourceState[],
        preview: boolean,
        providers: ProviderRegistry,
        log: DeploymentLog,
        scope: OperationScope,
        policies: PolicyGuard,
        destroys = false,
    ) {
        this.#stack = stack;
        this.#project = project;
        this.#preview = preview;
        this.#providers = providers;
        this.#log = log;
        this.#scope = scope;
        this.#policies = policies;
        this.#destroys = destroys;

        this.#olds = new Map(base.filter((state) => !state.delete).map((state) => [state.urn, state]));
        this.aliases = new AliasResolver(stack, project, this.#olds);
        this.#dependents = new DependentReplacements(base, providers, this.decided);
    }

    isRegistered(urn: string): boolean {
        return this.#news.has(urn);
    }

    /** The steps that make a resource what the program declares, to be run in this order. */
    async stepsFor(goal: Goal): Promise<Step[]> {
        const steps = await this.#decideOn(goal);
        if (this.#scope.mindsSkippedCreates) this.#refuseNeedOfSkipped(steps);
        return steps;
    }

    async #decideOn(goal: Goal): Promise<Step[]> {
        const urn = this.#newUrn(goal);
        const { old, alias, problem } = this.aliases.find(urn, goal, (name) => this.#news.has(name));
        if (problem !== undefined) this.#refuse(problem, urn);
        const state = stateOf(urn, goal, alias, old);
        this.#news.set(urn, state);
        if (this.#destroys) {
            const steps = this.#stepsToDestroy(goal, old, state);
            if (steps !== undefined) return steps;
        }
        if (goal.importId !== "") this.#refuseImport(goal, old, urn);
        const provider =
            goal.custom && !isProviderType(goal.type) ? await this.#providers.load(goal.provider) : undefined;
        const recreating = this.deletedEarly.has(old as ResourceState);
        const inScope = this.#scope.takes(state);
        const declared = inputsWithIgnored(this.#log, goal, old, urn);
        const { inputs, valid } =
            !inScope && provider !== undefined
                ? { inputs: old?.inputs ?? {}, valid: true }
                : await this.#checkedInputs(declared, state, recreating ? undefined : old, provider);
        state.inputs = inputs;
        // The provider doesn't see what policies make of the inputs, as with the real engine, which has policies look at bad ones too.
        if (!this.#policies.isIdle) await this.#applyPolicies(goal, state);
        if (!valid) throw new InputsRefused(state);
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
     * Nothing that costs is made only to be deleted: resources that aren't there are passed over with what needs them, those that
     * are there stay as they are. Components and providers are made, for the functions and the configuration that come with them.
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
     * The inputs that a resource is to have. What was deleted for a replacement, what somebody else manages, and what is replaced
     * whatever changed, has no inputs to go on from.
     */
    async #checkedInputs(
        declared: IgnoringInputs,
        state: ResourceState,
        former: ResourceState | undefined,
        provider: DynamicProvider | undefined,
    ): Promise<CheckedInputs> {
        if (provider === undefined)
            return { inputs: isProviderType(state.type) ? declared.inputs : declared.forReplacement, valid: true };
        if (former === undefined || former.external || this.#isReplacedAnyway(state.urn, former))
            return await checkInputs(this.#log, provider, state, {}, declared.forReplacement);
        return await checkInputs(this.#log, provider, state, former.inputs, declared.inputs);
    }

    async #applyPolicies(goal: Goal, state: ResourceState): Promise<void> {
        this.#declared.set(state.urn, goal);
        state.inputs = await this.#policies.remediated(this.#analyzedOf(state, state.inputs));
        if (!(await this.#policies.accepts(this.#analyzedOf(state, state.inputs)))) throw new Aborted();
    }

    /** What was declared, as policies about the whole stack see it. */
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
        return old.taint || this.#scope.replaces(urn);
    }

    #skipCreate(state: ResourceState): Step {
        this.#skippedCreates.add(state.urn);
        return this.#decide("same", { new: state, skipped: true });
    }

    /**
     * The steps that keep a resource as it is, though its declaration may have changed. What it needs is kept with it, since the
     * program may not declare that any more.
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
        for (const { new: state, skipped } of steps) {
            if (state === undefined || skipped) continue;
            for (const urn of namedUrns(state)) {
                if (!this.#skippedCreates.delete(urn)) continue;
                const message = `Resource '${state.urn}' depends on '${urn}', which is not in the --target list.`;
                if (!this.#preview) this.#refuse(message, state.urn);
                this.#log.faults(message, state.urn);
            }
        }
    }

    /** The steps that read a resource which the stack doesn't manage. */
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
        if (this.#destroys) this.condemned.push(state);
        return [this.#decide("read", { old, new: state })];
    }

    #newUrn({ type, name, parent }: { readonly type: string; readonly name: string; readonly parent: string }): string {
        const urn = buildUrn(this.#stack, this.#project, parent, type, name);
        if (parent !== "" && !this.#news.has(parent)) this.#refuse(`could not find parent resource ${parent}`, urn);
        if (this.#news.has(urn)) this.#refuse(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
        return urn;
    }

    async #stepsForChange(
        goal: Goal,
        old: ResourceState,
        state: ResourceState,
        declared: IgnoringInputs,
        provider: DynamicProvider | undefined,
    ): Promise<Step[]> {
        const { urn } = state;
        if (!this.#preview && goal.replacementTrigger !== undefined && containsUnknowns(goal.replacementTrigger)) {
            this.#refuse(`replacement trigger contains unknowns for ${urn}`, urn);
        }
        const triggered = isTriggered(goal.replacementTrigger, old.replacementTrigger);
        const found = triggered ? changed([]) : await this.#diff(goal, old, state, declared, provider);
        const diff = withReplaceOnChanges(found, goal.replaceOnChanges, old.initErrors.length > 0);
        const details = { old, new: state, replaceKeys: diff.replaces, changedKeys: diff.changedKeys };
        if (triggered || old.pendingReplacement || meansReplacement(diff))
            return await this.#replacement(goal, details, diff, declared, provider);
        if (diff.changes === "none" && old.initErrors.length === 0) return [this.#decide("same", { old, new: state })];
        return [
            this.#decide("update", {
                old,
                new: state,
                changedKeys: diff.changedKeys,
                ignoreChanges: goal.ignoreChanges,
            }),
        ];
    }

    async #diff(
        goal: Goal,
        old: ResourceState,
        state: ResourceState,
        declared: IgnoringInputs,
        provider: DynamicProvider | undefined,
    ): Promise<ResourceDiff> {
        if (this.#isReplacedAnyway(state.urn, old)) return changed(["id"]);
        if (goal.replaceWith.some((urn) => this.decided.get(urn) === "replace")) return changed(["replaceWith"]);
        if (this.#isOtherProvider(old.provider, state.provider)) return changed(["provider"]);
        if (provider?.isConfigured === false) {
            this.#log.says("warning", unconfiguredText, state.urn);
            return changed([]);
        }
        if (provider !== undefined)
            return await compareWithProvider(provider, state, old, state.inputs, goal.ignoreChanges);
        // A provider's own configuration is compared with what it was given last, which are its outputs.
        const same = isProviderType(state.type)
            ? valuesEqual(old.outputs, withoutInternal(state.inputs))
            : valuesEqual(old.inputs, declared.inputs);
        return { ...unchanged, changes: same ? "none" : "some" };
    }

    /** Another provider of the same kind is no reason to replace: the dynamic host never says that its configuration is. */
    #isOtherProvider(before: string, after: string): boolean {
        return (
            before !== after &&
            (parseProviderReference(before) === undefined || parseProviderReference(after) === undefined)
        );
    }

    async #replacement(
        goal: Goal,
        details: {
            readonly old: ResourceState;
            readonly new: ResourceState;
            readonly replaceKeys: readonly string[];
            readonly changedKeys: readonly string[];
        },
        diff: ResourceDiff,
        declared: IgnoringInputs,
        provider: DynamicProvider | undefined,
    ): Promise<Step[]> {
        const { old, new: state } = details;
        if (state.protect && old.protect) {
            const message = `unable to replace resource "${state.urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``;
            if (!this.#preview) this.#refuse(message, state.urn);
            this.#log.faults(message, state.urn);
        }
        if (goal.importId !== "") this.#refuseReplacingImported(state, diff);
        if (provider !== undefined && !this.#isReplacedAnyway(state.urn, old)) {
            const { inputs, valid } = await checkInputs(this.#log, provider, state, {}, declared.forReplacement);
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

    #deleteEarly(old: ResourceState): Step {
        this.deletedEarly.add(old);
        return this.#decide(old.external ? "discard-replaced" : "delete-replaced", { old, deferred: true });
    }

    #refuseImport(goal: Goal, old: ResourceState | undefined, urn: string): void {
        if (old !== undefined && !old.external && (old.importId || old.id) === goal.importId) return;
        throw new UserError(
            "not-supported-by-embedded-engine",
            `The option "import" is not supported by pulumi-embedded, nor can a dynamic provider import: it is asked without the code that it consists of`,
            { resource: urn },
        );
    }

    /** The replacement would have another id than the one that the program still names. */
    #refuseReplacingImported(state: ResourceState, { replaces }: ResourceDiff): void {
        const old = this.#olds.get(state.aliases[0] ?? state.urn);
        const list = replaces
            .map((key) => `${key}: ${valueText(old?.inputs[key])} => ${valueText(state.inputs[key])}`)
            .join("\n");
        const message = `previously-imported resources that still specify an ID may not be replaced; please remove the \`import\` declaration from your program;\n${list}`;
        if (this.#preview) this.#log.says("warning", message, state.urn);
        else this.#refuse(message, state.urn);
    }

    #refuse(message: string, urn: string): never {
        this.#log.says("error", message, urn);
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

const unchanged: ResourceDiff = { changes: "none", replaces: [], changedKeys: [], deleteBeforeReplace: false };
const changed = (replaces: readonly string[]): ResourceDiff => ({ ...unchanged, changes: "some", replaces });

/** A replacement trigger that changed, or that can't be known yet (step_generator.go, shouldTriggerReplace). */
function isTriggered(now: Goal["replacementTrigger"], before: Goal["replacementTrigger"]): boolean {
    if (now === undefined || now === null || before === undefined || before === null) return false;
    return containsUnknowns(now) || !valuesEqual(withoutSecrets(now), withoutSecrets(before));
}
