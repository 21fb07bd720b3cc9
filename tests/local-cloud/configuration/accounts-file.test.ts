import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { LocalCloudConfigurationError, readAccountsFile } from "../../../lib/local-cloud";
import { CloudState } from "../../../lib/local-cloud/cloud/state";
import { validateAccounts } from "../../../lib/local-cloud/configuration/accounts-validation";

const completeAccounts = {
    accounts: [
        {
            id: "1000000000000001",
            accessKeys: [{ id: "key-id", secret: "key-secret" }],
            roles: [{ name: "encryption-admin", trusts: ["1000000000000002"], externalId: "x" }],
            keys: [{ id: "key-1", region: "cn-hangzhou", state: "Enabled", alias: "alias/main" }],
            buckets: [
                { name: "plain" },
                {
                    name: "photos",
                    region: "eu-central-1",
                    encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" },
                },
            ],
        },
        { id: "1000000000000002" },
    ],
};

function faultsOf(value: unknown): string[] {
    try {
        validateAccounts(value, "The accounts file a.json");
    } catch (error) {
        expect(error).to.be.instanceOf(LocalCloudConfigurationError);
        return (error as LocalCloudConfigurationError).faults.map(({ path, message }) => `${path}: ${message}`);
    }
    return [];
}

describe("accounts file", () => {
    let folder: string;

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "local-cloud-accounts-"));
    });

    after(() => rm(folder, { recursive: true }));

    async function failure(text: string): Promise<string> {
        const file = join(folder, "accounts.json");
        await writeFile(file, text);
        return readAccountsFile(file).then(
            () => "",
            (error: Error) => `${error.name}: ${error.message.replace(file, "FILE")}`,
        );
    }

    it("is kept unchanged, including roles and keys", async () => {
        const file = join(folder, "complete.json");
        await writeFile(file, `\ufeff${JSON.stringify(completeAccounts)}`);
        expect(await readAccountsFile(file)).to.deep.equal(completeAccounts);
    });

    it("rejects all faults together, each with its place", () => {
        const value = {
            accounts: [
                {
                    id: "1",
                    acessKeys: [],
                    accessKeys: [{ id: "a/b", secret: "" }, { id: "twice", secret: "s" }, "text"],
                    roles: [{ name: "", trusts: ["me"] }],
                    keys: [{ id: "k", state: "enabled", alias: "main" }, { id: "k" }],
                    buckets: [
                        { name: "Photos", region: "oss-cn-hangzhou" },
                        { name: "photos", encryption: { sseAlgorithm: "aes256", kmsMasterKeyId: "k" } },
                    ],
                },
                {
                    id: "1000000000000002",
                    accessKeys: [{ id: "twice", secret: "s" }],
                    buckets: [{ name: "photos", encryption: { sseAlgorithm: "KMS", kmsDataEncryption: "AES256" } }],
                },
                { id: "1000000000000002", keys: {} },
            ],
            version: 1,
        };
        const names = "3 to 63 lower-case letters, digits and hyphens, no hyphen at either end";
        expect(faultsOf(value)).to.have.members([
            "version: is not known here; allowed are accounts",
            "accounts[0].acessKeys: is not known here; allowed are id, accessKeys, users, roles, oidcProviders, keys, buckets",
            'accounts[0].id: must be 16 digits, is "1"',
            "accounts[0].accessKeys[0].secret: must be a text that is not empty, is empty",
            'accounts[0].accessKeys[0].id: must be letters, digits, . _ or -, is "a/b"',
            'accounts[0].accessKeys[2]: must be an object, is "text"',
            'accounts[0].roles[0].trusts[0]: must be an account id of 16 digits, or the ARN of a user, role or OIDC provider, is "me"',
            'accounts[0].roles[0].name: must be letters, digits, . or - (64 at most), is ""',
            'accounts[0].keys[0].state: must be one of Enabled, Disabled, PendingDeletion, PendingImport, is "enabled"',
            'accounts[0].keys[0].alias: must be alias/ and a name, is "main"',
            'accounts[0].keys[1].id: repeats the key id "k" of accounts[0].keys[0].id',
            'accounts[0].buckets[0].region: must be a region such as cn-hangzhou, is "oss-cn-hangzhou"',
            `accounts[0].buckets[0].name: must be ${names}, is "Photos"`,
            'accounts[0].buckets[1].encryption.sseAlgorithm: must be one of AES256, SM4, KMS, is "aes256"',
            "accounts[0].buckets[1].encryption.kmsMasterKeyId: is only allowed when sseAlgorithm is KMS",
            'accounts[1].accessKeys[0].id: repeats the access key id "twice" of accounts[0].accessKeys[1].id',
            'accounts[1].buckets[0].encryption.kmsDataEncryption: must be SM4, is "AES256"',
            'accounts[1].buckets[0].name: repeats the bucket name "photos" of accounts[0].buckets[1].name',
            "accounts[2].keys: must be an array, is {}",
            'accounts[2].id: repeats the account id "1000000000000002" of accounts[1].id',
        ]);
    });

    it("rejects a text that is not an accounts document", () => {
        expect(faultsOf(null)).to.deep.equal([": must be an object, is null"]);
        expect(faultsOf([])).to.deep.equal([": must be an object, is []"]);
        expect(faultsOf({})).to.deep.equal(["accounts: is missing"]);
        expect(faultsOf({ accounts: "all" })).to.deep.equal(['accounts: must be an array, is "all"']);
        expect(faultsOf({ accounts: [{}] })).to.deep.equal(["accounts[0].id: must be 16 digits, is missing"]);
    });

    it("never shows a secret", () => {
        const faults = faultsOf({
            accounts: [{ id: "1000000000000001", accessKeys: [{ id: "k", secret: ["s3cr3t"], extra: "s3cr3t" }] }],
        });
        expect(faults).to.deep.equal([
            "accounts[0].accessKeys[0].extra: is not known here; allowed are id, secret",
            "accounts[0].accessKeys[0].secret: must be a text that is not empty, is an array",
        ]);
    });

    it("rejects a file that is not JSON, with the place and without a quotation", async () => {
        const message = await failure('{"accounts": [\n  {"id": s3cr3t}]}');
        expect(message).to.match(
            /^LocalCloudConfigurationError: The accounts file FILE has 1 fault:\n {2}it is not valid JSON( \(line 2, column 10\))?$/,
        );
    });

    it("rejects a missing file", async () => {
        const message = await readAccountsFile(join(folder, "missing.json")).catch((error: Error) => error.message);
        expect(message).to.match(/missing\.json has 1 fault:\n {2}it cannot be read \(ENOENT\)$/);
    });

    it("gives buckets their tags, versioning and storage class", async () => {
        const file = join(folder, "buckets.json");
        const buckets = [{ name: "photos", tags: { stage: "production" }, versioning: "Enabled", storageClass: "IA" }];
        await writeFile(file, JSON.stringify({ accounts: [{ id: "1000000000000001", buckets }] }));
        const { buckets: made } = new CloudState(await readAccountsFile(file), 0);
        expect(made.get("photos")).to.deep.include({
            tags: [["stage", "production"]],
            versioning: "Enabled",
            storageClass: "IA",
        });
    });

    it("rejects tags, versioning, classes and OIDC providers that OSS and RAM refuse", () => {
        const value = {
            accounts: [
                {
                    id: "1000000000000001",
                    oidcProviders: [{ name: "p", issuer: "http://a", clientIds: [1], jwks: { keys: [{}] } }],
                    buckets: [
                        { name: "one", tags: { aliyun: "x" }, versioning: "On", storageClass: "Glacier" },
                        { name: "two", tags: ["a"] },
                    ],
                },
            ],
        };
        expect(faultsOf(value)).to.have.members([
            'accounts[0].oidcProviders[0].issuer: must be an address that begins with https://, is "http://a"',
            "accounts[0].oidcProviders[0].clientIds[0]: must be a text that is not empty, is 1",
            "accounts[0].oidcProviders[0].jwks.keys[0]: must be a public key as a JSON Web Key of RSA or EC",
            "accounts[0].buckets[0].tags.aliyun: is not a tag: a key of 1 to 64 bytes that begins with neither aliyun nor http:// nor https://, and a text of at most 128 bytes",
            'accounts[0].buckets[0].versioning: must be one of Enabled, Suspended, is "On"',
            'accounts[0].buckets[0].storageClass: must be one of Standard, IA, Archive, ColdArchive, DeepColdArchive, is "Glacier"',
            "accounts[0].buckets[1].tags: must be an object of texts",
        ]);
    });
});
