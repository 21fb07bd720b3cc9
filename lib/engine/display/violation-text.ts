import { policySeverities } from "../policy/policy-config";
import type { Violation } from "../policy/violation";
import { urnName, urnType } from "../urn";
import type { PropertyMap } from "../values/property-value";
import type { Painter } from "./colors";
import { diffLines, diffText } from "./property-text";

/** The policy and the resource of a finding, as one line. */
export function violationHead({ level, severity, policy, urn }: Violation, paint: Painter): string {
    const weight = severity === "" ? "" : ` [severity: ${severity}]`;
    const head = paint(level === "mandatory" ? "red" : "yellow", `[${level}]${weight}  ${policy}`);
    return `${head}  (${urnType(urn)}: ${urnName(urn)})`;
}

/** A policy's finding as the message of a diagnostic. */
export function violationMessage(violation: Violation): string {
    const { level, policy, urn } = violation;
    const head = `[${level}] ${packTitle(violation)} ${policy} (${urnType(urn)}: ${urnName(urn)})`;
    return `${head}: ${violationLines(violation).join("\n")}`;
}

/** The lines of a finding's message. Messages begin with the description already, unless a policy failed. */
export const violationLines = ({ message }: Violation): string[] =>
    message.split("\n").filter((line) => line.trim() !== "");

/** A finding, as a part of a diff. */
export function violationText(violation: Violation, paint: Painter): string {
    const head = `    ${packTitle(violation)} ${violationHead(violation, paint)}`;
    return [head, ...violationLines(violation).map((line) => `        ${line}`), ""].join("\n");
}

/** The changes of a policy, as a part of a diff. Empty without changes. */
export function remediationText(
    policy: Pick<Violation, "policy" | "pack" | "packVersion">,
    urn: string,
    { before, after, paint }: { readonly before: PropertyMap; readonly after: PropertyMap; readonly paint: Painter },
): string {
    const changes = diffLines(before, after).filter(({ mark }) => mark !== "  ");
    if (changes.length === 0) return "";
    const head = `${packTitle(policy)} ${paint("blue", `[remediate]  ${policy.policy}`)}`;
    return `    ${head}  (${urnType(urn)}: ${urnName(urn)})\n${diffText(changes, 2, paint)}\n`;
}

export const packTitle = ({ pack, packVersion }: Pick<Violation, "pack" | "packVersion">): string =>
    packVersion === "" ? pack : `${pack}@v${packVersion.replace(/^v/, "")}`;

/** Orders findings: mandatory ones first, then by severity, policy and resource (progress.go, printPolicies). */
export function byWeight(left: Violation, right: Violation): number {
    return (
        Number(right.level === "mandatory") - Number(left.level === "mandatory") ||
        policySeverities.indexOf(right.severity) - policySeverities.indexOf(left.severity) ||
        compare(left.policy, right.policy) ||
        compare(left.urn, right.urn)
    );
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
