import OSS from "ali-oss";
import { expect } from "chai";
import { staticCredentials } from "../../lib/accounts";
import { LocalCloud } from "../../lib/local-cloud";
import { type BucketChoice, chooseBuckets } from "../../lib/pulumi/bucket-choice";
import { OssStores } from "../../lib/stores/oss/oss-stores";

const keys = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };

interface Tagging {
    putBucketTags(name: string, tags: object): Promise<unknown>;
}

describe("the selection of a baseline's buckets", () => {
    let cloud: LocalCloud;
    let stores: OssStores;
    before(async () => {
        cloud = await LocalCloud.start();
        stores = new OssStores(staticCredentials(keys));
        const aliOss = (region: string): Tagging => {
            const options = { ...keys, endpoint: cloud.url, region: `oss-${region}`, authorizationV4: true };
            return new OSS(options as OSS.Options) as unknown as Tagging;
        };
        const buckets = { "app-1": "production", "app-2": "test", "app-10": "production", photos: "production" };
        for (const [name, stage] of Object.entries(buckets)) {
            const region = name === "photos" ? "cn-beijing" : "cn-hangzhou";
            cloud.createBucket({ name, region });
            await aliOss(region).putBucketTags(name, { stage, ...(name === "app-10" && { team: "a" }) });
        }
        cloud.createBucket({ name: "untagged" });
    });
    after(async () => {
        stores.close();
        await cloud.stop();
    });

    const chosen = async (choice: BucketChoice) =>
        [...(await chooseBuckets(choice, stores.directory({ endpoint: cloud.url }))).keys()].sort();

    for (const [what, choice, expected] of [
        ["all of the account", { all: true }, ["app-1", "app-10", "app-2", "photos", "untagged"]],
        ["what a pattern fits, where ? is one character", { patterns: "app-?" }, ["app-1", "app-2"]],
        ["what one of several patterns fits", { patterns: ["*-2", "ph*"] }, ["app-2", "photos"]],
        ["what has a tag's value", { tags: { stage: "production" } }, ["app-1", "app-10", "photos"]],
        ["what has every tag, with whatever value", { tags: { stage: "production", team: true } }, ["app-10"]],
        ["what is in a region", { regions: ["cn-beijing"] }, ["photos"]],
        [
            "what everything that is given fits",
            { patterns: "app-*", tags: { stage: "production" }, regions: ["cn-hangzhou"] },
            ["app-1", "app-10"],
        ],
        [
            "what is named as well, whether it is there or not",
            { names: ["elsewhere", "app-2"], tags: { team: "a" } },
            ["app-10", "app-2", "elsewhere"],
        ],
        ["nothing where nothing fits", { tags: { stage: "none" } }, []],
    ] as const) {
        it(`is ${what}`, async () => expect(await chosen(choice)).to.deep.equal(expected));
    }

    it("requests no list when buckets are only named", async () => {
        cloud.journal.clear();
        expect(await chosen({ names: ["app-1"] })).to.deep.equal(["app-1"]);
        expect(cloud.journal.entries()).to.deep.equal([]);
    });
});
