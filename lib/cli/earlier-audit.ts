import { existsSync } from "node:fs";
import { DocumentShape, listSchema, objectSchema, oneOfSchema, readJson } from "../documents";
import { UserError } from "../errors";
import { type AuditScope, auditFindings, type EarlierAudit } from "../review";
import { visible } from "../text";
import { type CommandIo, fileIn } from "./command-io";

/**
 * Reads an audit that `audit --format json` or `--save` wrote, to compare another audit with it.
 * @throws UserError `invalid-earlier-audit`
 */
export function readEarlierAudit(io: CommandIo, file: string): EarlierAudit {
    if (!existsSync(fileIn(io, file))) {
        const cure = "Write the first one with `bucket-encryption audit --save FILE`, or correct the name of the file.";
        throw new UserError("invalid-earlier-audit", "There is no earlier audit", { file }, { cure });
    }
    const source = { kind: "invalid-earlier-audit", title: "The earlier audit", file: fileIn(io, file) } as const;
    const { since, ...audit } = readJson(earlierShape, source);
    if (Number.isNaN(Date.parse(audit.at))) {
        throw new UserError(
            "invalid-earlier-audit",
            `The earlier audit's time (${JSON.stringify(audit.at)}) is not a time`,
            { file },
        );
    }
    if (since === undefined) return audit;
    const what = "The file has only the changes since an earlier audit";
    throw new UserError("invalid-earlier-audit", what, { file });
}

/** @throws UserError `invalid-earlier-audit` if the audits do not ask for the same buckets */
export function expectSameScope(earlier: EarlierAudit, scope: AuditScope, file: string): void {
    const [one, other] = [scopeText(earlier.scope), scopeText(scope)];
    if (one === other) return;
    const what = `The earlier audit covers ${one}, and this one ${other}`;
    throw new UserError("invalid-earlier-audit", what, { file });
}

function scopeText({ store, service, prefix, tag }: AuditScope): string {
    const parts = [
        `buckets in ${store} (${visible(service)})`,
        ...(prefix === undefined ? [] : [`with the prefix ${JSON.stringify(prefix)}`]),
        ...(tag === undefined ? [] : [`with the tag ${JSON.stringify(tag)}`]),
    ];
    return parts.join(" ");
}

const text = { type: "string" };

/** The parts that are compared; an audit has more. */
const earlierShape = new DocumentShape<EarlierAudit & { readonly since?: object }>(
    objectSchema({
        version: { const: 1 },
        at: text,
        "since?": { type: "object" },
        "states?": { type: "number" },
        scope: objectSchema({
            store: text,
            service: text,
            "prefix?": text,
            "tag?": objectSchema({ key: text, "value?": text }),
        }),
        buckets: listSchema(
            objectSchema({
                account: text,
                bucket: text,
                region: text,
                "owner?": text,
                status: oneOfSchema("encrypted", "not-encrypted", "not-known"),
                "rule?": objectSchema({ text }),
                "keyState?": text,
                findings: listSchema(oneOfSchema(...auditFindings)),
            }),
        ),
    }),
);
