import { type EncryptionRule, SSE_ALGORITHMS } from "../cloud/encryption-rule";
import { KMS_KEY_STATES } from "../cloud/kms-key";
import { BUCKET_NAME, KMS_KEY_ID, REGION_ID } from "../oss/names";
import { PolicyGrammarError, readStatement } from "../ram/statement";
import type { AccountsDocument } from "./accounts-document";
import { LocalCloudConfigurationError } from "./configuration-error";
import { FaultCollector, join, UniqueNames } from "./fault-collector";

const TRUSTED = /^(\d{16}|acs:ram::\d{16}:(root|(user|role)\/[\w.@-]{1,64}))$/;
const REGION_RULE = "a region such as cn-hangzhou";

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
        const account = collector.object(entry, path, ["id", "accessKeys", "users", "roles", "keys", "buckets"]);
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
        collector.array(account.keys, at("keys"), (key, keyPath) => {
            names.kmsKey.add(checkKmsKey(collector, key, keyPath), `${keyPath}.id`);
        });
        collector.array(account.buckets, at("buckets"), (bucket, bucketPath) => {
            names.bucket.add(checkBucket(collector, bucket, bucketPath), `${bucketPath}.name`);
        });
    });
    if (collector.faults.length > 0) {
        throw new LocalCloudConfigurationError(subject, collector.faults);
    }
    return value as AccountsDocument;
}

function checkAccessKey(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const key = collector.object(value, path, ["id", "secret"]);
    if (key === undefined) {
        return undefined;
    }
    collector.text(key.secret, join(path, "secret"), "a text that isn't empty", /./, true);
    // A slash would end the key's id in a V4 credential, a colon in a V1 authorization.
    return collector.text(key.id, join(path, "id"), "letters, digits, . _ or -", /^[\w.-]+$/);
}

const RAM_NAME = /^[\w.@-]{1,64}$/;

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
    return collector.text(user.name, join(path, "name"), "letters, digits, . _ @ or - (64 at most)", RAM_NAME);
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
        collector.text(trusted, trustedPath, "an account id of 16 digits, or the ARN of a user or role", TRUSTED);
    });
    collector.optionalText(role.externalId, join(path, "externalId"), "a text that isn't empty", /./);
    collector.optionalInteger(role.maxSessionDuration, join(path, "maxSessionDuration"), 3600, 43_200);
    checkStatements(collector, role.statements, join(path, "statements"));
    return collector.text(role.name, join(path, "name"), "letters, digits, . or - (64 at most)", /^[\w.-]{1,64}$/);
}

function checkKmsKey(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const key = collector.object(value, path, ["id", "region", "state", "alias"]);
    if (key === undefined) {
        return undefined;
    }
    collector.optionalText(key.region, join(path, "region"), REGION_RULE, REGION_ID);
    collector.optionalText(key.state, join(path, "state"), oneOf(KMS_KEY_STATES), exactly(KMS_KEY_STATES));
    collector.optionalText(key.alias, join(path, "alias"), "alias/ and a name", /^alias\/[\w/-]+$/);
    return collector.text(key.id, join(path, "id"), "letters, digits or -", /^[A-Za-z0-9-]+$/);
}

/** A bucket entry's faults, gathered. @returns its name, when it is one */
export function checkBucket(collector: FaultCollector, value: unknown, path: string): string | undefined {
    const bucket = collector.object(value, path, ["name", "region", "encryption"]);
    if (bucket === undefined) {
        return undefined;
    }
    collector.optionalText(bucket.region, join(path, "region"), REGION_RULE, REGION_ID);
    if (bucket.encryption !== undefined) {
        checkEncryptionRule(collector, bucket.encryption, join(path, "encryption"));
    }
    return collector.text(
        bucket.name,
        join(path, "name"),
        "3 to 63 lower-case letters, digits and hyphens, no hyphen at either end",
        BUCKET_NAME,
    );
}

/** A given rule's faults, gathered; the same combinations hold that PutBucketEncryption lets through. */
export function checkEncryptionRule(collector: FaultCollector, value: unknown, path: string): void {
    const rule = collector.object(value, path, ["sseAlgorithm", "kmsMasterKeyId", "kmsDataEncryption"]);
    if (rule === undefined) {
        return;
    }
    const at = (member: keyof EncryptionRule) => join(path, member);
    collector.text(rule.sseAlgorithm, at("sseAlgorithm"), oneOf(SSE_ALGORITHMS), exactly(SSE_ALGORITHMS));
    collector.optionalText(rule.kmsMasterKeyId, at("kmsMasterKeyId"), "a key id", KMS_KEY_ID);
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
