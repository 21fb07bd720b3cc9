import { counted } from "../../text";
import type { EngineEvent } from "../deployment/engine-event";
import type { Violation } from "../policy/violation";
import type { Painter } from "./colors";
import { byWeight, packTitle, violationHead, violationLines } from "./violation-text";

interface PackFindings {
    readonly violations: Violation[];
    /** How many resources each policy changed. */
    readonly remediations: Map<string, number>;
}

/** The findings of policies during an operation, pack by pack, for its end (pkg/backend/display/progress.go, printPolicies). */
export class PolicySummary {
    readonly #packs = new Map<string, PackFindings>();

    note(event: EngineEvent): void {
        if (event.kind === "violation") this.#findings(event.violation).violations.push(event.violation);
        if (event.kind !== "remediation") return;
        const { remediations } = this.#findings(event.policy);
        remediations.set(event.policy.policy, (remediations.get(event.policy.policy) ?? 0) + 1);
    }

    /** Whether a finding makes the operation fail. */
    get hasMandatory(): boolean {
        return [...this.#packs.values()].some(({ violations }) => violations.some(isMandatory));
    }

    /** @param versions the versions of the packs that ran, by `<name>|local|<folder>` */
    text(versions: { readonly [pack: string]: string }, paint: Painter): string {
        const places = new Map(
            Object.entries(versions).map(([key, version]) => {
                const [name = "", , folder = ""] = key.split("|");
                return [packTitle({ pack: name, packVersion: version }), folder] as const;
            }),
        );
        const titles = [...new Set([...places.keys(), ...this.#packs.keys()])].sort();
        if (titles.length === 0) return "";
        const blocks = titles.map((title) => {
            const { violations = [], remediations = new Map<string, number>() } = this.#packs.get(title) ?? {};
            const folder = places.get(title);
            const head = `    ${markOf(violations)} ${paint("blue", title)}${folder === undefined ? "" : ` (local: ${folder})`}`;
            const changed = [...remediations].sort(([left], [right]) => (left < right ? -1 : 1));
            return [
                head,
                ...changed.map(
                    ([policy, count]) =>
                        `        - ${paint("blue", `[remediate]  ${policy}`)}  (${counted(count, "resource")})`,
                ),
                ...[...violations].sort(byWeight).map((violation) => summaryLines(violation, paint)),
            ].join("\n");
        });
        return `${paint("bold", "Policies:")}\n${blocks.join("\n")}\n\n`;
    }

    #findings(policy: Pick<Violation, "pack" | "packVersion">): PackFindings {
        const title = packTitle(policy);
        const known = this.#packs.get(title);
        if (known !== undefined) return known;
        const fresh: PackFindings = { violations: [], remediations: new Map() };
        this.#packs.set(title, fresh);
        return fresh;
    }
}

const isMandatory = ({ level }: Violation): boolean => level === "mandatory";

const markOf = (violations: readonly Violation[]): string =>
    violations.some(isMandatory) ? "❌" : violations.length > 0 ? "⚠️" : "✅";

const summaryLines = (violation: Violation, paint: Painter): string =>
    [
        `        - ${violationHead(violation, paint)}`,
        ...violationLines(violation).map((line) => `          ${line}`),
    ].join("\n");
