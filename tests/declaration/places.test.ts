import { expect } from "chai";
import {
    type DeclarationContext,
    DeclarationParser,
    type Properties,
    type ReachableTarget,
} from "../../lib/declaration";
import { notYetKnown } from "../../lib/rule";
import { storeFamilies } from "../../lib/stores";

const declared = { bucket: "example-logs", sseAlgorithm: "AES256" };
const region = { value: "cn-beijing", source: "the test" };
const endpoint = { value: "https://oss-cn-beijing.aliyuncs.com", source: "the test" };

describe("where a bucket is reached", () => {
    const parserWith = (settings: ReturnType<DeclarationContext["settings"]> = {}, families = storeFamilies) =>
        new DeclarationParser({ families, settings: () => settings });
    /** How the bucket of a state is reached. */
    const target = (properties: Properties, settings = {}): ReachableTarget =>
        parserWith(settings).parseState({ ...declared, ...properties }, declared.bucket).place.reach.target;

    it("is taken from the declaration, as far as that names it", () => {
        expect(target({})).to.deep.equal({ store: "oss" });
        const given = { store: "s3", region: "eu-central-1", endpoint: "http://127.0.0.1:1", forcePathStyle: false };
        expect(target({ ...given, deletionIsSafe: false })).to.deep.equal({ ...given, deletionIsSafe: false });
        expect(target({ ...given, forcePathStyle: true, deletionIsSafe: true })).to.deep.include({
            forcePathStyle: true,
            deletionIsSafe: true,
        });
    });

    it("is taken from the settings if the declaration omits it", () => {
        const found = { store: "oss", region: "cn-beijing", endpoint: endpoint.value };
        expect(target({}, { region, endpoint })).to.deep.equal(found);
        const given = { region: "cn-hangzhou", endpoint: "https://oss-cn-hangzhou.aliyuncs.com" };
        expect(target(given, { region, endpoint })).to.deep.equal({ store: "oss", ...given });
    });

    it("is probably where it was found before", () => {
        expect(target({ bucketRegion: "cn-beijing" })).to.deep.equal({ store: "oss", likelyRegion: "cn-beijing" });
    });

    it("is reached on behalf of the account that the declaration names, if it names one", () => {
        const account = { id: "1000000000000002" };
        expect(target({ account })).to.deep.equal({ store: "oss", account });
        for (const none of [undefined, null, "1000000000000002"]) {
            expect(target({ account: none })).to.deep.equal({ store: "oss" });
        }
    });

    it("ignores what is empty or of the wrong type in a state", () => {
        const wrong = { region: "", endpoint: "", bucketRegion: "", forcePathStyle: "true", deletionIsSafe: "true" };
        expect(target(wrong)).to.deep.equal({ store: "oss" });
        expect(target({ region: 1, endpoint: 2, bucketRegion: 3 })).to.deep.equal({ store: "oss" });
    });

    it("rejects the state of a kind of store that does not exist", () => {
        expect(() => target({ store: "gcs" }))
            .to.throw("not one of oss, s3")
            .with.property("kind", "invalid-target");
    });

    it("has one key for all endpoints of the cloud, and another for another party's", () => {
        const parser = parserWith();
        const [usual, internal, own, other] = [
            undefined,
            "oss-cn-hangzhou-internal.aliyuncs.com",
            "http://127.0.0.1:1",
            "http://127.0.0.1:2",
        ].map((address) => parser.parseState({ ...declared, endpoint: address }, "logs").place);
        expect(internal?.key).to.equal(usual?.key);
        for (const [store, ways] of [
            ["oss", [undefined, "oss-cn-hangzhou.aliyuncs.com", "https://oss-accelerate.aliyuncs.com"]],
            ["s3", [undefined, "https://s3.eu-central-1.amazonaws.com", "s3.amazonaws.com"]],
            ["s3", ["https://minio.example.com", "minio.example.com", "https://MINIO.example.com:443/"]],
        ] as const) {
            const keys = ways.map((way) => parser.parseState({ ...declared, store, endpoint: way }, "logs").place.key);
            expect(new Set(keys), keys.join(", ")).to.have.property("size", 1);
        }
        expect(new Set([usual, own, other].map((place) => place?.key))).to.have.property("size", 3);
        expect(new Set([usual, own, other].map((place) => place?.identity))).to.have.property("size", 1);
    });

    it("is one object for all buckets that are reached in the same way, and another for each difference", () => {
        const parser = parserWith();
        const [account, otherAccount] = ["hub", "other"].map((role) => ({ id: "1", through: [{ roleArn: role }] }));
        const usual = { ...declared, region: "cn-hangzhou", account };
        const reach = (properties: Properties) => parser.parseState({ ...usual, ...properties }, "logs").place.reach;
        for (const difference of [
            { region: "cn-beijing" },
            { endpoint: "http://127.0.0.1:1" },
            { forcePathStyle: true },
            { deletionIsSafe: true },
            { bucketRegion: "cn-beijing" },
            { account: otherAccount },
            { store: "s3" },
        ]) {
            expect(reach(difference), JSON.stringify(difference)).not.to.equal(reach({}));
        }
        expect(reach({ bucket: "audit" })).to.equal(reach({}));
        expect(reach({ account: { through: [{ roleArn: "hub" }], id: "1" } })).to.equal(reach({}));
    });

    it("is in the region that its endpoint names, which is read once", () => {
        const asked: string[] = [];
        const regionOf = (address: string) => {
            asked.push(address);
            return "cn-beijing";
        };
        const { regionOf: _, ...nameless } = storeFamilies.oss;
        const families = { oss: { ...storeFamilies.oss, regionOf }, s3: nameless };
        const parser = parserWith({}, families);
        const regionBy = (properties: Properties) =>
            parser.parseState({ ...declared, ...properties }, "logs").place.reach;
        for (const bucketRegion of ["cn-beijing", "cn-hangzhou"]) {
            const named = { endpoint: "oss-cn-beijing.aliyuncs.com", bucketRegion };
            expect(regionBy(named)).to.include({ region: "cn-beijing", service: "Alibaba Cloud" });
        }
        expect(asked).to.have.length(1);
        const elsewhere = { store: "s3", endpoint: "oss-cn-beijing.aliyuncs.com" };
        expect(regionBy(elsewhere)).to.include({ region: undefined, service: "Alibaba Cloud" });
        expect(regionBy({})).to.include({ region: undefined });
        expect(asked).to.have.length(1);
    });

    it("is unknown, and nothing is checked with it, while the kind of store is not known", () => {
        const { declaration } = parserWith().parseDeclaration({ ...declared, bucket: "NO", store: notYetKnown });
        expect(declaration).to.include({ place: notYetKnown, reach: notYetKnown, identity: notYetKnown });
        expect(parserWith().parseDeclaration({ ...declared, bucket: "NO" }).issues).to.have.length(1);
        for (const store of ["gcs", "toString"]) {
            const { issues } = parserWith().parseDeclaration({ ...declared, store, bucket: "NO" });
            expect(issues.map(({ path }) => path)).to.deep.equal(["store"]);
        }
    });

    it("names the setting that a fault came from, and none for what the declaration says", () => {
        const settings = { region: { value: "not a region", source: "environment variable OSS_REGION" } };
        const messages = (properties: object) =>
            [...parserWith(settings).parseDeclaration({ ...declared, ...properties }).issues].map(
                ({ path, message }) => `${path} ${message}`,
            );
        expect(messages({})[0]).to.match(/^region .*\(from environment variable OSS_REGION\)$/);
        expect(messages({ region: "nor this" })[0])
            .to.match(/^region /)
            .and.not.include("OSS_REGION");
    });
});
