import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import {
    type Account,
    AccountGuard,
    type AccountSessions,
    SecurityTokenService,
    AccountSessions as Sessions,
    staticCredentials,
} from "../../lib/accounts";
import { UserError } from "../../lib/errors";
import { LocalCloud } from "../../lib/local-cloud";
import { OssStores } from "../../lib/stores/oss/oss-stores";
import { management, managementKeys, production, roleArn, test, threeAccounts } from "./three-accounts";

const admin: Account = { id: production, roleArn: roleArn(production), externalId: "ticket-4711" };

async function failureOf(work: Promise<unknown>): Promise<UserError> {
    const error = await work.then(
        () => expect.fail("it should have failed"),
        (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(UserError);
    for (const secret of [managementKeys.accessKeySecret, "CAIS"]) expect(String(error)).not.to.include(secret);
    return error as UserError;
}

describe("the credentials of accounts", () => {
    let cloud: LocalCloud;
    let sts: SecurityTokenService;
    let sessions: AccountSessions;
    let time = 0;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ accounts: threeAccounts() });
        sts = new SecurityTokenService(cloud.url);
        time = Date.now();
        const base = () => staticCredentials(managementKeys);
        sessions = new Sessions({ base, sts, now: () => time });
    });
    afterEach(() => cloud.stop());

    const assumed = () => cloud.journal.count({ operation: "AssumeRole" });
    const minutesPass = (minutes: number) => {
        time += minutes * 60_000;
    };
    const whoIs = (account: Account) => sts.callerIdentity(sessions.sourceOf(account));

    it("are those of the role", async () => {
        expect(await whoIs(admin)).to.include({ account: production });
        const named = { ...admin, sessionName: "nightly@ci" };
        const arn = `acs:ram::${production}:assumed-role/encryption-admin/nightly@ci`;
        expect(await whoIs(named)).to.include({ arn });
    });

    it("are asked for once for any number of callers at any time", async () => {
        await Promise.all(Array.from({ length: 200 }, () => sessions.sourceOf({ ...admin }).getCredentials()));
        minutesPass(30);
        await sessions.sourceOf(admin).getCredentials();
        expect(assumed()).to.equal(1);
    });

    it("are renewed shortly before they end, once", async () => {
        const before = await sessions.sourceOf(admin).getCredentials();
        minutesPass(54);
        expect(await sessions.sourceOf(admin).getCredentials()).to.deep.equal(before);
        minutesPass(2);
        const [after] = await Promise.all(Array.from({ length: 50 }, () => sessions.sourceOf(admin).getCredentials()));
        expect(after).not.to.deep.equal(before);
        expect(assumed()).to.equal(2);
    });

    it("are used for most of the shortest duration", async () => {
        const short = { ...admin, durationSeconds: 900 };
        await sessions.sourceOf(short).getCredentials();
        minutesPass(13);
        await sessions.sourceOf(short).getCredentials();
        expect(assumed()).to.equal(1);
    });

    it("stay in use until they expire if they cannot be renewed", async () => {
        const before = await sessions.sourceOf(admin).getCredentials();
        cloud.faults.add({ kind: "status", status: 403, code: "NoPermission", operation: "AssumeRole" });
        minutesPass(57);
        expect(await sessions.sourceOf(admin).getCredentials()).to.deep.equal(before);
        minutesPass(4);
        expect((await failureOf(sessions.sourceOf(admin).getCredentials())).kind).to.equal("role-not-assumed");
    });

    it("are separate for each account, and an intermediate role of several accounts is assumed once", async () => {
        const through = [{ roleArn: roleArn(management, "hub") }];
        const one: Account = { roleArn: roleArn(production, "for-the-hub"), through };
        const other: Account = { roleArn: roleArn(production, "for-the-hub"), through, sessionName: "other" };
        expect(await whoIs(one)).to.include({ account: production });
        expect(await whoIs(other)).to.include({ account: production });
        expect(await whoIs({ roleArn: roleArn(test) })).to.include({ account: test });
        expect(await whoIs({})).to.include({ account: management });
        expect(assumed()).to.equal(4);
    });

    it("outlive the session of an intermediate role", async () => {
        const chain: Account = {
            roleArn: roleArn(production, "for-the-hub"),
            through: [{ roleArn: roleArn(management, "hub") }],
        };
        await sessions.sourceOf(chain).getCredentials();
        cloud.faults.add({
            kind: "status",
            status: 400,
            code: "InvalidSecurityToken.Expired",
            operation: "AssumeRole",
            count: 1,
        });
        await sessions.sourceOf({ ...chain, sessionName: "another" }).getCredentials();
        expect(cloud.journal.count({ operation: "AssumeRole", status: 200 })).to.equal(4);
    });

    it("are asked for again while STS is throttled", async () => {
        cloud.faults.add({ kind: "throttle", operation: "AssumeRole", count: 2 });
        cloud.faults.add({ kind: "reset-before", operation: "AssumeRole", count: 1 });
        await sessions.sourceOf(admin).getCredentials();
        expect(assumed()).to.equal(4);
    });

    const refused: Record<string, [Account, string]> = {
        "a role that trusts nobody": [{ roleArn: roleArn(production, "for-nobody") }, "NoPermission"],
        "a role that is not there": [{ roleArn: roleArn(production, "missing") }, "EntityNotExist.Role"],
        "the wrong external id": [{ ...admin, externalId: "ticket-1" }, "NoPermission"],
        "a session that is longer than the role's": [
            { ...admin, durationSeconds: 7_200 },
            "InvalidParameter.DurationSeconds",
        ],
        "a policy that is not one": [{ ...admin, policy: '{"Statement":[]}' }, "InvalidParameter.PolicyGrammar"],
    };
    for (const [what, [account, code]] of Object.entries(refused)) {
        it(`rejects ${what}, with the role and the answer of STS`, async () => {
            const error = await failureOf(sessions.sourceOf(account).getCredentials());
            expect(error.kind).to.equal("role-not-assumed");
            expect(error.message).to.include(account.roleArn).and.to.include(code);
        });
    }

    for (const [code, cure] of [
        ["NoPermission", "Check the role's ARN"],
        ["InvalidAccessKeyId.NotFound", "Replace the credentials that assume the role"],
        ["SignatureDoesNotMatch", "Replace the credentials that assume the role"],
        ["InvalidSecurityToken.Expired", "Replace the credentials that assume the role"],
        ["InvalidTimeStamp.Expired", "Set the clock of this machine right"],
        ["AuthenticationFail.OIDCToken.Expired", "Put a fresh token into the file"],
    ] as const)
        it(`name the cure of ${code}`, async () => {
            cloud.faults.add({ kind: "status", status: 400, code, operation: "AssumeRole" });
            const error = await failureOf(sessions.sourceOf(admin).getCredentials());
            expect(error.message).to.include(`STS refuses: ${code} (account ${production}). ${cure}`);
        });

    it("rejects an STS over plain HTTP elsewhere than on loopback, without a request", async () => {
        const base = () => staticCredentials(managementKeys);
        const open = new Sessions({ base, sts: new SecurityTokenService("http://sts.example.com") });
        const error = await failureOf(open.sourceOf(admin).getCredentials());
        expect(error.message).to.include("not an HTTPS URL");
    });

    it("are renewed when a service ends them before their time", async () => {
        const stores = new OssStores(sessions.sourceOf(admin));
        const store = stores.at({ endpoint: cloud.url, region: "cn-hangzhou" });
        await store.putRule("production-logs", { sseAlgorithm: "SM4" });
        cloud.faults.add({ kind: "status", status: 403, code: "SecurityTokenExpired", count: 1 });
        await store.putRule("production-logs", { sseAlgorithm: "AES256" });
        expect(cloud.bucketRule("production-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
        expect(assumed()).to.equal(2);
        stores.close();
    });

    it("reject what a session policy forbids", async () => {
        const readOnly = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}]}';
        const stores = new OssStores(sessions.sourceOf({ ...admin, policy: readOnly }));
        const store = stores.at({ endpoint: cloud.url, region: "cn-hangzhou" });
        const error = await failureOf(store.putRule("production-logs", { sseAlgorithm: "SM4" }));
        expect(error.kind).to.equal("access-denied");
        stores.close();
    });

    describe("under a guard", () => {
        const judged = (account: Account, lists: { allowed?: string[]; forbidden?: string[] } = {}) =>
            new AccountGuard(sts).judge(sessions.sourceOf(account), { id: account.id, ...lists });

        it("pass when they are the declared account's", async () => {
            expect(await judged(admin)).to.deep.equal({ verdict: "expected", account: production });
        });

        it("are not verified when no account is expected", async () => {
            expect(await judged({})).to.deep.equal({ verdict: "nothing-expected" });
            expect(cloud.journal.count()).to.equal(0);
        });

        it("reject another account, with both ids", async () => {
            const verdict = await judged({ id: production });
            expect(verdict).to.include({ verdict: "wrong", account: management });
            expect(JSON.stringify(verdict)).to.include(management).and.to.include(production);
        });

        it("reject an account that is not allowed, and one that is forbidden", async () => {
            expect(await judged(admin, { allowed: [production, test] })).to.include({ verdict: "expected" });
            expect(await judged(admin, { allowed: [test] })).to.include({ verdict: "wrong" });
            expect(await judged(admin, { allowed: [] })).to.include({ verdict: "wrong" });
            expect(await judged(admin, { forbidden: [production] })).to.include({ verdict: "wrong" });
            expect(await judged(admin, { forbidden: [test] })).to.include({ verdict: "expected" });
        });

        it("are distinguished from credentials whose account is not known", async () => {
            cloud.faults.add({ kind: "status", status: 403, code: "NoPermission", operation: "GetCallerIdentity" });
            expect(await judged(admin)).to.deep.equal({ verdict: "not-known", reason: "NoPermission" });
            expect(await judged({ id: production, roleArn: roleArn(production, "for-nobody") })).to.include({
                verdict: "not-known",
            });
        });

        it("are verified once for each account", async () => {
            const guard = new AccountGuard(sts);
            const source = sessions.sourceOf(admin);
            await Promise.all(Array.from({ length: 100 }, () => guard.judge(source, { id: production })));
            expect(cloud.journal.count({ operation: "GetCallerIdentity" })).to.equal(1);
        });
    });
});

