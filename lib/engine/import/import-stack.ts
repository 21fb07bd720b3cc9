import { UserError } from "../../errors";
import { Aborted, InputsRefused } from "../deployment/aborted";
import { defaultProviderGoal } from "../deployment/default-provider";
import type { Step } from "../deployment/step";
import { type Operation, type OperationOptions, runOperation, stepGenerator } from "../operations/operation";
import type { OperationResult } from "../operations/operation-result";
import type { StackSession } from "../operations/stack-session";
import { PolicyGuard } from "../policy/policy-guard";
import { ProviderFailure } from "../provider/provider-failure";
import { dynamicPackage, referenceOf } from "../provider/provider-registry";
import { emptyState, type ResourceState } from "../state/resource-state";
import { buildUrn, packageOfType, stackType } from "../urn";
import type { ImportFile } from "./import-file";
import { type ImportRequest, importRequests } from "./import-request";
import { printedProgram } from "./printed-program";

export interface ImportOptions extends OperationOptions {
    readonly file: ImportFile;
    /** Whether the imported resources are protected from deletion; by default they are. */
    readonly protect?: boolean | undefined;
    /** Whether a program that declares the resources is printed; by default it is. */
    readonly generateCode?: boolean | undefined;
}

export interface ImportResult extends OperationResult {
    /** A program that declares those of the resources that are in the state. */
    readonly program: string | undefined;
}

/** `import`: adopts existing resources that no program declares yet (pkg/resource/deploy/import.go). */
export async function importStack(session: StackSession, options: ImportOptions): Promise<ImportResult> {
    const { project } = session.session;
    const { requests, variables } = importRequests(options.file, session.stack.name, project.name);
    const protect = options.protect ?? true;
    let program: string | undefined;
    const result = await runOperation("resource-import", session, options, async (operation) => {
        refuseDynamic(requests);
        const known = new Map(operation.base.filter((state) => !state.delete).map((state) => [state.urn, state]));
        try {
            await importAll(operation, requests, known, protect);
        } catch (error) {
            if (error instanceof ProviderFailure) operation.log.says("error", error.message);
            else if (!(error instanceof InputsRefused)) throw error;
            throw new Aborted();
        } finally {
            const states = requests.flatMap(({ urn }) => known.get(urn) ?? []).map((state) => ({ ...state, protect }));
            if (options.generateCode !== false && states.length > 0)
                program = await printed(operation, states, variables);
        }
    });
    return { ...result, program };
}

/** The program, or a warning: the resources are in the state, also if their provider has no schema. */
async function printed(
    { providers, log }: Operation,
    states: readonly ResourceState[],
    variables: ReadonlyMap<string, string>,
): Promise<string | undefined> {
    try {
        return await printedProgram(states, variables, providers);
    } catch (error) {
        if (!(error instanceof ProviderFailure || error instanceof UserError)) throw error;
        log.says("warning", `No program is printed that declares the imported resources: ${error.message}`);
        return undefined;
    }
}

/** @param known the state's resources by their URNs; gets those that are imported */
async function importAll(
    operation: Operation,
    requests: readonly ImportRequest[],
    known: Map<string, ResourceState>,
    protect: boolean,
): Promise<void> {
    const { executor, log, session, options } = operation;
    const before = [...known.values()];
    for (const old of before)
        await runStep(operation, { op: "same", urn: old.urn, type: old.type, old, new: { ...old } });
    const { name: project } = session.session.project;
    const stack = before.find(({ type, parent }) => type === stackType && parent === "")?.urn;
    const root = stack ?? buildUrn(session.stack.name, project, "", stackType, `${project}-${session.stack.name}`);
    if (stack === undefined)
        await runStep(operation, { op: "create", urn: root, type: stackType, new: emptyState(root, stackType, false) });
    const references = await providersOf(operation, requests, known);
    const all = new Set([...known.keys(), root]);
    const steps = requests.flatMap((request): Step[] => {
        const { urn, type, id, parent } = request;
        const old = known.get(urn);
        if (old !== undefined && (old.importId || old.id) === id) return [];
        const parents =
            parent === "" || all.has(parent) ? undefined : `unknown parent '${parent}' for resource '${urn}'`;
        all.add(urn);
        const state: ResourceState = {
            ...emptyState(urn, type, !request.isComponent),
            parent: parent || root,
            provider: references.get(urn) ?? "",
            importId: id,
            protect,
        };
        const refusal = old === undefined ? parents : `resource '${urn}' already exists`;
        return [{ op: "import", urn, type, new: state, planned: { refusal, properties: request.properties } }];
    });
    // Parents first; resources without a common ancestor at the same time.
    for (let waiting = steps; waiting.length > 0; ) {
        const urns = new Set(waiting.map(({ urn }) => urn));
        const ready = waiting.filter(({ new: state }) => !urns.has(state?.parent ?? ""));
        if (!(await executor.runAll(ready))) throw new Aborted();
        for (const step of ready) {
            if (step.new?.custom === false) log.ends(step);
            if (step.new !== undefined && !options.preview) known.set(step.urn, step.new);
        }
        waiting = waiting.filter((step) => !ready.includes(step));
    }
}

async function runStep({ executor, log }: Operation, step: Step): Promise<void> {
    if (!(await executor.run([step]))) throw new Aborted();
    if (step.new?.custom === false) log.ends(step);
}

/** The reference of each resource's provider, by the resource's URN. Default providers that the state does not have are created. */
async function providersOf(
    operation: Operation,
    requests: readonly ImportRequest[],
    known: ReadonlyMap<string, ResourceState>,
): Promise<Map<string, string>> {
    const { session, options, log, config, executor } = operation;
    const { name: project } = session.session.project;
    const { name: stack } = session.stack;
    const generator = stepGenerator(operation, new PolicyGuard([], log, options.preview));
    const created = new Map<string, string>();
    const references = new Map<string, string>();
    for (const { urn, type, provider, plugin, isComponent } of requests) {
        if (isComponent) continue;
        const goal = defaultProviderGoal(packageOfType(type), plugin, config);
        const providerUrn = provider || buildUrn(stack, project, "", goal.type, goal.name);
        const old = known.get(providerUrn);
        if (old !== undefined) {
            references.set(urn, referenceOf(old));
            continue;
        }
        if (provider !== "")
            throw new UserError("invalid-import-file", `The provider ${provider} is not in the state`, {
                resource: urn,
            });
        if (!created.has(providerUrn)) {
            const { steps } = await generator.stepsFor(goal);
            if (!(await executor.run(steps))) throw new Aborted();
            created.set(providerUrn, referenceOf(steps.at(-1)?.new as ResourceState));
        }
        references.set(urn, created.get(providerUrn) ?? "");
    }
    return references;
}

function refuseDynamic(requests: readonly ImportRequest[]): void {
    const dynamic = requests.find(({ type }) => packageOfType(type) === dynamicPackage);
    if (dynamic === undefined) return;
    throw new UserError(
        "not-supported-by-embedded-engine",
        "Dynamic resources cannot be imported with any engine, since their code is part of the inputs",
        { resource: dynamic.urn },
        { cure: "Declare the resource in the program." },
    );
}
