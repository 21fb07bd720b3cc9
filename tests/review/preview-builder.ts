/** Documents as `pulumi preview --json` and `pulumi stack export` print them, made of what a test is about. */

export const ownType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";
export const alicloudType = "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption";
export const alicloudBucketType = "alicloud:oss/bucket:Bucket";

export type Properties = Readonly<Record<string, unknown>>;

export interface EntryOptions {
    readonly type?: string;
    readonly name?: string;
    readonly outputs?: Properties;
    readonly [field: string]: unknown;
}

export function entry(inputs: Properties, { type = ownType, name = "logs", outputs, ...fields }: EntryOptions = {}) {
    return {
        urn: `urn:pulumi:dev::shop::${type}::${name}`,
        custom: true,
        type,
        inputs,
        outputs: outputs ?? inputs,
        provider: `urn:pulumi:dev::shop::pulumi:providers:${type.split(":")[0]}::default::04da6b54`,
        ...fields,
    };
}

export type Entry = ReturnType<typeof entry> & { readonly delete?: boolean };

export function step(op: string, oldState: Entry | undefined, newState: Entry | undefined, fields: Properties = {}) {
    const urn = (newState ?? oldState)?.urn;
    const states = { ...(oldState ? { oldState } : {}), ...(newState ? { newState } : {}) };
    return { op, urn, ...states, ...fields, detailedDiff: fields.detailedDiff ?? null };
}

export function preview(...steps: ReturnType<typeof step>[]) {
    return { config: {}, steps, duration: 1, changeSummary: {} };
}

export function exported(...resources: Entry[]) {
    return { version: 3, deployment: { manifest: {}, resources } };
}
