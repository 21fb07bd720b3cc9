import { storeFamilies } from "../../lib/stores";
import { S3EncryptionStore } from "../../lib/stores/s3/s3-encryption-store";
import { resolveS3Target } from "../../lib/stores/s3/s3-target";
import { PythonUnavailable } from "../python/python-environment";
import { keys, Moto } from "../s3-servers/moto";
import { encryptionStoreContract } from "./encryption-store-contract";

describe("S3EncryptionStore on a server that nobody here wrote", function () {
    this.timeout(10 * 60_000); // a first run installs the server
    let moto: Moto;

    before(async function () {
        try {
            moto = await Moto.start();
        } catch (error) {
            // Without Python there is no such server; in CI that would be a silent hole.
            if (!(error instanceof PythonUnavailable) || process.env.CI !== undefined) throw error;
            console.warn(`    skipped: ${error.message}`);
            this.skip();
        }
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
});
