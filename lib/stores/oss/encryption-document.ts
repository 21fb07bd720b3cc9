import type { ObservedRule, ServerSideEncryptionRule } from "../../rule";
import { buildXml, childOf, childText, DocumentFault, parseXml, type XmlContent } from "./xml-document";

const rootName = "ServerSideEncryptionRule";
const defaultName = "ApplyServerSideEncryptionByDefault";
const knownFields: ReadonlySet<string> = new Set(["SSEAlgorithm", "KMSMasterKeyID", "KMSDataEncryption"]);

/**
 * The body of PutBucketEncryption.
 * Source: https://help.aliyun.com/en/oss/developer-reference/putbucketencryption
 */
export function encryptionDocument(rule: ServerSideEncryptionRule): string {
    const fields: Record<string, string> = { SSEAlgorithm: rule.sseAlgorithm };
    if (rule.sseAlgorithm === "KMS") {
        if (rule.kmsMasterKeyId !== undefined) fields.KMSMasterKeyID = rule.kmsMasterKeyId;
        if (rule.kmsDataEncryption !== undefined) fields.KMSDataEncryption = rule.kmsDataEncryption;
    }
    return buildXml({ [rootName]: { [defaultName]: fields } });
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
    for (const field of knownFields) {
        if (typeof (childOf(byDefault, field) ?? "") !== "string")
            throw new DocumentFault(`its ${field} is not one text`);
    }
    const sseAlgorithm = childText(byDefault, "SSEAlgorithm");
    if (sseAlgorithm === undefined) throw new DocumentFault("it names no SSEAlgorithm");
    const kmsMasterKeyId = childText(byDefault, "KMSMasterKeyID");
    const kmsDataEncryption = childText(byDefault, "KMSDataEncryption");
    const unrecognized = Object.fromEntries([
        ...leaves(content, (path) => path[0] !== defaultName),
        ...leaves(byDefault, (path) => !knownFields.has(path[0] ?? "")),
    ]);
    return {
        sseAlgorithm,
        ...(kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId }),
        ...(kmsDataEncryption === undefined ? {} : { kmsDataEncryption }),
        ...(Object.keys(unrecognized).length === 0 ? {} : { unrecognized }),
    };
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
