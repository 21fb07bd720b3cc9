/** What a right is about, as far as it is known. */
export interface RightSubject {
    readonly bucket?: string | undefined;
    readonly region?: string | undefined;
    readonly account?: string | undefined;
    readonly key?: string | undefined;
}

/** A right that this package needs in a family. */
export interface StoreRight {
    /** The action, as a policy names it. */
    readonly action: string;
    readonly purpose: string;
    /**
     * How a check finds out about it: by listing buckets, describing one, reading its rule, or looking up a key. `none`: no request
     * that writes nothing shows it.
     */
    readonly shownBy: "list" | "describe" | "rule" | "key" | "none";
    /** The resource of a policy's statement that grants it. */
    readonly resource: (subject: RightSubject) => string;
}

/** The rights of a family, and how its policies are written. */
export interface StoreRights {
    /** What its policies are called, such as `RAM`. */
    readonly system: string;
    /** The version of its policy language. */
    readonly policyVersion: string;
    readonly rights: readonly StoreRight[];
}
