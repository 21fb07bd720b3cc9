import { notYetKnown } from "../../rule";

/** Stands for a value that a document holds encrypted or masked. It is never read, even if the document has it in clear. */
export const secretValue: unique symbol = Symbol("secret");

/** A value that is hidden from a review. */
export type Hidden = typeof secretValue | typeof notYetKnown;

/** A text of a document, or why it is hidden. `undefined`: not given; an empty text counts as not given. */
export type Visible = string | Hidden | undefined;

const signatureKey = "4dabf18193072939515e22adb298388d";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceReferenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** What the engine writes for a value that is not known yet, by kind (sdk/go/common/resource/plugin/rpc.go). */
const unknownSentinels: ReadonlySet<unknown> = new Set([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
]);

export function isHidden(value: unknown): value is Hidden {
    return value === secretValue || value === notYetKnown;
}

/**
 * A property for comparison. Everything but a plain value is hidden: an unreadable value must never pass for absent.
 * Numbers and truth values become texts.
 */
export function visibleText(value: unknown): Visible {
    if (value === undefined || value === null || value === "") return undefined;
    if (value === "[secret]") return secretValue;
    if (unknownSentinels.has(value)) return notYetKnown;
    if (typeof value === "string") return value;
    if (typeof value === "boolean" || typeof value === "number") return String(value);
    return hiddenObject(value) ?? notYetKnown;
}

/** A list of texts as one text, with commas in between. One hidden text hides the list; an empty list counts as not given. */
export function visibleList(value: unknown): Visible {
    if (!Array.isArray(value)) return visibleText(value);
    const texts = value.map(visibleText);
    return texts.find(isHidden) ?? (texts.join(",") || undefined);
}

/** The object or list in a property, as the engine wrote it. `undefined`: not given. */
export function visibleObject(value: unknown): object | Hidden | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "object") return hiddenObject(value) ?? value;
    return visibleText(value) === secretValue ? secretValue : notYetKnown;
}

function hiddenObject(value: unknown): Hidden | undefined {
    if (typeof value !== "object" || value === null || !(signatureKey in value)) return undefined;
    const signature = (value as Record<string, unknown>)[signatureKey];
    return signature === outputSignature || signature === resourceReferenceSignature ? notYetKnown : secretValue;
}
