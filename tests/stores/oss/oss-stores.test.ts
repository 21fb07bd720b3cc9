import { expect } from "chai";
import { staticCredentials } from "../../../lib/accounts";
import { OssStores } from "../../../lib/stores/oss/oss-stores";
import { encryptionAnswer, ossError, type ReceivedRequest, type Reply, ScriptedServer } from "./scripted-server";
import { failureOf, quickLimits, testCredentials } from "./store-under-test";

const regionOf = ({ headers }: ReceivedRequest) =>
    /Credential=[^/]+\/\d{8}\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";

/** One that knows one bucket's region, and names the region's endpoint to whoever asks for another, as OSS does. */
function serviceWithBucketIn(region: string): (request: ReceivedRequest) => Reply {
    const elements = `<Endpoint>oss-${region}.aliyuncs.com</Endpoint>`;
    return (request) => {
        if (regionOf(request) !== region) return ossError(403, "AccessDenied", { elements });
        return request.method === "GET" ? encryptionAnswer() : { status: request.method === "PUT" ? 200 : 204 };
    };
}

describe("a bucket whose region is not said", () => {
    let server: ScriptedServer;
    let stores: OssStores;
    const start = async (script: (request: ReceivedRequest) => Reply) => {
        server = await ScriptedServer.start(script);
        stores = new OssStores(staticCredentials(testCredentials), quickLimits);
        return stores.at({ endpoint: server.endpoint });
    };
    afterEach(async () => {
        stores.close();
        await server.stop();
    });
    const askedRegions = () => server.requests.map(regionOf);

    it("is found by the service's answer, once", async () => {
        const store = await start(serviceWithBucketIn("eu-central-1"));
        expect(store.regionOf?.("logs")).to.equal(undefined);
        expect(await store.getRule("logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(store.regionOf?.("logs")).to.equal("eu-central-1");
        await store.putRule("logs", { sseAlgorithm: "SM4" });
        await stores.at({ endpoint: server.endpoint }).deleteRule("logs");
        expect(askedRegions()).to.deep.equal(["cn-hangzhou", "eu-central-1", "eu-central-1", "eu-central-1"]);
    });

    it("costs no further request in the region that is asked first", async () => {
        const store = await start(serviceWithBucketIn("cn-hangzhou"));
        await store.getRule("logs");
        expect(store.regionOf?.("logs")).to.equal("cn-hangzhou");
        expect(askedRegions()).to.deep.equal(["cn-hangzhou"]);
    });

    it("is found also when it has no rule", async () => {
        const store = await start((request) =>
            regionOf(request) === "cn-beijing"
                ? ossError(404, "NoSuchServerSideEncryptionRule")
                : serviceWithBucketIn("cn-beijing")(request),
        );
        expect((await failureOf(store.getRule("logs"))).kind).to.equal("rule-not-found");
        expect(store.regionOf?.("logs")).to.equal("cn-beijing");
    });

    it("is requested first in its former region, and then in the region that an answer names", async () => {
        await start(serviceWithBucketIn("cn-beijing"));
        const { endpoint } = server;
        await stores.at({ endpoint, likelyRegion: "cn-beijing" }).getRule("logs");
        expect(askedRegions()).to.deep.equal(["cn-beijing"]);
        const moved = stores.at({ endpoint, likelyRegion: "cn-shanghai" });
        await moved.getRule("logs");
        expect(moved.regionOf?.("logs")).to.equal("cn-beijing");
    });

    it("is found for each bucket separately", async () => {
        const regions = ["cn-beijing", "eu-central-1", "cn-hangzhou"];
        const store = await start((request) => {
            const region =
                regions[Number(request.url.slice(-"?encryption".length - 2, -"?encryption".length - 1))] ?? "";
            return serviceWithBucketIn(region)(request);
        });
        const buckets = regions.map((_, index) => `logs-${index}`);
        await Promise.all(buckets.map((bucket) => store.getRule(bucket)));
        expect(buckets.map((bucket) => store.regionOf?.(bucket))).to.deep.equal(regions);
    });

    for (const [what, endpoint] of [
        ["another's host", "attacker.example"],
        ["a region's name in another's host", "oss-cn-beijing.aliyuncs.com.attacker.example"],
        ["an accelerated endpoint, which is no region's", "oss-accelerate.aliyuncs.com"],
        ["the region that was asked", "oss-cn-hangzhou.aliyuncs.com"],
    ] as const) {
        it(`rejects an answer that names ${what}, and asks no other endpoint`, async () => {
            const store = await start(() =>
                ossError(403, "AccessDenied", { elements: `<Endpoint>${endpoint}</Endpoint>` }),
            );
            expect((await failureOf(store.getRule("logs"))).kind).to.equal("wrong-endpoint");
            expect(server.requests).to.have.length(1);
            expect(store.regionOf?.("logs")).to.equal(undefined);
        });
    }

    it("is not searched for if a wrong region is declared", async () => {
        await start(serviceWithBucketIn("cn-beijing"));
        const store = stores.at({ endpoint: server.endpoint, region: "cn-shanghai" });
        expect((await failureOf(store.getRule("logs"))).kind).to.equal("wrong-endpoint");
        expect(server.requests).to.have.length(1);
    });

    it("is not searched for after a denial that names no endpoint", async () => {
        const store = await start(() => ossError(403, "AccessDenied"));
        expect((await failureOf(store.getRule("logs"))).kind).to.equal("access-denied");
        expect(server.requests).to.have.length(1);
    });
});

describe("the stores of an account", () => {
    it("are one for each target, also when the target is named in another way", () => {
        const stores = new OssStores(staticCredentials(testCredentials));
        const hangzhou = stores.at({ region: "cn-hangzhou" });
        expect(stores.at({ endpoint: "oss-cn-hangzhou.aliyuncs.com" })).to.equal(hangzhou);
        expect(stores.at({ region: "cn-hangzhou", likelyRegion: "cn-beijing" })).to.equal(hangzhou);
        expect(stores.at({ region: "cn-beijing" })).not.to.equal(hangzhou);
        expect(stores.at({})).to.equal(stores.at({}));
    });

    it("share one limit for all endpoints of a region, and none between regions", async () => {
        const server = await ScriptedServer.replying(ossError(503, "MetaOperationQpsLimitExceeded"));
        const stores = new OssStores(staticCredentials(testCredentials), { ...quickLimits, attempts: 1 });
        let most = 0;
        let held: (() => void)[] = [];
        // Without a limit all requests arrive before the first answer is given. With one they never do, and go on in turn.
        const slow = await ScriptedServer.start((_request, response) => {
            held.push(() => response.end(encryptionAnswer().body));
            most = Math.max(most, held.length);
            const release = () => {
                for (const answer of held) answer();
                held = [];
            };
            if (held.length === many.length) release();
            else if (limited) setTimeout(release, 20);
            return undefined;
        });
        const many = Array.from({ length: 24 }, (_, index) => `logs-${index}`);
        let limited = true;
        const mostWith = async (region: string) => {
            most = 0;
            await Promise.all(many.map((bucket) => stores.at({ region, endpoint: slow.endpoint }).getRule(bucket)));
            return most;
        };
        for (let times = 0; times < 5; times += 1) {
            await failureOf(stores.at({ region: "cn-hangzhou", endpoint: server.endpoint }).getRule("logs"));
        }
        expect(await mostWith("cn-hangzhou")).to.be.lessThan(8);
        limited = false;
        expect(await mostWith("cn-beijing")).to.equal(24);
        stores.close();
        await server.stop();
        await slow.stop();
    });
});
