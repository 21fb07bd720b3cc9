import { DocumentShape, parseJson, readDocument } from "../documents";
import { UserError } from "../errors";
import { type AuditReport, auditFindings, type EarlierAudit } from "../review";
import { type CommandIo, fileIn } from "./command-io";

/**
 * Reads an audit that `audit --format json` or `--save` wrote, to compare another audit with it.
 * @throws UserError `invalid-earlier-audit`
 */
export function readEarlierAudit(io: CommandIo, file: string): EarlierAudit {
    const source = { kind: "invalid-earlier-audit", title: "The earlier audit", file: fileIn(io, file) } as const;
    const { since, ...audit } = parseJson(readDocument(source), earlierShape, source);
    if (since === undefined) return audit;
    const what = "The file has only the changes since an audit before it";
    throw new UserError("invalid-earlier-audit", what, { file });
}

/** @throws UserError `invalid-earlier-audit` if the audits do not ask for the same buckets */
export function expectSameScope(earlier: EarlierAudit, scope: AuditReport["scope"], file: string): void {
    const [one, other] = [scopeText(earlier.scope), scopeText(scope)];
    if (one === other) return;
    const what = `The earlier audit covers ${one}, and this one ${other}`;
    throw new UserError("invalid-earlier-audit", what, { file });
}

function scopeText({ store, prefix, tag }: AuditReport["scope"]): string {
    const parts = [
        `buckets in ${store}`,
        ...(prefix === undefined ? [] : [`with the prefix ${JSON.stringify(prefix)}`]),
        ...(tag === undefined ? [] : [`with the tag ${JSON.stringify(tag)}`]),
    ];
    return parts.join(" ");
}

const text = { type: "string" };

/** The parts that are compared; an audit has more. */
const earlierShape = new DocumentShape<EarlierAudit & { readonly since?: object }>({
    type: "object",
    required: ["version", "at", "scope", "buckets"],
    properties: {
        version: { const: 1 },
        at: text,
        since: { type: "object" },
        states: { type: "number" },
        scope: {
            type: "object",
            required: ["store"],
            properties: {
                store: text,
                prefix: text,
                tag: { type: "object", required: ["key"], properties: { key: text, value: text } },
            },
        },
        buckets: {
            type: "array",
            items: {
                type: "object",
                required: ["account", "bucket", "status", "findings"],
                properties: {
                    account: text,
                    bucket: text,
                    status: { enum: ["encrypted", "not-encrypted", "not-known"] },
                    rule: { type: "object", required: ["text"], properties: { text } },
                    keyState: text,
                    findings: { type: "array", items: { enum: auditFindings } },
                },
            },
        },
    },
});
