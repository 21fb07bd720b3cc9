import { expect } from "chai";
import { placesToAudit } from "../../lib/cli/audited-accounts";
import { packMembers } from "../../lib/declaration";
import { newBucketAccess, settingIssues } from "../../lib/provider";
import { auditAccounts } from "../../lib/review";
import { registerStoreFamily } from "../../lib/stores/store-families";
import { encryptionStoreContract } from "../contracts/encryption-store-contract";
import { OneResourceStack, refusalOf } from "../pulumi/one-resource-stack";
import { MemoryService, memoryStoreFamily } from "./memory-store-family";

encryptionStoreContract("a made-up third family", async () => {
    const service = new MemoryService();
    const family = memoryStoreFamily(service);
    return {
        store: service.store("anyone"),
        capabilities: family.capabilities(),
        kmsMasterKeyId: "memory-key",
        createBucket: async (name) => void service.buckets.set(name, undefined),
        deleteBucket: async (name) => void service.buckets.delete(name),
        stop: async () => undefined,
    };
});

describe("a third family of stores, registered through the port alone", () => {
    let service: MemoryService;
    let unregister: () => void;
    beforeEach(() => {
        service = new MemoryService();
        service.buckets.set("logs", undefined);
        service.buckets.set("photos", { sseAlgorithm: "KMS" });
        unregister = registerStoreFamily(memoryStoreFamily(service));
    });
    afterEach(() => unregister());

    const declared = (more: object = {}) => ({ bucket: "logs", store: "memory", sseAlgorithm: "AES256", ...more });

    it("is declared, deployed, refreshed and destroyed, on behalf of the declared account", async () => {
        const stack = new OneResourceStack("each", {});
        expect(await stack.up(declared({ account: { id: "m001" } }))).to.equal("create");
        expect(service.buckets.get("logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(service.asked).to.include("put logs m001");
        await stack.refresh();
        expect(await stack.up(declared({ account: { id: "m001" } }))).to.equal("same");
        await stack.destroy();
        expect(service.buckets.get("logs")).to.equal(undefined);
    });

    it("has a whole set declared at once", async () => {
        const stack = new OneResourceStack("set", {});
        const members = packMembers(new Map([["logs", {}]]));
        expect(await stack.up({ ...declared(), bucket: undefined, members })).to.equal("create");
        expect(service.buckets.get("logs")).to.deep.equal({ sseAlgorithm: "AES256" });
    });

    it("rejects unsupported algorithms, targets, roles and accounts by what the family says", async () => {
        const refusal = (more: object, configuration: Record<string, string> = {}) =>
            refusalOf(new OneResourceStack("each", configuration).preview(declared(more)));
        expect(await refusal({ sseAlgorithm: "SM4" })).to.include('"SM4" is not one of "AES256", "KMS"');
        expect(await refusal({ bucket: "logs!" })).to.include("has an exclamation mark");
        expect(await refusal({ account: { id: "1000000000000001" } })).to.include('such as "m001"');
        expect(await refusal({ account: { id: "m001", roleArn: "r" } })).to.include("remember the role");
        expect(await refusal({ account: { id: "m001" } }, { allowedAccountIds: "m002" })).to.include("m002");
        expect(service.asked).to.deep.equal([]);
    });

    it("supports the optional arguments that it names, and no others", async () => {
        const stack = new OneResourceStack("each", {});
        const keyed = declared({ sseAlgorithm: "KMS", bucketKeyEnabled: true });
        expect(await stack.up(keyed)).to.equal("create");
        expect(service.buckets.get("logs")).to.deep.equal({ sseAlgorithm: "KMS", bucketKeyEnabled: true });
        const refusal = (more: object) => refusalOf(new OneResourceStack("each", {}).preview({ ...keyed, ...more }));
        for (const [name, value] of Object.entries({ kmsDataEncryption: "SM4", forcePathStyle: true }))
            expect(await refusal({ [name]: value })).to.equal(
                `${name}: is not supported by the store "memory"; remove it`,
            );
    });

    it("brings its settings, which are read and refused like all others", async () => {
        const issuesOf = (name: string, value: unknown) =>
            settingIssues({ [`bucket-encryption:${name}`]: value }, "example").map(({ message }) => message);
        expect(issuesOf("memoryIsFast", "true")).to.deep.equal([]);
        expect(issuesOf("memoryIsFast", "very")[0]).to.include("true or false");
        expect(issuesOf("memoryRegoin", "x")[0]).to.include("did you mean bucket-encryption:memoryRegion?");
        const access = newBucketAccess({ get: (key) => (key.endsWith("memoryRegion") ? "here-2" : undefined) }, {});
        expect(access.settingsOf("memory").region?.value).to.equal("here-2");
        const fromEnvironment = newBucketAccess({ get: () => undefined }, { MEMORY_REGION: "here-3" });
        expect(fromEnvironment.settingsOf("memory").region?.value).to.equal("here-3");
    });

    it("is listed, and audited", async () => {
        const access = newBucketAccess({ get: () => undefined }, {});
        const listed: string[] = [];
        for await (const { name } of access.directory({ store: "memory" }).listBuckets()) listed.push(name);
        expect(listed).to.deep.equal(["logs", "photos"]);
        const opened: { close(): void }[] = [];
        const io = { env: {}, cwd: process.cwd() } as never;
        const { accounts, service: auditedService } = placesToAudit({ store: "memory" }, io, opened);
        const { report } = await auditAccounts(accounts, { store: "memory", service: auditedService });
        expect(report.scope).to.deep.equal({ store: "memory", service: "Memory" });
        const statuses = Object.fromEntries(report.buckets.map(({ bucket, status }) => [bucket, status]));
        expect(statuses).to.deep.equal({ logs: "not-encrypted", photos: "encrypted" });
        expect(report.buckets[1]?.notes ?? []).to.deep.equal([]);
        expect(() => placesToAudit({ store: "memory", kmsEndpoint: "https://kms.example" }, io, opened)).to.throw(
            "not supported with --store memory",
        );
    });

    it("rejects a second family with the same name", () => {
        expect(() => registerStoreFamily(memoryStoreFamily(service))).to.throw("memory already");
    });
});
