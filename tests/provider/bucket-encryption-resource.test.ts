import { expect } from "chai";
import { newProviderProcess, newResource } from "../../lib/provider";
import { registerStoreFamily } from "../../lib/stores/store-families";
import { MemoryService, memoryStoreFamily } from "./memory-store-family";

describe("a check of a new bucket's resource", () => {
    let service: MemoryService;
    let unregister: () => void;
    beforeEach(() => {
        service = new MemoryService();
        for (const name of ["logs", "photos"]) service.buckets.set(name, undefined);
        unregister = registerStoreFamily(memoryStoreFamily(service));
    });
    afterEach(() => unregister());

    const declared = (bucket: string) => ({ bucket, store: "memory", sseAlgorithm: "AES256" });

    it("answers before the rule is read in a deployment, and after it in a preview", async () => {
        const { signal } = new AbortController();
        const resource = newResource(newProviderProcess({ cancelled: signal }));
        let answer = () => {};
        service.answers = new Promise<void>((resolve) => (answer = resolve));

        expect((await resource.check({}, declared("logs"), false)).issues).to.deep.equal([]);
        expect(service.asked).to.deep.equal(["get logs anyone"]);

        let isAnswered = false;
        const previewed = resource.check({}, declared("photos"), true).then(() => (isAnswered = true));
        await new Promise(setImmediate);
        expect(service.asked).to.deep.equal(["get logs anyone", "get photos anyone"]);
        expect(isAnswered).to.equal(false);
        answer();
        await previewed;
    });
});
