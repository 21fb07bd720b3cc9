import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { packMembers } from "../../lib/declaration";
import { readWarning } from "../../lib/errors";
import { LocalCloud } from "../../lib/local-cloud";
import { management, managementKeys, production, roleArn, test, threeAccounts } from "../accounts/three-accounts";
import { withEnvironment } from "../process-environment";
import { OneResourceStack, type Properties, refusalOf } from "./one-resource-stack";

describe("a resource on behalf of an account", () => {
    let cloud: LocalCloud;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: threeAccounts() });
    });
    afterEach(() => cloud.stop());

    const stack = (configuration: Record<string, string> = {}, kind: "each" | "set" = "each") =>
        new OneResourceStack(kind, {
            endpoint: cloud.url,
            region: "cn-hangzhou",
            stsEndpoint: cloud.url,
            accessKeyId: managementKeys.accessKeyId,
            accessKeySecret: managementKeys.accessKeySecret,
            ...configuration,
        });
    const admin = { id: production, roleArn: roleArn(production), externalId: "ticket-4711" };
    const declared = (account?: Properties, bucket = "production-logs"): Properties => ({
        bucket,
        sseAlgorithm: "AES256",
        ...(account && { account }),
    });
    const writes = () =>
        cloud.journal.entries().filter(({ method, bucket }) => method !== "GET" && bucket !== undefined);

    it("works with the account's role, and keeps no credential in the state", async () => {
        const one = stack();
        expect(await one.up(declared(admin))).to.equal("create");
        expect(writes().map(({ account }) => account)).to.deep.equal([production]);
        expect(one.kept?.outputs.account).to.deep.equal(admin);
        expect(JSON.stringify(one.kept)).not.to.match(/CAIS|STS\.|local-key/);
        expect(await one.up(declared({ ...admin }))).to.equal("same");
        await one.destroy();
        expect(cloud.bucketRule("production-logs")).to.equal(undefined);
    });

    it("takes the account from the stack's configuration when it names none", async () => {
        const one = stack({ account: JSON.stringify(admin) });
        await one.up(declared());
        expect(writes().map(({ account }) => account)).to.deep.equal([production]);
        expect(one.kept?.outputs.account).to.equal(undefined);
    });

    it("rejects credentials of another account in the preview, with both ids", async () => {
        const said = await refusalOf(stack().preview(declared({ id: production })));
        expect(said)
            .to.match(/^account: /)
            .and.to.include(production)
            .and.to.include(management);
        expect(writes()).to.deep.equal([]);
    });

    it("rejects accounts that the stack's configuration forbids or does not allow", async () => {
        const account = { ...admin };
        const cases: Record<string, string>[] = [
            { allowedAccountIds: JSON.stringify([test]) },
            { allowedAccountIds: `${test}, ${management}` },
            { forbiddenAccountIds: JSON.stringify([production]) },
        ];
        for (const configuration of cases) {
            expect(await refusalOf(stack(configuration).preview(declared(account)))).to.include(production);
        }
        await stack({ allowedAccountIds: production, forbiddenAccountIds: test }).up(declared(account));
        expect(writes()).to.have.length(1);
    });

    it("rejects a bucket of another account before anything is written, with both ids", async () => {
        // A bucket policy might grant the write; the guard does not rely on a refusal.
        const one = stack({ account: JSON.stringify({ id: management }) });
        cloud.createBucket({ name: "management-logs", accountId: management });
        const info = (owner: string) =>
            `<BucketInfo><Bucket><Name>management-logs</Name><Location>oss-cn-hangzhou</Location><Owner><ID>${owner}</ID></Owner></Bucket></BucketInfo>`;
        const away = cloud.faults.add({ kind: "raw", body: info(test), operation: "GetBucketInfo" });
        const said = await refusalOf(one.up(declared(undefined, "management-logs")));
        expect(said).to.include(`belongs to the account ${test}`).and.to.include(management);
        expect(writes()).to.deep.equal([]);
        away();
        await one.up(declared(undefined, "management-logs"));
        expect(writes()).to.have.length(1);
    });

    it("warns in a preview when the credentials' account is not known, and writes nothing", async () => {
        const one = stack();
        cloud.faults.add({ kind: "status", status: 403, code: "NoPermission", operation: "GetCallerIdentity" });
        expect(await one.preview(declared(admin))).to.equal("create");
        // A rollout's plan goes by the kind (docs/errors.md).
        expect(one.printed).to.have.length(1);
        expect(readWarning(one.printed[0] as string)).to.deep.include({ kind: "account-not-known" });
        expect(one.printed[0]).to.include("could not be determined").and.to.include("NoPermission");
        const said = await refusalOf(one.up(declared(admin)));
        expect(said).to.include("could not be determined").and.not.to.include("belong to the account 1");
        expect(writes()).to.deep.equal([]);
    });

    it("writes nothing when the bucket's owner may not be asked for", async () => {
        const policy = JSON.stringify({
            Version: "1",
            Statement: [
                { Effect: "Allow", Action: "oss:*", Resource: "*" },
                { Effect: "Deny", Action: "oss:GetBucketInfo", Resource: "*" },
            ],
        });
        const said = await refusalOf(stack().up(declared({ ...admin, policy })));
        expect(said).to.include("could not be determined").and.to.include("oss:GetBucketInfo");
        expect(writes()).to.deep.equal([]);
        const { id: _, ...withoutId } = admin;
        await stack().up(declared({ ...withoutId, policy }));
        expect(writes()).to.have.length(1);
    });

    it("rejects a role that trusts no account, and names it", async () => {
        const account = { roleArn: roleArn(production, "for-nobody") };
        const said = await refusalOf(stack().up(declared(account)));
        expect(said).to.include(account.roleArn).and.to.include("NoPermission");
    });

    it("rejects all faults of account and rule at once, without a request", async () => {
        const said = await refusalOf(
            stack({ allowedAccountIds: "12" }).preview({ ...declared({ id: "1", roleArn: "x" }), sseAlgorithm: "AES" }),
        );
        expect(said.split("\n").map((line) => line.split(":")[0])).to.have.members([
            "sseAlgorithm",
            "account.id",
            "account.roleArn",
            "bucket-encryption",
        ]);
        expect(said).to.include('bucket-encryption:allowedAccountIds[0]: "12" is not');
        expect(cloud.journal.count()).to.equal(0);
    });

    for (const kind of ["each", "set"] as const) {
        it(`rejects an account that joins a deployed ${kind === "set" ? "set" : "resource"} while other credentials are in use, with both ids`, async () => {
            cloud.createBucket({ name: "management-logs", accountId: management });
            const one = stack({}, kind);
            const members = packMembers(new Map([["management-logs", {}]]));
            const of = (account?: Properties): Properties =>
                kind === "each"
                    ? declared(account, "management-logs")
                    : { members, sseAlgorithm: "AES256", ...(account && { account }) };
            await one.up(of());
            const other = stack({ accessKeyId: "production-key", accessKeySecret: "production-secret" }, kind);
            other.kept = one.kept;
            const before = writes().length;
            for (const work of [() => other.preview(of({ id: management })), () => other.up(of({ id: management }))]) {
                const said = await refusalOf(work());
                expect(said).to.include(production).and.to.include(management);
            }
            expect(writes()).to.have.length(before);
        });
    }

    it("treats another role or profile as another way to the same bucket", async () => {
        const one = stack();
        await one.up(declared(admin));
        cloud.journal.clear();
        expect(await one.up(declared({ ...admin, sessionName: "nightly" }))).to.equal("update");
        expect(writes()).to.deep.equal([]);
        const said = await refusalOf(one.up(declared({ ...admin, id: test })));
        expect(said).to.include(test).and.to.include(production);
    });

    it("continues when the role's session ends in the middle of an operation", async () => {
        const one = stack();
        await one.up(declared(admin));
        cloud.faults.add({
            kind: "status",
            status: 403,
            code: "SecurityTokenExpired",
            count: 1,
            operation: "PutBucketEncryption",
        });
        await one.up({ ...declared(admin), sseAlgorithm: "SM4" });
        expect(cloud.bucketRule("production-logs")).to.deep.equal({ sseAlgorithm: "SM4" });
    });

    it("waits for the deployment where the account is not known yet", async () => {
        const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
        expect(await stack().preview(declared({ id: production, roleArn: unknown }))).to.equal("create");
        expect(cloud.journal.count()).to.equal(0);
    });
});

