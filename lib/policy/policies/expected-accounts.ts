import { notYetKnown } from "../../rule";
import { declaredAccounts } from "../declared-account";
import type { PolicyOptions } from "../policy-options";
import { type Finding, type JudgedResource, type ResourcePolicyDefinition, resourcePolicy } from "../resource-policy";
import { storeNames } from "../site-store";

/** In which accounts buckets may be. */
export interface ExpectedAccountsConfig {
    /** Account ids. Empty: the policy checks nothing. */
    readonly accounts: readonly string[];
    /** Whether a resource that names no account is a violation. Default: true. */
    readonly requireDeclared: boolean;
}

const definition: ResourcePolicyDefinition<ExpectedAccountsConfig> = {
    about: {
        name: "expected-accounts",
        displayName: "Expected accounts only",
        description: "Rules are declared for buckets of the expected accounts.",
        severity: "high",
        tags: ["accounts", ...storeNames],
        remediationSteps:
            "Give the resource `account: { id }`, or its provider an account id, that is an expected one.",
    },
    level: "mandatory",
    schema: {
        accounts: {
            type: "array",
            description: "The ids of the accounts in which buckets may be. Without any, nothing is checked.",
            default: [],
            uniqueItems: true,
            items: { type: "string", pattern: "^\\d{5,20}$" },
        },
        requireDeclared: {
            type: "boolean",
            default: true,
            description: "Whether a resource that names no account is a violation.",
        },
    },
    claim: "the account is expected",
    judge,
};

function judge({ resource, reader, config }: JudgedResource<ExpectedAccountsConfig>): Finding[] {
    if (config.accounts.length === 0) return [];
    const claims = declaredAccounts(resource, reader, stackConfiguration());
    if (claims.length === 0) {
        if (!config.requireDeclared) return [];
        return [
            {
                violation: `it names no account, and only these are expected: ${config.accounts.join(", ")}; set account.id, or the provider's account`,
            },
        ];
    }
    return claims.flatMap(({ id, from }): Finding[] => {
        if (id === notYetKnown) return [{ undecided: from }];
        if (config.accounts.includes(id)) return [];
        return [
            { violation: `${from} is ${id}, which is none of the expected accounts: ${config.accounts.join(", ")}` },
        ];
    });
}

/** The stack's configuration, as the SDK passes it to the process (`@pulumi/pulumi`, runtime/config). */
function stackConfiguration(): Record<string, string> {
    try {
        return JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, string>;
    } catch {
        return {};
    }
}

/** Every resource names an expected account. */
export function expectedAccounts(options?: PolicyOptions<ExpectedAccountsConfig>) {
    return resourcePolicy(definition, options);
}
