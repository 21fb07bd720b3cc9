import { Client, credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { UserError } from "../../lib/errors";
import { hostCancellation } from "../../lib/pulumi/host-cancellation";

describe("the engine's call to cancel", () => {
    // The SDK's host is such a server: it answers the call itself.
    const host = new Server();
    let client: Client;
    before(async () => {
        const answer = (_call: unknown, callback: (error: null, empty: Empty) => void) => callback(null, new Empty());
        const about = (_call: unknown, callback: (error: null, info: PluginInfo) => void) =>
            callback(null, new PluginInfo());
        host.addService(ResourceProviderService, { cancel: answer, getPluginInfo: about } as never);
        const port = await new Promise<number>((resolve, reject) =>
            host.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
                error ? reject(error) : resolve(bound),
            ),
        );
        client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    });
    after(() => {
        client.close();
        host.forceShutdown();
    });
    const call = (method: string) =>
        new Promise<Empty>((resolve, reject) =>
            client.makeUnaryRequest(
                `/pulumirpc.ResourceProvider/${method}`,
                () => Buffer.alloc(0),
                () => new Empty(),
                new Empty(),
                (error, answer) => (error ? reject(error) : resolve(answer as Empty)),
            ),
        );

    it("is seen beside the SDK's host, which answers it, and no other call is taken for it", async () => {
        const cancelled = hostCancellation();
        await call("GetPluginInfo");
        expect(cancelled.aborted).to.equal(false);
        await call("Cancel");
        expect(cancelled.reason).to.be.instanceOf(UserError).with.property("kind", "cancelled");
    });

    it("is not seen, without an error, if the process has no server", async () => {
        const cancelled = hostCancellation([undefined, process.stdout, {}]);
        await call("Cancel");
        expect(cancelled.aborted).to.equal(false);
    });
});
