import { expect } from "chai";
import { accountIssues, accountListIssues } from "../../lib/accounts";
import { storeFamilies } from "../../lib/stores";
import { production, roleArn, test } from "./three-accounts";

const terms = storeFamilies.oss.account;
const allTerms = Object.values(storeFamilies).map(({ account }) => account);
const paths = (declared: unknown) => accountIssues(declared, terms).map(({ path, code }) => `${path} ${code}`);

describe("a declared account", () => {
    it("accepts every part in its place", () => {
        const providerArn = `acs:ram::${production}:oidc-provider/ci`;
        for (const account of [
            undefined,
            { id: production },
            { profile: "production" },
            { id: production, profile: "hub", roleArn: roleArn(production), externalId: "ticket-4711" },
            { roleArn: roleArn(production), sessionName: "a@b.c", durationSeconds: 900, policy: '{"Statement":[]}' },
            { roleArn: roleArn(production), through: [{ roleArn: roleArn(test), externalId: "x=1" }] },
            { roleArn: roleArn(production), oidc: { providerArn, tokenFile: "/var/run/token" } },
            { id: Symbol("later"), roleArn: Symbol("later") },
        ]) {
            expect(paths(account), JSON.stringify(account)).to.deep.equal([]);
        }
    });

    it("rejects one without a part, as an undefined variable leaves it", () => {
        for (const empty of [{}, { id: undefined, roleArn: null }])
            expect(accountIssues(empty, terms)).to.deep.equal([
                {
                    code: "required",
                    path: "account",
                    message: "is empty, and guards nothing; give it a part, or remove it",
                },
            ]);
    });

    it("rejects a policy that cannot be sent as it is", () => {
        const policed = (version: string) => ({
            roleArn: roleArn(production),
            policy: `{"Statement":[],"Version":"${version}"}`,
        });
        expect(paths(policed("1"))).to.deep.equal([]);
        expect(paths(policed("\ud800"))).to.deep.equal(["account.policy malformed"]);
    });

    it("rejects all of its faults at once, each with its path", () => {
        const declared = {
            id: 1000000000000001,
            profile: "",
            roleArn: "encryption-admin",
            externalId: "a b",
            sessionName: "x",
            durationSeconds: 60,
            policy: "{",
            through: [{ externalId: "fine" }, "role"],
            oidc: { providerArn: "github", token: "secret-token" },
            secretKey: "distinctive-secret",
        };
        const issues = accountIssues(declared, terms);
        expect(issues.map(({ path, code }) => `${path} ${code}`)).to.have.members([
            "account.secretKey not-allowed",
            "account.id wrong-type",
            "account.profile malformed",
            "account.roleArn malformed",
            "account.externalId malformed",
            "account.sessionName malformed",
            "account.durationSeconds not-allowed",
            "account.policy malformed",
            "account.through[0].roleArn required",
            "account.through[1] wrong-type",
            "account.oidc.token not-allowed",
            "account.oidc.tokenFile required",
            "account.oidc.providerArn malformed",
            "account.oidc conflicting",
            "account.through[0].externalId conflicting",
        ]);
        expect(JSON.stringify(issues)).not.to.include("distinctive-secret").and.not.to.include("secret-token");
    });

    it("rejects a role of another account than the declared one, with both ids", () => {
        const [issue] = accountIssues({ id: test, roleArn: roleArn(production) }, terms);
        expect(issue).to.include({ code: "conflicting", path: "account.roleArn" });
        expect(issue?.message).to.include(test).and.to.include(production);
    });

    it("rejects the parts of a role if no role is named", () => {
        expect(paths({ externalId: "ticket-4711", through: [{ roleArn: roleArn(test) }] })).to.deep.equal([
            "account.externalId conflicting",
            "account.through conflicting",
        ]);
    });

    it("rejects values that are not an account, and malformed ids", () => {
        expect(paths("production")).to.deep.equal(["account wrong-type"]);
        expect(paths([production])).to.deep.equal(["account wrong-type"]);
        expect(
            accountListIssues([production, "12", 3], allTerms, "allowedAccountIds").map(({ path }) => path),
        ).to.deep.equal(["allowedAccountIds[1]", "allowedAccountIds[2]"]);
    });
});
