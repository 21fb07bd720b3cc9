import { expect } from "chai";
import { packMembers } from "../../lib/declaration";
import { LocalCloud } from "../../lib/local-cloud";
import { OneResourceStack, type Properties } from "./one-resource-stack";

describe("a resource that was moved to the plugin, refreshed there, and moved back", () => {
    let cloud: LocalCloud;
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "logs" });
    });
    afterEach(() => cloud.stop());

    const rule = { sseAlgorithm: "AES256", region: "cn-hangzhou" };
    const declarations: Record<"each" | "set", Properties> = {
        each: { ...rule, bucket: "logs" },
        set: { ...rule, members: packMembers(new Map([["logs", {}]])) },
    };
    for (const kind of ["each", "set"] as const) {
        it(`is updated without a request, so that the host finds its provider in the state again (${kind})`, async () => {
            const stack = new OneResourceStack(kind, {
                endpoint: cloud.url,
                accessKeyId: "local-key-id",
                accessKeySecret: "local-key-secret",
            });
            await stack.up(declarations[kind]);
            expect(await stack.preview(declarations[kind])).to.equal("same");
            const { __provider, ...outputs } = stack.kept?.outputs ?? {};
            expect(__provider).to.be.a("string");
            stack.kept = { ...(stack.kept as NonNullable<typeof stack.kept>), outputs };
            cloud.journal.clear();
            expect(await stack.preview(declarations[kind])).to.equal("update");
            expect(await stack.up(declarations[kind])).to.equal("update");
            expect(cloud.journal.count()).to.equal(0);
            expect(await stack.preview(declarations[kind])).to.equal("same");
        });
    }
});
