/** A fault of a document, and its place. */
export interface DocumentIssue {
    /** Names and indexes that lead there; empty for the document as a whole. */
    readonly path: readonly (string | number)[];
    /** A sentence without a full stop, which holds nothing that the document says. */
    readonly message: string;
}

/** For instance `steps[12].urn`. */
export function pathText(path: DocumentIssue["path"]): string {
    return path.reduce<string>((text, part) => {
        if (typeof part === "number") return `${text}[${part}]`;
        return text === "" ? part : `${text}.${part}`;
    }, "");
}
