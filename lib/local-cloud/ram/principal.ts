import { createHash } from "node:crypto";
import type { Statement } from "./statement";

/** The identity behind a request. */
export interface Principal {
    readonly accountId: string;
    readonly identity:
        | { readonly type: "Account" }
        | { readonly type: "RAMUser"; readonly name: string }
        | { readonly type: "AssumedRoleUser"; readonly role: string; readonly session: string };
    /** What RAM allows the identity; undefined allows all that the account may do. */
    readonly statements?: readonly Statement[] | undefined;
    /** The policy of the security token, which narrows the rights; undefined narrows nothing. */
    readonly sessionPolicy?: readonly Statement[] | undefined;
}

export function accountPrincipal(accountId: string): Principal {
    return { accountId, identity: { type: "Account" } };
}

/** The principal's ARN in trust policies and in GetCallerIdentity. documented: GetCallerIdentity (doc 43767). */
export function principalArn({ accountId, identity }: Principal): string {
    switch (identity.type) {
        case "Account":
            return `acs:ram::${accountId}:root`;
        case "RAMUser":
            return `acs:ram::${accountId}:user/${identity.name}`;
        case "AssumedRoleUser":
            return `acs:ram::${accountId}:assumed-role/${identity.role}/${identity.session}`;
    }
}

/** The number under which policies and error documents know the principal. documented: EC page 0003-00000201. */
export function principalId({ accountId, identity }: Principal): string {
    switch (identity.type) {
        case "Account":
            return accountId;
        case "RAMUser":
            return ramId("user", accountId, identity.name);
        case "AssumedRoleUser":
            return `${ramId("role", accountId, identity.role)}:${identity.session}`;
    }
}

export function roleArn(accountId: string, role: string): string {
    return `acs:ram::${accountId}:role/${role}`;
}

/** assumed: 18 digits, the shape in every sample; always the same for the same name. */
export function ramId(kind: "user" | "role", accountId: string, name: string): string {
    const digest = createHash("sha256").update(`${kind} ${accountId} ${name}`).digest();
    return `3${(digest.readBigUInt64BE() % 10n ** 17n).toString().padStart(17, "0")}`;
}
