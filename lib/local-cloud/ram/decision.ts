import type { Principal } from "./principal";
import type { Statement } from "./statement";

export type Decision = "allow" | "explicit deny" | "implicit deny";

/** A permission to check. */
export interface Permission {
    /** `oss:GetObject` */
    readonly action: string;
    /** The names of one resource: `acs:oss:oss-cn-hangzhou:1000000000000001:example-bucket/key`, and other spellings. */
    readonly resources: readonly string[];
}

/**
 * RAM's decision for a principal.
 * documented: Policy evaluation process (doc 93733). A Deny overrides every Allow, and what no statement allows is
 * denied.
 */
export function decide({ statements }: Principal, permission: Permission): Decision {
    return statements === undefined ? "allow" : evaluate(statements, permission);
}

/**
 * The decision of the policy of the principal's security token. It only narrows what RAM allows.
 * documented: AssumeRole.
 */
export function decideBySession({ sessionPolicy }: Principal, permission: Permission): Decision {
    return sessionPolicy === undefined ? "allow" : evaluate(sessionPolicy, permission);
}

/** Whether RAM and the token's policy both allow. */
export function isAllowed(principal: Principal, permission: Permission): boolean {
    return decide(principal, permission) === "allow" && decideBySession(principal, permission) === "allow";
}

export function evaluate(statements: readonly Statement[], permission: Permission): Decision {
    const matching = statements.filter((statement) => matches(statement, permission));
    if (matching.some(({ effect }) => effect === "Deny")) {
        return "explicit deny";
    }
    return matching.length > 0 ? "allow" : "implicit deny";
}

/** documented: `*` is any run of characters, `?` any one; actions are compared without regard to case. */
function matches(statement: Statement, { action, resources }: Permission): boolean {
    return (
        statement.actions.some((pattern) => isLike(pattern.toLowerCase(), action.toLowerCase())) &&
        statement.resources.some((pattern) => resources.some((resource) => isLike(pattern, resource)))
    );
}

/** Quadratic time at worst, unlike a regular expression: it backtracks to the latest `*` only. */
function isLike(pattern: string, text: string): boolean {
    let star = -1;
    let resume = 0;
    let at = 0;
    let index = 0;
    while (index < text.length) {
        if (pattern[at] === "*") {
            star = at;
            resume = index;
            at += 1;
        } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[index])) {
            at += 1;
            index += 1;
        } else if (star >= 0) {
            at = star + 1;
            resume += 1;
            index = resume;
        } else {
            return false;
        }
    }
    return /^\**$/.test(pattern.slice(at));
}
