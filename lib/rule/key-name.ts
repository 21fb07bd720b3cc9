/**
 * The key that a name stands for, in a form that can be compared: an id and the ARN that ends in it are one key, and so are an alias
 * and its ARN. `undefined` is the key that the service keeps for the account, whose alias no customer can create (`alias/acs/…`,
 * `alias/aws/…`). Only KMS knows the id that an alias stands for; see `KeyIdentity`.
 * Source: https://help.aliyun.com/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey,
 * https://docs.aws.amazon.com/kms/latest/developerguide/alias-about.html
 */
export function keyIdentity(name: string | undefined): string | undefined {
    const [, , path = name] = /^(?:acs|arn:aws[a-z-]*):kms:([^:]*:[^:]*):(.+)$/.exec(name ?? "") ?? [];
    const identity = path?.startsWith("key/") ? path.slice("key/".length) : path;
    return identity === "" || /^alias\/(acs|aws)\//.test(identity ?? "") ? undefined : identity;
}

/** Returns what a key's name stands for. After a lookup in KMS, an alias and its key's id may have one result. */
export type KeyIdentity = (name: string | undefined) => string | undefined;

/** The region and account in a key's ARN; `undefined` for another name. */
export function keyOwner(name: string): { readonly region: string; readonly account: string } | undefined {
    const [, region, account] = /^(?:acs|arn:aws[a-z-]*):kms:([^:]+):([^:]+):/.exec(name) ?? [];
    return region === undefined || account === undefined ? undefined : { region, account };
}
