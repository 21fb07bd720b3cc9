import { createPublicKey, type JsonWebKey } from "node:crypto";
import { versioningStates } from "../cloud/bucket";
import { isBucketTag, maxBucketTags } from "../cloud/bucket-tags";
import { type EncryptionRule, sseAlgorithms } from "../cloud/encryption-rule";
import { kmsKeyStates } from "../cloud/kms-key";
import { storageClasses } from "../cloud/storage-class";
import { bucketNamePattern, kmsKeyIdPattern, regionIdPattern } from "../oss/names";
import { PolicyGrammarError, readStatement } from "../ram/statement";
import type { AccountsDocument } from "./accounts-document";
import { FaultCollector, join, throwFaults, UniqueNames } from "./fault-collector";

const trustedPattern = /^(\d{16}|acs:ram::\d{16}:(root|(user|role|oidc-provider)\/[\w.@-]{1,64}))$/;
const regionRule = "a region such as cn-hangzhou";

/**
 * Checks a parsed accounts file in full.
 * @param subject names the source in the error: `The accounts file a.json`
 * @throws LocalCloudConfigurationError with every fault
 */
export function validateAccounts(value: unknown, subject: string): AccountsDocument {
    const collector = new FaultCollector();
    const names = {
        account: new UniqueNames(collector, "account id"),
        accessKey: new UniqueNames(collector, "access key id"),
        kmsKey: new UniqueNames(collector, "key id"),
        bucket: new UniqueNames(collector, "bucket name"),
    };
    const document = collector.object(value, "", ["accounts"]);
    if (document !== undefined && document.accounts === undefined) {
        collector.add("accounts", "is missing");
    }
    collector.array(document?.accounts, "accounts", (entry, path) => {
        const account = collector.object(entry, path, [
            "id",
            "accessKeys",
            "users",
            "roles",
            "oidcProviders",
            "keys",
            "buckets",
        ]);
        if (account === undefined) {
            return;
        }
        const at = (member: string) => join(path, member);
        names.account.add(collector.text(account.id, at("id"), "16 digits", /^\d{16}$/), at("id"));
        collector.array(account.accessKeys, at("accessKeys"), (key, keyPath) => {
            names.accessKey.add(checkAccessKey(collector, key, keyPath), `${keyPath}.id`);
        });
        const users = new UniqueNames(collector, "user name");
        collector.array(account.users, at("users"), (user, userPath) => {
            users.add(checkUser(collector, user, userPath, names.accessKey), `${userPath}.name`);
        });
        const roles = new UniqueNames(collector, "role name");
        collector.array(account.roles, at("roles"), (role, rolePath) => {
            roles.add(checkRole(collector, role, rolePath), `${rolePath}.name`);
        });
        const providers = new UniqueNames(collector, "provider name");
        collector.array(account.oidcProviders, at("oidcProviders"), (provider, providerPath) => {
            providers.add(checkOidcProvider(collector, provider, providerPath), `${providerPath}.name`);
        });
        collector.array(account.keys, at("keys"), (key, keyPath) => {
            names.kmsKey.add(checkKmsKey(collector, key, keyPath), `${keyPath}.id`);
        });
        collector.array(account.buckets, at("buckets"), (bucket, bucketPath) => {
            names.bucket.add(checkBucket(collector, bucket, bucketPath), `${bucketPath}.name`);
        });
    });
    throwFaults(subject, collector);
    return value as AccountsDocument;
}

function checkAccessKey(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const key = collector.object(value, path, ["id", "secret"]);
    if (key === undefined) {
        return undefined;
    }
    collector.text(key.secret, join(path, "secret"), "a text that is not empty", /./, true);
    // A slash would end the key's id in a V4 credential, a colon in a V1 authorization.
    return collector.text(key.id, join(path, "id"), "letters, digits, . _ or -", /^[\w.-]+$/);
}

const ramNamePattern = /^[\w.@-]{1,64}$/;

function checkUser(
    collector: FaultCollector,
    value: unknown,
    path: string,
    accessKeys: UniqueNames,
): string | undefined {
    const user = collector.object(value, path, ["name", "accessKeys", "statements"]);
    if (user === undefined) {
        return undefined;
    }
    collector.array(user.accessKeys, join(path, "accessKeys"), (key, keyPath) => {
        accessKeys.add(checkAccessKey(collector, key, keyPath), `${keyPath}.id`);
    });
    checkStatements(collector, user.statements, join(path, "statements"));
    return collector.text(user.name, join(path, "name"), "letters, digits, . _ @ or - (64 at most)", ramNamePattern);
}

function checkStatements(collector: FaultCollector, value: unknown, path: string): void {
    collector.array(value, path, (statement, statementPath) => {
        try {
            readStatement(statement);
        } catch (error) {
            if (!(error instanceof PolicyGrammarError)) {
                throw error;
            }
            collector.add(statementPath, error.message);
        }
    });
}

function checkRole(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const role = collector.object(value, path, ["name", "trusts", "externalId", "maxSessionDuration", "statements"]);
    if (role === undefined) {
        return undefined;
    }
    collector.array(role.trusts, join(path, "trusts"), (trusted, trustedPath) => {
        collector.text(
            trusted,
            trustedPath,
            "an account id of 16 digits, or the ARN of a user, role or OIDC provider",
            trustedPattern,
        );
    });
    collector.optionalText(role.externalId, join(path, "externalId"), "a text that is not empty", /./);
    collector.optionalInteger(role.maxSessionDuration, join(path, "maxSessionDuration"), 3600, 43_200);
    checkStatements(collector, role.statements, join(path, "statements"));
    return collector.text(role.name, join(path, "name"), "letters, digits, . or - (64 at most)", /^[\w.-]{1,64}$/);
}

