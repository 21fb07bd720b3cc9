import { expect } from "chai";
import type { LifecyclePorts, ReachableTarget } from "../../lib/lifecycle";
import { BucketPlaces } from "../../lib/lifecycle/bucket-places";
import { notYetKnown } from "../../lib/rule";
import { type EncryptionStore, storeFamilies } from "../../lib/stores";

const declared = { bucket: "example-logs", sseAlgorithm: "AES256" };

describe("where a bucket is reached", () => {
    /** The target that a store is opened with. */
    function opened(properties: object, settings: ReturnType<LifecyclePorts["settings"]> = {}): ReachableTarget {
        let target: ReachableTarget | undefined;
        const open = (asked: ReachableTarget) => {
            target = asked;
            return {} as EncryptionStore;
        };
        new BucketPlaces({ families: storeFamilies, settings: () => settings, open }).open(properties);
        return target as ReachableTarget;
    }
    const region = { value: "cn-beijing", source: "the test" };
    const endpoint = { value: "https://oss-cn-beijing.aliyuncs.com", source: "the test" };

    it("is what the declaration says, each part where it is given", () => {
        expect(opened(declared)).to.deep.equal({ store: "oss" });
        const given = { store: "s3", region: "eu-central-1", endpoint: "http://127.0.0.1:1", forcePathStyle: false };
        expect(opened({ ...declared, ...given, deletionIsSafe: false })).to.deep.equal({
            ...given,
            deletionIsSafe: false,
        });
        expect(opened({ ...declared, ...given, forcePathStyle: true, deletionIsSafe: true })).to.deep.include({
            forcePathStyle: true,
            deletionIsSafe: true,
        });
    });

    it("is what the settings say where the declaration leaves it open", () => {
        expect(opened(declared, { region, endpoint })).to.deep.equal({
            store: "oss",
            region: "cn-beijing",
            endpoint: endpoint.value,
        });
        const given = { region: "cn-hangzhou", endpoint: "https://oss-cn-hangzhou.aliyuncs.com" };
        expect(opened({ ...declared, ...given }, { region, endpoint })).to.deep.equal({ store: "oss", ...given });
    });

    it("is probably where it was found before", () => {
        expect(opened({ ...declared, bucketRegion: "cn-beijing" })).to.deep.equal({
            store: "oss",
            likelyRegion: "cn-beijing",
        });
    });

    it("is reached on behalf of the account that the declaration names, where it names one", () => {
        const account = { id: "1000000000000002" };
        expect(opened({ ...declared, account })).to.deep.equal({ store: "oss", account });
        for (const none of [undefined, null, "1000000000000002"]) {
            expect(opened({ ...declared, account: none })).to.deep.equal({ store: "oss" });
        }
    });

    it("isn't said by what is empty or of the wrong kind", () => {
        const wrong = { region: "", endpoint: "", bucketRegion: "", forcePathStyle: "true", deletionIsSafe: "true" };
        expect(opened({ ...declared, ...wrong })).to.deep.equal({ store: "oss" });
        expect(opened({ ...declared, region: 1, endpoint: 2, bucketRegion: 3 })).to.deep.equal({ store: "oss" });
    });

    it("is one place by whatever endpoint of the cloud, and another behind anybody else's", () => {
        const places = new BucketPlaces({
            families: storeFamilies,
            settings: () => ({}),
            open: () => ({}) as EncryptionStore,
        });
        const [usual, internal, own, other] = [
            undefined,
            "oss-cn-hangzhou-internal.aliyuncs.com",
            "http://127.0.0.1:1",
            "http://127.0.0.1:2",
        ].map((address) => places.placeOf({ ...declared, endpoint: address }));
        expect(internal).to.equal(usual);
        expect(new Set([usual, own, other])).to.have.property("size", 3);
    });

    it("is reached by one store for all buckets of which the same is said, and by another for each difference", () => {
        let settings = {};
        const places = new BucketPlaces({
            families: storeFamilies,
            settings: () => settings,
            open: () => ({}) as EncryptionStore,
        });
        const [account, otherAccount] = [{ id: "1000000000000001" }, { id: "1000000000000002" }];
        const usual = { ...declared, region: "cn-hangzhou", account };
        for (const difference of [
            {},
            { region: "cn-beijing" },
            { endpoint: "http://127.0.0.1:1" },
            { forcePathStyle: true },
            { deletionIsSafe: true },
            { bucketRegion: "cn-beijing" },
            { account: otherAccount },
            { store: "s3" },
        ]) {
            const [store, ofAnother] = ["logs", "audit"].map((bucket) => places.open({ ...usual, bucket }));
            expect(ofAnother).to.equal(store);
            const isOther = places.open({ ...usual, ...difference }) !== store;
            expect(isOther, JSON.stringify(difference)).to.equal(Object.keys(difference).length > 0);
        }
        const before = places.open(usual);
        settings = { endpoint };
        expect(places.open(usual)).not.to.equal(before);
    });

    it("is in the region that its endpoint names, which is read once", () => {
        const asked: string[] = [];
        const regionOf = (endpoint: string) => {
            asked.push(endpoint);
            return "cn-beijing";
        };
        const oss = { ...storeFamilies.oss, regionOf };
        const { regionOf: _, ...nameless } = storeFamilies.oss;
        const places = new BucketPlaces({
            families: { oss, nameless },
            settings: () => ({}),
            open: () => ({}) as EncryptionStore,
        });
        for (const named of ["oss-cn-beijing.aliyuncs.com", "oss-cn-beijing.aliyuncs.com"]) {
            expect(places.reached({ ...declared, endpoint: named })).to.include({ region: "cn-beijing" });
        }
        expect(asked).to.have.length(1);
        for (const store of ["nameless", "none"]) {
            const elsewhere = { ...declared, store, endpoint: "oss-cn-beijing.aliyuncs.com" };
            expect(places.reached(elsewhere)).to.include({ region: undefined });
        }
        expect(places.reached(declared)).to.deep.equal({ region: undefined, endpoint: undefined });
        expect(asked).to.have.length(1);
    });

    it("can't be judged, and no store's capabilities are assumed, while the store isn't known or isn't one", () => {
        const places = new BucketPlaces({
            families: storeFamilies,
            settings: () => ({}),
            open: () => ({}) as EncryptionStore,
        });
        for (const store of [notYetKnown, "gcs", "toString"]) {
            expect(places.capabilities({ ...declared, store })).to.equal(undefined);
            expect(places.issues({ ...declared, store, bucket: "NO" })).to.deep.equal([]);
        }
        expect(places.capabilities({ ...declared, store: "" })?.sseAlgorithms).to.include("SM4");
    });

    it("names the setting that a fault came from, and none for what the declaration says", () => {
        const places = new BucketPlaces({
            families: storeFamilies,
            settings: () => ({ region: { value: "not a region", source: "environment variable OSS_REGION" } }),
            open: () => ({}) as EncryptionStore,
        });
        const messages = (properties: object) =>
            places.issues({ ...declared, ...properties }).map(({ path, message }) => `${path} ${message}`);
        expect(messages({})[0]).to.match(/^region .*\(from environment variable OSS_REGION\)$/);
        expect(messages({ region: "nor this" })[0])
            .to.match(/^region /)
            .and.not.include("OSS_REGION");
    });
});
