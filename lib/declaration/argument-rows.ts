import { type ArgumentRow, type ArgumentRows, rowsOf, ruleArguments } from "../rule";

/** The kinds of store that the types of arguments know. */
const storeNames = ["oss", "s3"] as const;

const existingRuleChoices = ["adopt", "overwrite", "fail"] as const;
const onDeleteChoices = ["remove", "restore", "retain"] as const;

/**
 * Every argument of a `BucketEncryption`, one row for each, in the order in which they are shown. A new argument is one new row,
 * the place that acts on it, and its tests.
 */
export const declarationArguments = {
    /** The bucket's name. It identifies the resource: another name is another resource. */
    bucket: {
        type: "string",
        required: "the name of the bucket",
        role: "place",
        replaces: true,
        description: "The bucket's name. It identifies the resource: another name is another resource.",
    },
    ...ruleArguments,
    /** Which kind of store has the bucket. It identifies the resource together with `bucket`. */
    store: {
        type: "choice",
        values: storeNames,
        role: "place",
        default: "oss",
        replaces: true,
        description:
            "The kind of store: Alibaba Cloud OSS, or AWS S3 and services that speak its API. It identifies the resource together with `bucket`.",
    },
    /** The bucket's region, for instance `cn-hangzhou`. */
    region: {
        type: "string",
        role: "place",
        defaultText:
            "`bucket-encryption:region`, then `OSS_REGION`; for S3 `bucket-encryption:s3Region`, then `AWS_REGION`; then what the service answers",
        description: "The bucket's region, for instance `cn-hangzhou`.",
    },
    /** The endpoint, for instance of a private network. */
    endpoint: {
        type: "string",
        role: "place",
        defaultText:
            "`bucket-encryption:endpoint`, then `OSS_ENDPOINT`; for S3 `bucket-encryption:s3Endpoint`, then `AWS_ENDPOINT_URL_S3`; then the region's own",
        description: "Another endpoint than the region's public one, for instance of a private network.",
    },
    /**
     * The account on whose behalf the bucket is reached. With `id`, nothing is written before the credentials and the bucket are
     * known to belong to that account.
     */
    account: {
        type: "object",
        role: "place",
        defaultText: "`bucket-encryption:account`, then the credentials that are found",
        description:
            "The account on whose behalf the bucket is reached: its id, which is verified before any write, a profile, a role ([accounts.md](accounts.md)).",
    },
    /** Put the bucket's name into the path, for services without a host name for each bucket. */
    forcePathStyle: {
        type: "boolean",
        stores: ["s3"],
        role: "place",
        default: false,
        description: "Put the bucket's name into the path, for services without a host name for each bucket.",
    },
    /**
     * For services other than AWS: you confirm that `DELETE ?encryption` removes the rule and not the bucket, as old Ceph does.
     * Without it no rule is removed there.
     */
    deletionIsSafe: {
        type: "boolean",
        stores: ["s3"],
        role: "place",
        default: false,
        description:
            "For services other than AWS: you confirm that `DELETE ?encryption` removes only the rule. Without it no rule is removed there ([s3.md](s3.md)).",
    },
    /**
     * What happens to a rule that the bucket has when the resource is created. `adopt`: an equal rule is adopted without a
     * write, a weaker rule is replaced with a notice, and a rule that the declared one would weaken is an error. `overwrite`: the
     * declared rule is written in any case. `fail`: any rule is an error.
     */
    existingRule: {
        type: "choice",
        values: existingRuleChoices,
        role: "behaviour",
        default: "adopt",
        onlyOnCreation: true,
        description:
            "What creating the resource does about an existing rule: adopt it (an error if the declared rule would weaken it), overwrite it, or fail.",
    },
    /** Whether the rule is a minimum: a bucket that has a stronger rule keeps it. */
    atLeast: {
        type: "boolean",
        role: "behaviour",
        default: false,
        description: "Whether the rule is a minimum: a bucket that has a stronger rule keeps it.",
    },
    /** What happens to the bucket's rule when the resource is deleted. `restore` writes back the rule before it (`previousRule`). */
    onDelete: {
        type: "choice",
        values: onDeleteChoices,
        role: "behaviour",
        default: "remove",
        description:
            "What deleting the resource does about the rule: remove it, write back the rule before it, or leave it.",
    },
    /** Delete, as `onDelete` says, also a rule that was changed outside the stack, which is an error otherwise. */
    forceDelete: {
        type: "boolean",
        role: "behaviour",
        default: false,
        description: "Delete also a rule that was changed outside the stack, which is an error otherwise.",
    },
    /**
     * Look a new or changed `kmsMasterKeyId` up in KMS, in the preview already: it must exist, be enabled, be for symmetric
     * encryption and belong to the bucket's region. A KMS that cannot be reached or refuses the question is a warning.
     */
    verifyKey: {
        type: "boolean",
        role: "behaviour",
        defaultText: "`true` where KMS can be reached",
        onlyOnCreation: true,
        description: "Look a new or changed key up in KMS before it is used, in the preview already.",
    },
    /**
     * End each creation and update with an object `.bucket-encryption-proof/<uuid>` that is written, read back and deleted, to
     * prove that new objects are encrypted as declared and that the key can be used.
     */
    proveKey: {
        type: "boolean",
        role: "behaviour",
        default: false,
        description:
            "End each creation and update with a small object that is written, read back and deleted, to prove that the rule and the key work.",
    },
} as const satisfies ArgumentRows;