function checkOidcProvider(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const provider = collector.object(value, path, ["name", "issuer", "clientIds", "jwks"]);
    if (provider === undefined) {
        return undefined;
    }
    collector.text(provider.issuer, join(path, "issuer"), "an address that begins with https://", /^https:\/\/./);
    collector.array(provider.clientIds ?? null, join(path, "clientIds"), (id, idPath) => {
        collector.text(id, idPath, "a text that is not empty", /./);
    });
    const jwks = collector.object(provider.jwks, join(path, "jwks"), ["keys"]);
    collector.array(jwks?.keys ?? null, join(join(path, "jwks"), "keys"), (key, keyPath) => {
        if (!isPublicKey(key)) {
            collector.add(keyPath, "must be a public key as a JSON Web Key of RSA or EC");
        }
    });
    return collector.text(
        provider.name,
        join(path, "name"),
        "letters, digits, . _ or - (64 at most)",
        /^[\w.-]{1,64}$/,
    );
}

function isPublicKey(value: unknown): boolean {
    try {
        const key = createPublicKey({ key: value as JsonWebKey, format: "jwk" });
        return key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "ec";
    } catch {
        return false;
    }
}

function checkKmsKey(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const key = collector.object(value, path, ["id", "region", "state", "alias"]);
    if (key === undefined) {
        return undefined;
    }
    collector.optionalText(key.region, join(path, "region"), regionRule, regionIdPattern);
    collector.optionalText(key.state, join(path, "state"), oneOf(kmsKeyStates), exactly(kmsKeyStates));
    collector.optionalText(key.alias, join(path, "alias"), "alias/ and a name", /^alias\/[\w/-]+$/);
    return collector.text(key.id, join(path, "id"), "letters, digits or -", /^[A-Za-z0-9-]+$/);
}

/**
 * Collects the faults of a bucket entry.
 * @returns its name, if that is valid
 */
export function checkBucket(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const bucket = collector.object(value, path, [
        "name",
        "region",
        "encryption",
        "tags",
        "versioning",
        "storageClass",
    ]);
    if (bucket === undefined) {
        return undefined;
    }
    collector.optionalText(bucket.region, join(path, "region"), regionRule, regionIdPattern);
    if (bucket.encryption !== undefined) {
        checkEncryptionRule(collector, bucket.encryption, join(path, "encryption"));
    }
    checkTags(collector, bucket.tags, join(path, "tags"));
    const { versioning, storageClass } = bucket;
    const states = versioningStates;
    collector.optionalText(versioning, join(path, "versioning"), oneOf(states), exactly(states));
    collector.optionalText(storageClass, join(path, "storageClass"), oneOf(storageClasses), exactly(storageClasses));
    return collector.text(
        bucket.name,
        join(path, "name"),
        "3 to 63 lower-case letters, digits and hyphens, no hyphen at either end",
        bucketNamePattern,
    );
}

/** Accepts the tags that PutBucketTagging accepts. */
function checkTags(collector: FaultCollector, value: unknown, path: string): void {
    if (value === undefined) {
        return;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        collector.add(path, "must be an object of texts");
        return;
    }
    const tags = Object.entries(value as Record<string, unknown>);
    if (tags.length > maxBucketTags) {
        collector.add(path, `must have at most ${maxBucketTags} members, has ${tags.length}`);
    }
    for (const [key, text] of tags) {
        if (typeof text !== "string" || !isBucketTag([key, text])) {
            const rule = "a key of 1 to 64 bytes that begins with neither aliyun nor http:// nor https://";
            collector.add(join(path, key), `is not a tag: ${rule}, and a text of at most 128 bytes`);
        }
    }
}

/** Collects the faults of a rule. Accepts the combinations that PutBucketEncryption accepts. */
export function checkEncryptionRule(collector: FaultCollector, value: unknown, path: string): void {
    const rule = collector.object(value, path, ["sseAlgorithm", "kmsMasterKeyId", "kmsDataEncryption"]);
    if (rule === undefined) {
        return;
    }
    const at = (member: keyof EncryptionRule) => join(path, member);
    collector.text(rule.sseAlgorithm, at("sseAlgorithm"), oneOf(sseAlgorithms), exactly(sseAlgorithms));
    collector.optionalText(rule.kmsMasterKeyId, at("kmsMasterKeyId"), "a key id", kmsKeyIdPattern);
    collector.optionalText(rule.kmsDataEncryption, at("kmsDataEncryption"), oneOf(["SM4"]), exactly(["SM4"]));
    for (const member of ["kmsMasterKeyId", "kmsDataEncryption"] as const) {
        if (rule[member] !== undefined && rule.sseAlgorithm !== "KMS") {
            collector.add(at(member), "is only allowed when sseAlgorithm is KMS");
        }
    }
}

function oneOf(values: readonly string[]): string {
    return values.length === 1 ? `${values[0]}` : `one of ${values.join(", ")}`;
}

function exactly(values: readonly string[]): RegExp {
    return new RegExp(`^(${values.join("|")})$`);
}