describe("a resource of the S3 family on behalf of an account", () => {
    const declared = (account?: Properties): Properties => ({
        store: "s3",
        region: "us-east-1",
        bucket: "example-logs",
        sseAlgorithm: "AES256",
        ...(account && { account }),
    });

    it("names the expected owner of the bucket in each request", async () => {
        const asked: unknown[] = [];
        const server = createServer((request, response) => {
            asked.push(request.headers["x-amz-expected-bucket-owner"]);
            response.writeHead(403, { "content-type": "application/xml" });
            response.end("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const keys = { AWS_ACCESS_KEY_ID: "local-key-id", AWS_SECRET_ACCESS_KEY: "local-key-secret" };
        const s3Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const one = new OneResourceStack("each", {});
        const said = await withEnvironment({ ...process.env, ...keys }, () =>
            refusalOf(one.up({ ...declared({ id: "111122223333" }), endpoint: s3Endpoint })),
        );
        server.closeAllConnections();
        server.close();
        expect(said).to.include("111122223333");
        expect(new Set(asked)).to.deep.equal(new Set(["111122223333"]));
    });

    it("rejects roles, which AWS profiles have, and ids that are not AWS's", async () => {
        const said = await refusalOf(
            new OneResourceStack("each", {}).preview(declared({ id: production, roleArn: roleArn(production) })),
        );
        expect(said).to.include("account.roleArn").and.to.include("AWS profile").and.to.include("account.id");
    });

    it("rejects an account that the stack's configuration does not allow, and a missing one", async () => {
        const one = new OneResourceStack("each", { allowedAccountIds: "111122223333" });
        expect(await refusalOf(one.preview(declared({ id: "444455556666" })))).to.include("444455556666");
        expect(await refusalOf(one.preview(declared()))).to.include("needs an id");
    });
});
