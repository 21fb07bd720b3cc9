import { staticCredentials } from "../../lib/accounts";
import { LocalCloud } from "../../lib/local-cloud";
import { storeFamilies } from "../../lib/stores";
import { OssEncryptionStore } from "../../lib/stores/oss/oss-encryption-store";
import { encryptionStoreContract } from "./encryption-store-contract";

// The client and the server were written by two who did not see each other's code.
const keys = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };

encryptionStoreContract("OssEncryptionStore on the local cloud", async () => {
    const cloud = await LocalCloud.start({ isStrict: true });
    const target = { region: "cn-hangzhou", endpoint: cloud.url };
    const store = new OssEncryptionStore({ target, credentials: staticCredentials(keys) });
    return {
        store,
        capabilities: storeFamilies.oss.capabilities(),
        kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7",
        createBucket: async (name) => cloud.createBucket({ name }),
        deleteBucket: async (name) => cloud.deleteBucket(name),
        stop: async () => {
            store.close();
            await cloud.stop();
        },
    };
});

encryptionStoreContract("OssEncryptionStore on the local cloud, with temporary credentials", async () => {
    const cloud = await LocalCloud.start({ isStrict: true });
    const target = { region: "cn-hangzhou", endpoint: cloud.url };
    const credentials = staticCredentials(
        cloud.issueTemporaryCredentials({ expiresAt: new Date(Date.now() + 3_600_000) }),
    );
    const store = new OssEncryptionStore({ target, credentials });
    return {
        store,
        capabilities: storeFamilies.oss.capabilities(),
        kmsMasterKeyId: "alias/payments",
        createBucket: async (name) => cloud.createBucket({ name }),
        deleteBucket: async (name) => cloud.deleteBucket(name),
        stop: async () => {
            store.close();
            await cloud.stop();
        },
    };
});
