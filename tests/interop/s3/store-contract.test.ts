import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { storeFamilies } from "../../../lib/stores";
import { S3EncryptionStore } from "../../../lib/stores/s3/s3-encryption-store";
import { resolveS3Target } from "../../../lib/stores/s3/s3-target";
import { encryptionStoreContract } from "../../contracts/encryption-store-contract";
import { replaceEnvironment } from "../../process-environment";
import { ScriptedServer } from "../../stores/oss/scripted-server";
import { needed } from "../needed-tool";
import { keys, Moto } from "./moto";

describe("S3EncryptionStore on a server of another project", function () {
    this.timeout(10 * 60_000); // a first run installs the server
    let moto: Moto;

    before(async function () {
        moto = await needed(this, () => Moto.start());
    });
    after(() => moto?.stop());

    encryptionStoreContract("S3EncryptionStore on moto", async () => {
        await moto.reset();
        const target = resolveS3Target({ endpoint: moto.url, deletionIsSafe: true });
        const store = new S3EncryptionStore({
            target: { ...target, region: "us-east-1" },
            account: { credentials: async () => keys, expectedBucketOwner: "123456789012" },
        });
        return {
            store,
            capabilities: storeFamilies.s3.capabilities({ endpoint: moto.url }),
            kmsMasterKeyId: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            createBucket: (name) => moto.createBucket(name),
            deleteBucket: (name) => moto.deleteBucket(name),
            stop: async () => store.close(),
        };
    });

    it("assumes the role that a profile names, with nothing but the client's own packages", async () => {
        const folder = mkdtempSync(path.join(tmpdir(), "s3-role-"));
        const server = await ScriptedServer.replying({ status: 404 });
        const before = { ...process.env };
        try {
            const role =
                "role_arn = arn:aws:iam::123456789012:role/encryption\nsource_profile = base\nregion = us-east-1";
            writeFileSync(path.join(folder, "config"), `[profile prod]\n${role}\n`);
            const base = `aws_access_key_id = ${keys.accessKeyId}\naws_secret_access_key = ${keys.secretAccessKey}`;
            writeFileSync(path.join(folder, "credentials"), `[base]\n${base}\n`);
            process.env.AWS_CONFIG_FILE = path.join(folder, "config");
            process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(folder, "credentials");
            process.env.AWS_ENDPOINT_URL_STS = moto.url;
            const target = { ...resolveS3Target({ endpoint: server.endpoint }), region: "us-east-1" };
            const store = new S3EncryptionStore({ target, account: { profile: "prod" } });
            await store.getRule("logs").catch(() => undefined);
            store.close();
            const { authorization, "x-amz-security-token": token } = server.requests[0]?.headers ?? {};
            expect(authorization).to.match(/Credential=(?!local-aws-key-id)[A-Z0-9]{16,}\//);
            expect(token).to.be.a("string").and.not.empty;
        } finally {
            replaceEnvironment(before);
            await server.stop();
            rmSync(folder, { recursive: true });
        }
    });
});
