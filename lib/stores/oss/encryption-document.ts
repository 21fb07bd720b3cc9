import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import { buildXml, childOf, childText, DocumentFault, parseXml, type XmlContent } from "./xml-document";

const rootName = "ServerSideEncryptionRule";
const defaultName = "ApplyServerSideEncryptionByDefault";
const fields = ["SSEAlgorithm", "KMSMasterKeyID", "KMSDataEncryption"] as const;
const knownFields: ReadonlySet<string> = new Set(fields);

/**
 * The body of PutBucketEncryption.
 * Source: https://help.aliyun.com/en/oss/developer-reference/putbucketencryption
 */
export function encryptionDocument(rule: ServerSideEncryptionRule): string {
    const written: Record<string, string> = { SSEAlgorithm: rule.sseAlgorithm };
    if (rule.sseAlgorithm === "KMS") {
        if (rule.kmsMasterKeyId !== undefined) written.KMSMasterKeyID = rule.kmsMasterKeyId;
        if (rule.kmsDataEncryption !== undefined) written.KMSDataEncryption = rule.kmsDataEncryption;
    }
    return buildXml({ [rootName]: { [defaultName]: written } });
}

/** The rule in the fields of a document or of headers; `undefined` if they have no algorithm. */
export function ruleOfFields(textOf: (field: (typeof fields)[number]) => string | undefined): ObservedRule | undefined {
    const [sseAlgorithm, kmsMasterKeyId, kmsDataEncryption] = fields.map((field) => textOf(field));
    if (sseAlgorithm === undefined) return undefined;
    return {
        sseAlgorithm,
        ...(kmsMasterKeyId !== undefined && { kmsMasterKeyId }),
        ...(kmsDataEncryption !== undefined && { kmsDataEncryption }),
    };
}

/** The last document that was read: very many buckets have the same, down to the byte. */
let last: { readonly body: Buffer; readonly rule: ObservedRule } | undefined;

/**
 * Reads the body of GetBucketEncryption. An empty element is an absent one: the API's own samples hold
 * `<KMSMasterKeyID></KMSMasterKeyID>` beside AES256.
 * Source: https://help.aliyun.com/en/oss/developer-reference/getbucketencryption
 * @throws DocumentFault when it is not such a document, or names no algorithm
 */
export function parseEncryptionDocument(body: Buffer): ObservedRule {
    if (last?.body.equals(body) !== true) last = { body, rule: parsedRule(body) };
    return last.rule;
}

function parsedRule(body: Buffer): ObservedRule {
    const { root, content } = parseXml(body);
    if (root !== rootName) throw new DocumentFault(`its root element is not ${rootName}`);
    const byDefault = childOf(content, defaultName);
    if (byDefault === undefined || Array.isArray(byDefault))
        throw new DocumentFault(`it does not have exactly one ${defaultName}`);
    for (const field of fields) {
        if (typeof (childOf(byDefault, field) ?? "") !== "string")
            throw new DocumentFault(`its ${field} is not one text`);
    }
    const rule = ruleOfFields((field) => childText(byDefault, field));
    if (rule === undefined) throw new DocumentFault("it names no SSEAlgorithm");
    const unrecognized = Object.fromEntries([
        ...leaves(content, (path) => path[0] !== defaultName),
        ...leaves(byDefault, (path) => !knownFields.has(path[0] ?? "")),
    ]);
    return Object.keys(unrecognized).length === 0 ? rule : { ...rule, unrecognized };
}

/** Every text below an element with its path, for instance `["Filter.Prefix", "logs/"]`; repeated elements are numbered. */
function leaves(content: XmlContent, isWanted: (path: readonly string[]) => boolean): [string, string][] {
    const found: [string, string][] = [];
    const visit = (node: XmlContent, path: readonly string[]): void => {
        if (path.length > 0 && !isWanted(path)) return;
        if (typeof node === "string") {
            if (path.length > 0 && node !== "") found.push([path.join("."), node]);
        } else {
            for (const [name, child] of Object.entries(node)) visit(child, [...path, name]);
        }
    };
    visit(content, []);
    return found;
}
