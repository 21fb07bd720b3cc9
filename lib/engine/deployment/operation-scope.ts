import { patternMatcher } from "../../text";
import { namedUrns, type ResourceState } from "../state/resource-state";
import { isProviderType, stackType } from "../urn";

/** The resources of an operation, as the CLI's flags of these names select them. URNs may hold `*` (no colon) and `**`. */
export interface ScopeOptions {
    readonly target?: readonly string[] | undefined;
    /** Also what depends on a target. */
    readonly targetDependents?: boolean | undefined;
    readonly exclude?: readonly string[] | undefined;
    /** Exclude what depends on something excluded too. */
    readonly excludeDependents?: boolean | undefined;
    /** To be replaced even without a change. */
    readonly replace?: readonly string[] | undefined;
}

/** A set of URNs given by names and patterns (pkg/resource/deploy, UrnTargets). */
class UrnPatterns {
    readonly #names: Set<string>;
    readonly #patterns: readonly ((urn: string) => boolean)[];

    constructor(texts: readonly string[] = []) {
        this.#names = new Set(texts.filter((text) => !text.includes("*")));
        this.#patterns = texts
            .filter((text) => text.includes("*"))
            .map((text) => patternMatcher(text, { boundary: ":" }));
    }

    get isEmpty(): boolean {
        return this.#names.size === 0 && this.#patterns.length === 0;
    }

    has(urn: string): boolean {
        return this.#names.has(urn) || this.#patterns.some((matches) => matches(urn));
    }

    add(urn: string): void {
        this.#names.add(urn);
    }

    get literals(): readonly string[] {
        return [...this.#names];
    }
}

/**
 * What an operation may touch. Resources must be passed with dependencies first: where the options say so, a dependent is in scope, or out
 * of it, like the resource that it depends on.
 */
export class OperationScope {
    readonly #targets: UrnPatterns;
    readonly #reached: UrnPatterns;
    readonly #excludes: UrnPatterns;
    readonly #left: UrnPatterns;
    readonly #replacements: UrnPatterns;

    readonly #options: ScopeOptions;

    constructor(options: ScopeOptions) {
        this.#options = options;

        this.#targets = new UrnPatterns(options.target);
        this.#reached = new UrnPatterns(options.target);
        this.#excludes = new UrnPatterns(options.exclude);
        this.#left = new UrnPatterns(options.exclude);
        this.#replacements = new UrnPatterns(options.replace);
    }

    get hasTargets(): boolean {
        return !this.#targets.isEmpty;
    }

    /** Whether a program's resource may be changed. The stack and providers always may. */
    takes(state: ResourceState): boolean {
        const taken = isProviderType(state.type) || state.type === stackType || this.#contains(state);
        if (!taken) this.#left.add(state.urn);
        else if (this.hasTargets && this.#contains(state)) this.#reached.add(state.urn);
        return taken;
    }

    /** Whether a refresh may read a resource. */
    reads(state: ResourceState): boolean {
        const read = this.#contains(state);
        if (this.hasTargets && read) this.#reached.add(state.urn);
        if (!read) this.#left.add(state.urn);
        return read;
    }

    replaces(urn: string): boolean {
        return this.#replacements.has(urn);
    }

    /** Whether a resource may not be deleted because no target names it. */
    isUnnamedDelete(urn: string): boolean {
        return this.hasTargets && !this.#options.targetDependents && !this.#targets.has(urn);
    }

    /** Whether a step may be refused because it needs what is out of scope (step_generator.go, validateSteps). */
    get mindsSkippedCreates(): boolean {
        return this.hasTargets || !this.#replacements.isEmpty;
    }

    /** Targets that name no resource. */
    unknownTargets(isKnown: (urn: string) => boolean): string[] {
        return this.#targets.literals.filter((urn) => !isKnown(urn));
    }

    unknownReplacements(isKnown: (urn: string) => boolean): string[] {
        return this.#replacements.literals.filter((urn) => !isKnown(urn));
    }

    unknownExcludes(isKnown: (urn: string) => boolean): string[] {
        return this.#excludes.literals.filter((urn) => !isKnown(urn));
    }

    /**
     * The states that may be deleted: targets with everything that depends on them; or everything except what is excluded and what
     * excluded resources need (step_generator.go, GenerateDeletes).
     */
    deletable(base: readonly ResourceState[]): (state: ResourceState) => boolean {
        if (this.hasTargets) {
            const going = withDependents(new Set(urnsIn(base, this.#targets)), base);
            return ({ urn }) => going.has(urn);
        }
        if (this.#excludes.isEmpty) return () => true;
        let kept = new Set(urnsIn(base, this.#excludes));
        for (let size = -1; size !== kept.size; ) {
            size = kept.size;
            if (this.#options.excludeDependents) kept = withDependents(kept, base);
            for (const state of [...base].reverse())
                if (kept.has(state.urn)) for (const urn of namedUrns(state)) kept.add(urn);
        }
        return ({ urn }) => !kept.has(urn);
    }

    #contains(state: ResourceState): boolean {
        if (this.hasTargets) {
            return (
                this.#targets.has(state.urn) ||
                (this.#options.targetDependents === true && namedUrns(state).some((urn) => this.#reached.has(urn)))
            );
        }
        if (this.#excludes.has(state.urn)) return false;
        return !(this.#options.excludeDependents && namedUrns(state).some((urn) => this.#left.has(urn)));
    }
}

const urnsIn = (base: readonly ResourceState[], patterns: UrnPatterns): string[] =>
    base.map(({ urn }) => urn).filter((urn) => patterns.has(urn));

function withDependents(urns: ReadonlySet<string>, base: readonly ResourceState[]): Set<string> {
    const found = new Set(urns);
    for (const state of base) if (namedUrns(state).some((urn) => found.has(urn))) found.add(state.urn);
    return found;
}
