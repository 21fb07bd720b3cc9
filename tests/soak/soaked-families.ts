import path from "node:path";
import { type AccountsDocument, type EncryptionRule, LocalCloud } from "../../lib/local-cloud";
import type { ObservedRule } from "../../lib/rule";
import { type RuleInS3, S3Service } from "../stores/s3/s3-service";
import { type DrawnRule, keys, otherBuckets, type Setup, secretKey } from "./stack-scenario";

export const accessKeySecret = "an-access-key-secret-that-the-soak-keeps";

/** A rule as it is declared; a key that is a secret of the program's is named `secret:…`. */
export type DeclaredRule = Omit<ObservedRule, "unrecognized">;

/** What a soak needs of a service: to look and to change behind the stack's back. */
export interface SoakedService extends Pick<LocalCloud, "url" | "faults" | "journal" | "stop"> {
    bucketRule(bucket: string): ObservedRule | undefined;
}

/** What differs between kinds of stores. */
export interface SoakedFamily {
    readonly rules: Readonly<Record<DrawnRule, DeclaredRule>>;
    /** Where resources and sets find their buckets. @param endpoint the proxy's */
    place(endpoint: string): Readonly<Record<string, unknown>>;
    readonly accounts: Readonly<Record<Setup["account"], unknown>>;
    /** What each single resource with a key says as well. */
    readonly ofKey: Readonly<Record<string, unknown>>;
    variables(endpoint: string): NodeJS.ProcessEnv;
    start(options: SoakedServiceOptions, former?: StoppedService): Promise<SoakedService>;
    setRule(service: SoakedService, bucket: string, rule: DrawnRule | undefined): void;
    /** What a bucket has once a rule is written. */
    written(declared: DeclaredRule, before: ObservedRule | undefined): ObservedRule;
}

export interface SoakedServiceOptions {
    readonly account: Setup["account"];
    readonly buckets: readonly string[];
    readonly now: () => number;
    /** Where its state is kept, if it is. */
    readonly data: string | undefined;
}

/** A service that goes on. */
export interface StoppedService {
    readonly service: SoakedService;
    readonly port: number;
}

const owner = "1000000000000001";
const caller = "1000000000000002";

const rulesOfOss: Readonly<Record<DrawnRule, EncryptionRule>> = {
    plain: { sseAlgorithm: "AES256" },
    other: { sseAlgorithm: "SM4" },
    managed: { sseAlgorithm: "KMS" },
    "first key": { sseAlgorithm: "KMS", kmsMasterKeyId: keys[0] },
    "second key": { sseAlgorithm: "KMS", kmsMasterKeyId: keys[1], kmsDataEncryption: "SM4" },
    "secret key": { sseAlgorithm: "KMS", kmsMasterKeyId: `secret:${secretKey}` },
};

/** The account that owns the buckets, and one whose key may assume its role. */
function accountsOf({ account, buckets }: SoakedServiceOptions): AccountsDocument {
    const key = { id: "soak-key-id", secret: accessKeySecret };
    const isRole = account === "role";
    return {
        accounts: [
            {
                id: owner,
                accessKeys: [isRole ? { id: "owners-key-id", secret: "owners-secret" } : key],
                roles: [{ name: "encryption-admin", trusts: [caller] }],
                keys: [...keys, secretKey].map((id) => ({ id, region: "cn-hangzhou" })),
                buckets: buckets.map((name) => ({
                    name,
                    region: "cn-hangzhou",
                    ...(name === otherBuckets[1] && { encryption: rulesOfOss["first key"] }),
                })),
            },
            { id: caller, ...(isRole && { accessKeys: [key] }) },
        ],
    };
}

const oss: SoakedFamily = {
    rules: rulesOfOss,
    place: () => ({}),
    accounts: {
        plain: undefined,
        guarded: { id: owner },
        role: { id: owner, roleArn: `acs:ram::${owner}:role/encryption-admin` },
    },
    ofKey: { verifyKey: true },
    variables: (endpoint) => ({
        ALIBABA_CLOUD_ACCESS_KEY_ID: "soak-key-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
        ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
        ALIBABA_CLOUD_KMS_ENDPOINT: endpoint,
        OSS_ENDPOINT: endpoint,
        OSS_REGION: "cn-hangzhou",
    }),
    start: ({ data, ...options }, former) =>
        LocalCloud.start({
            accounts: accountsOf({ data, ...options }),
            now: options.now,
            ...(former && { port: former.port }),
            ...(data !== undefined && { data }),
        }),
    setRule: (service, bucket, rule) => (service as LocalCloud).setBucketRule(bucket, rule && rulesOfOss[rule]),
    written: (declared) => declared,
};

