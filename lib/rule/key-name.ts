/**
 * What a key's name stands for, in a form that can be compared: an id and the ARN that ends in it are one key, and so are
 * an alias and its ARN. `undefined` is the key that the service keeps for the account, which goes by an alias that no
 * customer can give (`alias/acs/…`, `alias/aws/…`). Which id an alias stands for only KMS knows; see `KeyIdentity`.
 * Source: https://help.aliyun.com/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey,
 * https://docs.aws.amazon.com/kms/latest/developerguide/alias-about.html
 */
export function keyIdentity(name: string | undefined): string | undefined {
    const [, , path = name] = /^(?:acs|arn:aws[a-z-]*):kms:([^:]*:[^:]*):(.+)$/.exec(name ?? "") ?? [];
    const identity = path?.startsWith("key/") ? path.slice("key/".length) : path;
    return identity === "" || /^alias\/(acs|aws)\//.test(identity ?? "") ? undefined : identity;
}

/** Tells what a key's name stands for. One that has asked KMS may say the same of an alias as of its key's id. */
export type KeyIdentity = (name: string | undefined) => string | undefined;

/** Region and account that a key's ARN names, where it is one. */
export function keyOwner(name: string): { readonly region: string; readonly account: string } | undefined {
    const [, region, account] = /^(?:acs|arn:aws[a-z-]*):kms:([^:]+):([^:]+):/.exec(name) ?? [];
    return region === undefined || account === undefined ? undefined : { region, account };
}
