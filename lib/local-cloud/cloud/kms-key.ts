export const kmsKeyStates = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"] as const;
export type KmsKeyState = (typeof kmsKeyStates)[number];

export interface KmsKey {
    readonly id: string;
    readonly accountId: string;
    readonly region: string;
    readonly state: KmsKeyState;
    readonly description: string;
    readonly keySpec: string;
    readonly keyUsage: string;
    readonly origin: string;
    readonly protectionLevel: string;
    /** The account, or the service that made the key for itself. */
    readonly creator: string;
    readonly creationDate: number;
    /** When a key in the state PendingDeletion is deleted. */
    readonly deleteDate?: number | undefined;
    /** Each begins with `alias/`; unique in the account and the region. */
    readonly aliases: readonly string[];
}

export function newKmsKey(
    given: Pick<KmsKey, "id" | "accountId" | "region" | "creationDate"> & Partial<KmsKey>,
): KmsKey {
    return {
        state: "Enabled",
        description: "",
        keySpec: "Aliyun_AES_256",
        keyUsage: "ENCRYPT/DECRYPT",
        origin: "Aliyun_KMS",
        protectionLevel: "SOFTWARE",
        creator: given.accountId,
        aliases: [],
        ...given,
    };
}

/** assumed: how KMS names the creator of the key that it manages for OSS. No caller can change that key's state. */
export const serviceKeyCreator = "Oss";

/** documented: the form of a key's ARN (DescribeKey). */
export function kmsKeyArn({ region, accountId, id }: Pick<KmsKey, "region" | "accountId" | "id">): string {
    return `acs:kms:${region}:${accountId}:key/${id}`;
}
