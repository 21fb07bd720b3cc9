import { type Decision, evaluate, type Permission } from "./decision";
import { type Principal, principalArn, principalId, roleArn } from "./principal";
import { PolicyGrammarError, readPolicyStatements, readStatement, type Statement } from "./statement";

interface BucketStatement extends Statement {
    readonly principals: readonly string[];
}

/**
 * A bucket policy: RAM statements with a Principal. documented: PutBucketPolicy.
 * @throws PolicyGrammarError also for Condition, NotPrincipal, NotAction and NotResource, which are not evaluated here
 */
export function readBucketPolicy(text: string): BucketStatement[] {
    return readPolicyStatements(text).map((value) => {
        const { Principal: given, ...others } = (value ?? {}) as Record<string, unknown>;
        const statement = withoutEmptyCondition(others);
        // verified: a statement without a Principal applies to all callers (live test of alibabacloud-oss-v2: such an Allow is public).
        const principals = Array.isArray(given) ? given : [given ?? "*"];
        if (!principals.every((item) => typeof item === "string" && item !== "")) {
            throw new PolicyGrammarError("Principal must be a text or a list of texts");
        }
        return { ...readStatement(statement), principals };
    });
}

/** verified: a policy may have an empty Condition (live test of ossutil, bucket_policy_test.go). */
function withoutEmptyCondition({ Condition, ...statement }: Record<string, unknown>): Record<string, unknown> {
    const isEmpty = typeof Condition === "object" && Condition !== null && Object.keys(Condition).length === 0;
    return Condition === undefined || isEmpty ? statement : { ...statement, Condition };
}

/** @param principal undefined is an anonymous caller, which only `*` matches */
export function decideByBucketPolicy(
    text: string | undefined,
    principal: Principal | undefined,
    permission: Permission,
): Decision {
    if (text === undefined) {
        return "implicit deny";
    }
    const names = new Set(["*", ...(principal === undefined ? [] : namesOf(principal))]);
    return evaluate(
        readBucketPolicy(text).filter(({ principals }) => principals.some((name) => names.has(name))),
        permission,
    );
}

/** documented: ids of accounts and users, ARNs of roles (`arn:sts::<account>:assumed-role/<role>/*`). An account includes its users. */
export function namesOf(principal: Principal): string[] {
    const { accountId, identity } = principal;
    const names = [accountId, principalId(principal), principalArn(principal)];
    if (identity.type === "AssumedRoleUser") {
        const session = `arn:sts::${accountId}:assumed-role/${identity.role}`;
        names.push(roleArn(accountId, identity.role), `${session}/${identity.session}`, `${session}/*`);
    }
    return names;
}
