import { expect } from "chai";
import { SessionBroker } from "../../lib/accounts";
import { LocalCloud } from "../../lib/local-cloud";
import { production, roleArn, threeAccounts } from "../accounts/three-accounts";
import { BucketStack } from "../stacks/bucket-stack";

describe("operations that share the sessions of roles", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    let broker: SessionBroker;
    let aheadMilliseconds: number;
    beforeEach(async () => {
        aheadMilliseconds = 0;
        const now = () => Date.now() + aheadMilliseconds;
        cloud = await LocalCloud.start({ isStrict: true, accounts: threeAccounts(), now });
        broker = await SessionBroker.start({ now });
        stack = await new BucketStack(cloud).start();
        stack.environment = { ...stack.environment, ...broker.environment, ALIBABA_CLOUD_STS_ENDPOINT: cloud.url };
        const account = {
            id: production,
            roleArn: roleArn(production),
            externalId: "ticket-4711",
            durationSeconds: 900,
        };
        stack.declare({ logs: { bucket: "production-logs", sseAlgorithm: "AES256", account } });
    });
    afterEach(async () => {
        stack.remove();
        await broker.stop();
        await cloud.stop();
    });

    const assumed = () => cloud.journal.count({ operation: "AssumeRole" });
    const refresh = () => stack.succeed("refresh", "--yes", "--skip-preview");

    it("assume each once, until the session is about to end or a service refuses it, and then once more", async () => {
        await stack.previewedSteps();
        await stack.deploy();
        await refresh();
        expect(assumed()).to.equal(1);
        // After the time of renewal, and within what services allow clocks to differ.
        aheadMilliseconds = 14 * 60_000;
        await refresh();
        await refresh();
        expect(assumed()).to.equal(2);
        cloud.faults.add({
            kind: "status",
            status: 403,
            code: "SecurityTokenExpired",
            operation: "GetBucketEncryption",
            count: 1,
        });
        await refresh();
        await refresh();
        expect(assumed()).to.equal(3);
    }).timeout(600_000);

    it("continue alone when the process that started them is gone", async () => {
        await broker.stop();
        await stack.deploy();
        expect(cloud.bucketRule("production-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        broker = await SessionBroker.start();
    });
});