export const ownerInAws = "111122223333";
const roleArn = `arn:aws:iam::${ownerInAws}:role/encryption-admin`;
const arnOf = (key: string): string => `arn:aws:kms:us-east-1:${ownerInAws}:key/${key}`;

const rulesOfS3: Readonly<Record<DrawnRule, DeclaredRule & Pick<RuleInS3, "sseAlgorithm">>> = {
    plain: { sseAlgorithm: "AES256" },
    other: { sseAlgorithm: "KMS_DSSE" },
    managed: { sseAlgorithm: "KMS", bucketKeyEnabled: true },
    "first key": {
        sseAlgorithm: "KMS",
        kmsMasterKeyId: arnOf(keys[0]),
        bucketKeyEnabled: false,
        blockedEncryptionTypes: ["SSE-C"],
    },
    "second key": { sseAlgorithm: "KMS_DSSE", kmsMasterKeyId: arnOf(keys[1]), blockedEncryptionTypes: ["NONE"] },
    "secret key": { sseAlgorithm: "KMS", kmsMasterKeyId: `secret:${arnOf(secretKey)}` },
};
/** A setting that nothing sets is off. */
const settingsOff = { bucketKeyEnabled: false, blockedEncryptionTypes: ["NONE"] };

/** @param isAws whether requests go to AWS's own endpoints, which a hook leads to the proxy; otherwise to a service that speaks its API */
const s3 = (isAws: boolean): SoakedFamily => ({
    rules: rulesOfS3,
    place: (endpoint) => ({
        store: "s3",
        region: "us-east-1",
        ...(!isAws && { endpoint, deletionIsSafe: true }),
    }),
    accounts: {
        plain: undefined,
        guarded: { id: ownerInAws },
        role: { id: ownerInAws, profile: "soak" },
    },
    ofKey: {},
    variables: (endpoint) => ({
        AWS_ACCESS_KEY_ID: "soak-key-id",
        AWS_SECRET_ACCESS_KEY: accessKeySecret,
        AWS_ENDPOINT_URL_STS: endpoint,
        ...(isAws && { NODE_OPTIONS: `--require ${path.join(__dirname, "aws-route.cjs")}`, SOAKED_AWS: endpoint }),
    }),
    start: ({ account, buckets, now }, former) =>
        S3Service.start({
            owner: ownerInAws,
            keys: [
                {
                    id: "soak-key-id",
                    secret: accessKeySecret,
                    account: account === "role" ? "444455556666" : ownerInAws,
                },
            ],
            role: { arn: roleArn, secret: `${accessKeySecret}-of-a-session` },
            buckets:
                (former?.service as S3Service | undefined)?.buckets ??
                new Map(
                    buckets.map((name) => [
                        name,
                        name === otherBuckets[1] ? { ...settingsOff, ...rulesOfS3["first key"] } : undefined,
                    ]),
                ),
            objects: (former?.service as S3Service | undefined)?.objects ?? new Map(),
            isAws,
            now,
            ...(former && { port: former.port }),
        }),
    setRule: (service, bucket, rule) =>
        (service as S3Service).setBucketRule(bucket, rule && { ...settingsOff, ...rulesOfS3[rule] }),
    // A write replaces the whole rule, so what is not declared is carried over. Two layers have no bucket key.
    written: (declared, before) => ({
        bucketKeyEnabled: (before?.bucketKeyEnabled ?? false) && declared.sseAlgorithm !== "KMS_DSSE",
        blockedEncryptionTypes: before?.blockedEncryptionTypes ?? ["NONE"],
        ...declared,
    }),
});

export const soakedFamilies = { oss, aws: s3(true), compatible: s3(false) } as const;
export type FamilyName = keyof typeof soakedFamilies;

/** The profile that assumes the role with the keys of the environment. */
export const awsConfiguration = `[profile soak]\nrole_arn = ${roleArn}\ncredential_source = Environment\nregion = us-east-1\n`;
