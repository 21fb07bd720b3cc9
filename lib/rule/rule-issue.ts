/** One thing that is wrong with what was declared. Issues are data; text for a host or a report is made from them last. */
export interface RuleIssue {
    /** What kind of fault it is, stable across versions. */
    readonly code: "required" | "wrong-type" | "not-allowed" | "conflicting" | "malformed" | "not-usable";
    /** The property at fault, in the user's spelling, for instance `kmsMasterKeyId`. */
    readonly path: string;
    /** What was found, what is allowed and, where it can be guessed, what was probably meant. No full stop at the end. */
    readonly message: string;
}
