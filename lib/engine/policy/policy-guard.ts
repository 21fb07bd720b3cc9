import type { PropertyMap } from "../values/property-value";
import type { AnalyzedResource } from "./analyzed-resource";
import type { PolicyPack } from "./policy-pack";
import type { Remediation, Violation } from "./violation";

/** Receives the findings of policies. */
export interface PolicyListener {
    violates(violation: Violation): void;
    remediates(urn: string, policy: Omit<Remediation, "properties">, before: PropertyMap, after: PropertyMap): void;
}

/** Passes resources to policy packs and reports what they find. */
export class PolicyGuard {
    readonly #packs: readonly PolicyPack[];
    readonly #log: PolicyListener;
    readonly #preview: boolean;

    constructor(packs: readonly PolicyPack[], log: PolicyListener, preview: boolean) {
        this.#packs = packs;
        this.#log = log;
        this.#preview = preview;
    }

    /** The versions of the packs that run, by `<name>|local|<folder>`. */
    get versions(): { readonly [pack: string]: string } {
        return Object.fromEntries(this.#packs.map(({ name, folder, version }) => [`${name}|local|${folder}`, version]));
    }

    get isIdle(): boolean {
        return this.#packs.length === 0;
    }

    /** A resource's inputs after remediation. Each policy gets the inputs that the one before it returned. */
    async remediated(resource: AnalyzedResource): Promise<PropertyMap> {
        let { properties } = resource;
        for (const pack of this.#packs) {
            for (const found of await pack.remediate({ ...resource, properties })) {
                const { properties: better, ...about } = found;
                if (found.message !== "") {
                    this.#log.violates({ ...about, urn: resource.state.urn, level: "advisory", severity: "" });
                } else if (better !== undefined) {
                    this.#log.remediates(resource.state.urn, about, properties, better);
                    properties = better;
                }
            }
        }
        return properties;
    }

    /** @returns whether the resource may be deployed; a preview continues and fails at its end */
    async accepts(resource: AnalyzedResource): Promise<boolean> {
        const found = (await Promise.all(this.#packs.map((pack) => pack.analyze(resource)))).flat();
        for (const violation of found) this.#log.violates({ ...violation, urn: resource.state.urn });
        return this.#preview || !found.some(isMandatory);
    }

    /** Passes the whole stack to the policies. A mandatory finding makes the operation fail after everything was deployed. */
    async inspectStack(resources: readonly AnalyzedResource[], stackUrn: string): Promise<void> {
        const urns = new Set(resources.map(({ state }) => state.urn));
        for (const found of (await Promise.all(this.#packs.map((pack) => pack.analyzeStack(resources)))).flat())
            this.#log.violates({ ...found, urn: urns.has(found.urn) ? found.urn : stackUrn });
    }

    async close(): Promise<void> {
        await Promise.all(this.#packs.map((pack) => pack.close()));
    }
}

const isMandatory = ({ level }: Violation): boolean => level === "mandatory";
