import { expect } from "chai";
import { configuredCredentials } from "../../lib/accounts";
import { UserError } from "../../lib/errors";
import { AccountEnvironment } from "./account-environment";

const key = { accessKeyId: "configured-id", accessKeySecret: "configured-secret" };

describe("credentials that a stack's configuration chooses", () => {
    let environment: AccountEnvironment;
    beforeEach(() => {
        environment = new AccountEnvironment();
        environment.set({ ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret" });
        environment.writeProfiles(
            { name: "other", mode: "AK", access_key_id: "other-id", access_key_secret: "other-secret" },
            { name: "audit", mode: "AK", access_key_id: "audit-id", access_key_secret: "audit-secret" },
        );
    });
    afterEach(() => environment.restore());

    async function failure(configuration: Parameters<typeof configuredCredentials>[0]): Promise<string> {
        const error = await configuredCredentials(configuration)
            .getCredentials()
            .catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(UserError).with.property("kind", "no-credentials");
        return (error as UserError).message;
    }

    it("are its access key rather than the environment's", async () => {
        expect(await configuredCredentials(key).getCredentials()).to.deep.equal(key);
        const temporary = { ...key, securityToken: "configured-token" };
        expect(await configuredCredentials(temporary).getCredentials()).to.deep.equal(temporary);
    });

    it("are its profile's rather than those of the environment or the current profile", async () => {
        const { accessKeyId } = await configuredCredentials({ profile: "audit" }).getCredentials();
        expect(accessKeyId).to.equal("audit-id");
    });

    it("are found in the credentials file too", async () => {
        environment.write(
            ".alibabacloud/credentials",
            "[archive]\ntype = access_key\naccess_key_id = archive-id\naccess_key_secret = archive-secret\n",
        );
        const { accessKeyId } = await configuredCredentials({ profile: "archive" }).getCredentials();
        expect(accessKeyId).to.equal("archive-id");
    });

    it("come from the chain if the configuration names none", async () => {
        const { accessKeyId } = await configuredCredentials({ profile: "", accessKeyId: "" }).getCredentials();
        expect(accessKeyId).to.equal("env-id");
    });

    it("rejects a missing profile, and searches nowhere else", async () => {
        const message = await failure({ profile: "lost" });
        expect(message).to.include('the profile "lost" in ~/.aliyun/config.json');
        expect(message).not.to.include("the environment variables");
        expect(message).to.match(
            /\. Create the profile, for instance with `aliyun configure --profile NAME`, or name another one\.$/,
        );
    });

    it("rejects an incomplete key, and a key together with a profile, and shows no value", async () => {
        for (const half of [
            { accessKeyId: "configured-id" },
            { accessKeySecret: "configured-secret" },
            { securityToken: "t0ken" },
        ]) {
            const message = await failure(half);
            expect(message).to.match(
                /^The credentials in the stack's configuration \(bucket-encryption:accessKeyId and others\) hold no .*\. Set bucket-encryption:accessKeyId, and bucket-encryption:accessKeySecret as a secret, or remove both and bucket-encryption:securityToken\.$/,
            );
            for (const value of Object.values(half)) expect(message).not.to.include(value);
        }
        expect(await failure({ ...key, profile: "audit" })).to.include("both an access key and a profile");
    });
});