/** The outputs that a state has besides the declared arguments. */
export const outputs = {
    /** The rule that the bucket had when the resource was created; `undefined` when it had none. */
    previousRule: {
        type: "object",
        role: "output",
        maybeSecret: true,
        description: "The rule that the bucket had when the resource was created; absent when it had none.",
    },
    /** Of the plugin: the rule that the stack last wrote or adopted, while the bucket has another one. */
    writtenRule: {
        type: "object",
        role: "output",
        maybeSecret: true,
        description:
            "Of the plugin: the rule that the stack last wrote or adopted, while the bucket has another one. A deletion compares with it.",
    },
    /** The bucket's region, if no `region` was given and it was found from the service's answers. */
    bucketRegion: {
        type: "string",
        role: "output",
        description: "The bucket's region, if no `region` was given and it was found from the service's answers.",
    },
    /** Fields of the rule that this version does not know, as they were last read. */
    unrecognized: {
        type: "object",
        role: "output",
        description: "Fields of the rule that this version does not know, as they were last read.",
    },
    /** True while a started write is not confirmed. The next deployment writes again. */
    unconfirmed: {
        type: "boolean",
        role: "output",
        description: "`true` while a started write is not confirmed. The next deployment writes again.",
    },
} as const satisfies ArgumentRows;

export type DeclarationRows = typeof declarationArguments;
export type ArgumentName = keyof DeclarationRows;

/** The names of the arguments with a role. */
export type ArgumentsOf<Role> = {
    [name in ArgumentName]: DeclarationRows[name] extends { role: Role } ? name : never;
}[ArgumentName];

/** What happens to a rule that a bucket has when the resource is created. */
export type ExistingRule = (typeof existingRuleChoices)[number];
/** What happens to the bucket's rule when the resource is deleted. */
export type OnDelete = (typeof onDeleteChoices)[number];

/** Every property that a stack can declare, in the order in which they are shown. */
export const argumentNames = Object.keys(declarationArguments) as readonly ArgumentName[];

/** The properties of a state that are inputs, or that a refresh shows as such. */
export function notOutputs(state: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const isInput = (name: string) => !Object.hasOwn(outputs, name) || name === "unrecognized";
    return Object.fromEntries(Object.entries(state).filter(([name]) => isInput(name)));
}

/** Arguments that may be secrets of the stack. */
export const maybeSecretArguments = namesOf(declarationArguments, ({ maybeSecret }) => maybeSecret === true);

/** Outputs that may hold such a secret, too. */
export const maybeSecretOutputs = namesOf(outputs, ({ maybeSecret }) => maybeSecret === true);

function namesOf(rows: ArgumentRows, test: (row: ArgumentRow) => boolean): readonly string[] {
    return rowsOf(rows).flatMap(([name, row]) => (test(row) ? [name] : []));
}

const replacingNames = new Set(namesOf(declarationArguments, ({ replaces }) => replaces === true));

/** Whether another value of the property is another resource. */
export function isReplacing(name: string): boolean {
    return replacingNames.has(name);
}
