import type { Violation } from "../policy/policy-pack";
import { urnName, urnType } from "../urn";
import type { Painter } from "./colors";

/** What a policy found, or changed, as people read it. */
export function violationText(violation: Violation, paint: Painter): string {
    const { level, pack, packVersion, policy, description, message, urn } = violation;
    const about = `${pack}${packVersion === "" ? "" : `@v${packVersion.replace(/^v/, "")}`}`;
    const head = `${about} ${paint(level === "mandatory" ? "red" : "yellow", `[${level}]  ${policy}`)}`;
    const lines = [description, ...message.split("\n")].filter((line) => line.trim() !== "");
    return [`    ${head}  (${urnType(urn)}: ${urnName(urn)})`, ...lines.map((line) => `        ${line}`), ""].join(
        "\n",
    );
}
