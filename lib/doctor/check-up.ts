/**
 * What a check found. `not-checked`: no request shows it without writing, or there was nothing to check. `not-known`: the request
 * was made, and its answer does not show the result. Neither is `fine`.
 */
export const checkResults = ["fine", "missing", "wrong", "not-known", "not-checked"] as const;
export type CheckResult = (typeof checkResults)[number];

/** One line of a check-up. */
export interface Check {
    /** What was checked: a right by its action, or one of `credentials`, `account`, `clock`, `region`, `key`. */
    readonly name: string;
    /** What it is about, such as a bucket; absent where it is about the account. */
    readonly subject?: string;
    readonly result: CheckResult;
    /** What was found, and why, as a sentence. */
    readonly text: string;
}

/** A policy that grants rights, as the service's console takes it. */
export interface Policy {
    readonly Version: string;
    readonly Statement: readonly {
        readonly Effect: "Allow";
        readonly Action: readonly string[];
        readonly Resource: readonly string[];
    }[];
}

/** What was found out for the credentials of one account. */
export interface CheckUp {
    readonly name: string;
    readonly checks: readonly Check[];
    /** Grants the rights that are missing; absent if none is known to be. */
    readonly missing?: Policy;
    /** Grants the rights that no request shows; absent if there are none. */
    readonly unproven?: Policy;
}

/** Names the system of the policies, such as RAM. */
export interface DoctorReport {
    /** ISO 8601. */
    readonly at: string;
    readonly store: string;
    readonly system: string;
    readonly accounts: readonly CheckUp[];
}
