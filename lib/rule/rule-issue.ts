/** One fault of a declaration. Issues are data; the text for a host or a report is made last. */
export interface RuleIssue {
    /** The kind of fault, stable across versions. */
    readonly code: "required" | "wrong-type" | "not-allowed" | "conflicting" | "malformed" | "not-usable";
    /** The property at fault, in the user's spelling, for instance `kmsMasterKeyId`. */
    readonly path: string;
    /** What was found, what is allowed and, if it can be guessed, what was probably meant. No full stop at the end. */
    readonly message: string;
}
