import { notYetKnown } from "../rule";
import type { Foreseen, SeenResource } from "./encryption-site";
import type { PropertyReader } from "./property-reader";

/** An account that a declaration names, and the property that names it. */
export interface AccountClaim {
    readonly id: Foreseen<string>;
    readonly from: string;
}

const roleAccount = /^(?:acs:ram::|arn:[^:]+:iam::)(\d+):role\//;

const accountSetting = "bucket-encryption:account";
const pluginProvider = "pulumi:providers:bucket-encryption";
const isOurs = (type: string): boolean => type === "pulumi:providers:pulumi-nodejs" || type === pluginProvider;

/**
 * The accounts that a declaration names, without a request: the resource's own `account` and the owner that it expects, the
 * stack's configuration, and its provider's account, role or guard. A role names its account in its ARN.
 */
export function declaredAccounts(
    { props, provider }: SeenResource,
    reader: PropertyReader,
    configuration: Readonly<Record<string, string>>,
): AccountClaim[] {
    const claims: AccountClaim[] = [];
    const add = (from: string, ...ids: readonly unknown[]): void => {
        for (const id of ids) if (id !== undefined) claims.push({ id: id as Foreseen<string>, from });
    };
    const role = (holder: unknown, ...path: readonly (string | number)[]): unknown => {
        const arn = reader.text(holder, ...path);
        return arn === notYetKnown ? arn : roleAccount.exec(arn ?? "")?.[1];
    };
    add("account.id", idText(reader.read(props, "account", "id")));
    add("account.roleArn", role(props, "account", "roleArn"));
    add("expectedBucketOwner", reader.text(props, "expectedBucketOwner"));
    if (provider === undefined) return claims;
    const settings = provider.props;
    if (provider.type === "pulumi:providers:alicloud") {
        add("the provider's accountId", reader.text(settings, "accountId"));
        add(
            "the provider's role",
            role(object(reader, settings, "assumeRole"), "roleArn"),
            role(object(reader, settings, "assumeRoleWithOidc"), "roleArn"),
        );
    } else if (provider.type === "pulumi:providers:aws") {
        const allowed = object(reader, settings, "allowedAccountIds");
        if (allowed === notYetKnown) add("the provider's allowedAccountIds", notYetKnown);
        else if (Array.isArray(allowed))
            add(
                "the provider's allowedAccountIds",
                ...Array.from({ length: allowed.length }, (_, index) => reader.text(allowed, index)),
            );
        const roles = object(reader, settings, "assumeRoles");
        if (roles === notYetKnown) add("the provider's role", notYetKnown);
        else if (Array.isArray(roles) && roles.length > 0)
            add("the provider's role", role(roles, roles.length - 1, "roleArn"));
    } else if (isOurs(provider.type) && reader.read(props, "account") === undefined) {
        // The stack's configuration, or the plugin's provider, names the account of resources that name none.
        const [name, from] =
            provider.type === pluginProvider ? ["account", "the provider's account"] : [accountSetting, accountSetting];
        const account =
            reader.read(settings, name) === undefined ? parsed(configuration[name]) : object(reader, settings, name);
        add(from, idText(reader.read(account, "id")), role(account, "roleArn"));
    }
    return claims;
}

/** Structured values are JSON in a provider's properties. */
function object(reader: PropertyReader, settings: unknown, name: string): unknown {
    const value = reader.read(settings, name);
    return typeof value === "string" ? parsed(value) : value;
}

/** An id that `pulumi config set` stored as a number. */
function idText(id: unknown): unknown {
    return typeof id === "number" ? String(id) : id;
}

function parsed(value: string | undefined): unknown {
    if (value === undefined) return undefined;
    try {
        return JSON.parse(value);
    } catch {
        return undefined;
    }
}
