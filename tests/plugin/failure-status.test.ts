import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CreateResponse, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { expect } from "chai";
import { UnfinishedResource } from "../../lib/declaration";
import { ProviderClient } from "../../lib/engine/provider/provider-client";
import { InitializationFailure } from "../../lib/engine/provider/provider-failure";
import { UserError } from "../../lib/errors";
import { answerWithFailure, failureStatus } from "../../lib/plugin/failure-status";
import { Secrets } from "../../lib/plugin/wire-properties";

describe("a failure of the plugin that is larger than a header of gRPC may be", function () {
    this.timeout(60_000);
    const work = { id: "fleet", inputs: {}, secrets: new Secrets() };
    let failure: unknown;
    let server: Server;
    let client: ProviderClient;
    beforeEach(async () => {
        server = new Server();
        server.addService(ResourceProviderService, {
            create: (call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>) => {
                const kept = answerWithFailure({ cause: failure, work }, call.metadata, new CreateResponse());
                if (kept === undefined) answer(failureStatus(failure, work));
                else answer(null, kept.answer, kept.headers);
            },
        });
        const port = await new Promise<number>((resolve, reject) =>
            server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
                error === null ? resolve(bound) : reject(error),
            ),
        );
        const ended = async (): Promise<void> => {};
        const host = { address: `127.0.0.1:${port}`, title: "plugin", exitText: undefined, exited: ended, end: ended };
        client = new ProviderClient(host);
    });
    afterEach(() => {
        client.close();
        server.forceShutdown();
    });

    const created = (): Promise<unknown> =>
        client.create({ urn: "urn:pulumi:dev::p::t::n", type: "t" }, {}, 0, false).then(
            () => undefined,
            (error: unknown) => error,
        );
    const state = { members: "bucket-with-a-name,".repeat(20_000) };

    it("brings the whole state of an unfinished resource to pulumi-embedded", async () => {
        failure = new UnfinishedResource(new UserError("buckets-failed", "One bucket failed"), state);
        const found = await created();
        expect(found).to.be.instanceOf(InitializationFailure);
        expect(found).to.deep.include({ id: "fleet", outputs: state });
        expect((found as Error).message).to.include("One bucket failed");
    });

    it("brings it to other engines in the one header that they read", () => {
        const unfinished = new UnfinishedResource(new UserError("buckets-failed", "One bucket failed"), state);
        expect(answerWithFailure({ cause: unfinished, work }, new Metadata(), new CreateResponse())).to.equal(
            undefined,
        );
        const { metadata } = failureStatus(unfinished, work);
        const headers = Object.keys(metadata?.getMap() ?? {});
        expect(headers).to.deep.equal(["grpc-status-details-bin"]);
        expect(metadata?.get("grpc-status-details-bin")[0]).to.have.property("length").that.is.greaterThan(380_000);
    });

    for (const [characters, part] of Object.entries({ ASCII: "a fault; ", Chinese: "错误；" })) {
        it(`is cut where its text is too long (${characters})`, async () => {
            failure = new UserError("invalid-settings", part.repeat(30_000));
            const found = (await created()) as Error;
            expect(found.message).to.match(/^(a fault|错误).*…$/s);
            expect(encodeURIComponent(found.message).length).to.be.lessThan(45_100);
        });
    }

    it("is sent where its text has half a character", async () => {
        failure = new UserError("invalid-settings", "the key \ud800 is unknown");
        expect(((await created()) as Error).message).to.match(/^The key \ufffd is unknown|^the key \ufffd is unknown/);
    });

    it("holds a set's packed records as a secret where a key of the set is one", () => {
        const secrets = new Secrets();
        secrets.note(["kmsMasterKeyId"], "key-1");
        failure = new UnfinishedResource(new UserError("buckets-failed", "One bucket failed"), {
            held: "logs KMS key-1",
        });
        const { metadata } = failureStatus(failure, { ...work, secrets });
        const [details] = metadata?.get("grpc-status-details-bin") ?? [];
        const [detail] = Status.deserializeBinary(details as Buffer).getDetailsList();
        const failed = detail?.unpack(ErrorResourceInitFailed.deserializeBinary, "pulumirpc.ErrorResourceInitFailed");
        expect(failed?.getProperties()?.toJavaScript()).to.deep.equal({
            held: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "logs KMS key-1" },
        });
    });
});
