import type { AccountsDocument } from "../../lib/local-cloud";

/**
 * A management account whose key may assume the roles of two others, one of them with an external id and one by a role
 * in between, and roles without a trusted account.
 */
export const management = "1000000000000001";
export const production = "1000000000000002";
export const test = "1000000000000003";

export const managementKeys = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };

export const roleArn = (account: string, name = "encryption-admin") => `acs:ram::${account}:role/${name}`;

export function threeAccounts(): AccountsDocument {
    return {
        accounts: [
            {
                id: management,
                accessKeys: [{ id: managementKeys.accessKeyId, secret: managementKeys.accessKeySecret }],
                roles: [
                    {
                        name: "hub",
                        trusts: [management],
                        statements: [{ Effect: "Allow", Action: "*", Resource: "*" }],
                    },
                ],
            },
            {
                id: production,
                accessKeys: [{ id: "production-key", secret: "production-secret" }],
                roles: [
                    { name: "encryption-admin", trusts: [management], externalId: "ticket-4711" },
                    { name: "for-nobody" },
                    { name: "for-the-hub", trusts: [roleArn(management, "hub")] },
                ],
                buckets: [{ name: "production-logs" }],
            },
            {
                id: test,
                accessKeys: [{ id: "test-key", secret: "test-secret" }],
                roles: [{ name: "encryption-admin", trusts: [management] }],
                buckets: [{ name: "test-logs" }],
            },
        ],
    };
}
