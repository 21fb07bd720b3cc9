import { createHash } from "node:crypto";
import { jsonText, sarifMessage, visible } from "../../text";

/** How much a finding matters, in SARIF's words. */
export type SarifLevel = "error" | "warning" | "note";

export interface SarifRule {
    readonly id: string;
    readonly text: string;
    readonly level: SarifLevel;
}

export interface SarifFinding {
    readonly ruleId: string;
    readonly message: string;
    /** What the finding is about, for instance a URN. */
    readonly subject: string;
    readonly kind: "resource";
    /** The file at which a viewer shows it, relative to the repository's root. */
    readonly file: string;
    /** From 1 on. */
    readonly line: number;
    /** Equal for the same finding in two runs. */
    readonly identity: readonly string[];
}

/**
 * A log in SARIF 2.1.0, as code-scanning services read it.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(rules: readonly SarifRule[], findings: readonly SarifFinding[]): string {
    const levels = new Map(rules.map(({ id, level }) => [id, level]));
    const driver = {
        name: "bucket-encryption",
        rules: rules.map(({ id, text, level }) => ({
            id,
            shortDescription: { text: sarifMessage(text) },
            defaultConfiguration: { level },
        })),
    };
    const results = findings.map(({ ruleId, message, subject, kind, file, line, identity }) => ({
        ruleId,
        ruleIndex: rules.findIndex(({ id }) => id === ruleId),
        level: levels.get(ruleId),
        message: { text: sarifMessage(message) },
        locations: [
            {
                physicalLocation: { artifactLocation: { uri: uriPath(file) }, region: { startLine: line } },
                logicalLocations: [{ fullyQualifiedName: visible(subject, "whole"), kind }],
            },
        ],
        partialFingerprints: { "bucketEncryption/v1": fingerprint([ruleId, ...identity]) },
    }));
    return jsonText({
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
    });
}

/** A relative reference for any file name, also for one with half of a surrogate pair, which has no encoding. */
function uriPath(file: string): string {
    const path = Buffer.from(file).toString().replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
    return path.replace(/^\/+/, "");
}

function fingerprint(parts: readonly string[]): string {
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
