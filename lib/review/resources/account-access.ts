import type { StoreFamily } from "../../stores";
import { isHidden, type Visible, visibleObject, visibleText } from "./hidden-value";

/** How a bucket is reached, by the properties that declare it. `account` is an account's id, `service` as `StoreFamily.serviceAt` names it. */
export type Access = Readonly<Record<string, Visible>>;

/** What the argument `account` of this package's resources says, which holds no credential. */
export function declaredAccess(account: unknown): Access {
    const said = visibleObject(account);
    if (said === undefined) return {};
    if (isHidden(said)) return { account: said };
    const { id, profile, roleArn, through, oidc } = said as Readonly<Record<string, unknown>>;
    const role = visibleText(roleArn);
    const ofRole = typeof role === "string" ? /^acs:ram::(\d+):role\//.exec(role)?.[1] : undefined;
    const access: Access = {
        account: visibleText(id) ?? ofRole,
        profile: visibleText(profile),
        role,
        through: textOf(through),
        oidc: textOf(oidc),
    };
    return Object.fromEntries(Object.entries(access).filter(([, value]) => value !== undefined));
}

function textOf(value: unknown): Visible {
    const object = visibleObject(value);
    return object === undefined || isHidden(object) ? object : JSON.stringify(object);
}

/** The service of a declared place, whose bucket of a name is not another service's. */
export function declaredService(family: StoreFamily, { region, endpoint }: Readonly<Record<string, unknown>>): Visible {
    const place = visibleText(region);
    const url = visibleText(endpoint);
    const textOrNone = (value: Visible) => (typeof value === "string" ? value : undefined);
    return isHidden(url) ? url : family.serviceAt({ endpoint: textOrNone(url), region: textOrNone(place) });
}

/** Whether two ways lead, or may lead, to two services, and so to two buckets. */
export function isOtherService({ service: from }: Access, { service: to }: Access): boolean {
    return from !== to || isHidden(from);
}

/**
 * The names by which two ways to a bucket differ, so that they may lead to another service's bucket, or be on behalf of different accounts.
 * Where both name the account, that alone counts beside the service: another role or profile of one account is the same account. An id that
 * only one of them names is a check, and leads nowhere else.
 */
export function differingAccess(
    { service: fromService, ...from }: Access,
    { service: toService, ...to }: Access,
): readonly string[] {
    const isElsewhere = isOtherService({ service: fromService }, { service: toService });
    return [...(isElsewhere ? ["service"] : []), ...differingAccounts(from, to)];
}

function differingAccounts(from: Access, to: Access): readonly string[] {
    if (typeof from.account === "string" && typeof to.account === "string") {
        return from.account === to.account ? [] : ["account"];
    }
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
        (name) => name !== "account" || isHidden(from.account) || isHidden(to.account),
    );
    return names.filter((name) => isHidden(from[name]) || isHidden(to[name]) || from[name] !== to[name]);
}