describe("a role that is assumed with an identity provider's token", () => {
    let server: Server;
    let folder: string;
    const calls: { query: URLSearchParams; form: URLSearchParams; authorization: string | undefined }[] = [];
    beforeEach(async () => {
        calls.length = 0;
        folder = mkdtempSync(path.join(tmpdir(), "oidc-"));
        server = createServer(async (request, response) => {
            let body = "";
            for await (const chunk of request) body += chunk;
            const form = new URLSearchParams(body);
            const { authorization, "x-acs-action": action } = request.headers;
            const query = new URLSearchParams((request.url ?? "").split("?")[1]);
            calls.push({ query, form, authorization });
            const isOidc = query.get("Action") === "AssumeRoleWithOIDC";
            const isKnown = isOidc ? form.get("OIDCToken") === "a.fresh.token" : action === "AssumeRole";
            response.writeHead(isKnown ? 200 : 400, { "content-type": "application/json" });
            const Credentials = {
                AccessKeyId: isOidc ? "STS.first" : "STS.second",
                AccessKeySecret: "secret",
                SecurityToken: "CAIS",
                Expiration: new Date(Date.now() + 3_600_000).toISOString(),
            };
            response.end(JSON.stringify(isKnown ? { Credentials } : { Code: "AuthenticationFail.NoPermission" }));
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterEach(async () => {
        rmSync(folder, { recursive: true });
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
    });

    const sessionsAt = () => {
        const sts = new SecurityTokenService(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        return new Sessions({ base: () => expect.fail("no other credentials are to be looked for"), sts });
    };
    const providerArn = `acs:ram::${management}:oidc-provider/ci`;

    it("sends the token in the body, unsigned, and assumes the next role with the session", async () => {
        const tokenFile = path.join(folder, "token");
        writeFileSync(tokenFile, "a.fresh.token\n");
        const account: Account = {
            roleArn: roleArn(production),
            through: [{ roleArn: roleArn(management, "hub") }],
            oidc: { providerArn, tokenFile },
        };
        const credentials = await sessionsAt().sourceOf(account).getCredentials();
        expect(credentials.accessKeyId).to.equal("STS.second");
        const [first, second] = calls;
        expect(first?.authorization).to.equal(undefined);
        expect(String(first?.query)).not.to.include("token");
        expect(first?.form.get("RoleArn")).to.equal(roleArn(management, "hub"));
        expect(first?.form.get("OIDCProviderArn")).to.equal(providerArn);
        expect(second?.authorization).to.include("Credential=STS.first");
    });

    it("rejects a refused token and a missing file, and shows the content of neither", async () => {
        const tokenFile = path.join(folder, "token");
        writeFileSync(tokenFile, "an.old.token");
        const account: Account = { roleArn: roleArn(production), oidc: { providerArn, tokenFile } };
        const stale = await failureOf(sessionsAt().sourceOf(account).getCredentials());
        expect(stale.message).to.include("AuthenticationFail.NoPermission").and.not.to.include("an.old.token");
        const nowhere = { ...account, oidc: { providerArn, tokenFile: path.join(folder, "missing") } };
        expect((await failureOf(sessionsAt().sourceOf(nowhere).getCredentials())).message).to.include("ENOENT");
    });
});
