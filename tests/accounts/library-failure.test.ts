import { expect } from "chai";
import fc from "fast-check";
import { describeLibraryFailure } from "../../lib/accounts/library-failure";

describe("failures of the credentials library", () => {
    it("pass on the code of a refusal by the security token service", () => {
        for (const beginning of [
            "refresh session token failed: ",
            "get sts token failed with OIDC: ",
            "get session token from CloudSSO failed: ",
        ]) {
            const body = '{"RequestId":"xyzzy","Code":"NoPermission","Message":"xyzzy"}';
            expect(describeLibraryFailure(new Error(beginning + body))).to.equal(
                "the security token service refused: NoPermission",
            );
            expect(describeLibraryFailure(new Error(`${beginning}<html>xyzzy</html>`))).to.equal(
                "the security token service refused",
            );
        }
    });

    it("pass on no code that another server gave", () => {
        expect(describeLibraryFailure(new Error('parse aliyun cli config from x failed: {"Code":"xyzzy"'))).to.equal(
            "it is not JSON",
        );
        expect(describeLibraryFailure(new Error('something new: {"Code":"xyzzy"}'))).to.equal("it failed");
    });

    it("pass on the status of a metadata service's answer, or that there was none", () => {
        const path = "http://100.100.100.200/latest/meta-data/ram/security-credentials/";
        expect(describeLibraryFailure(new Error(`get role name failed: GET ${path} 404`))).to.equal(
            "the answer was HTTP 404",
        );
        expect(describeLibraryFailure(new Error(`ConnectTimeout: Connect ${path} failed.`))).to.equal(
            "no answer came in time",
        );
        expect(describeLibraryFailure(new Error(`connect ECONNREFUSED 1.2.3.4:80GET ${path} failed.`))).to.equal(
            "it cannot be reached",
        );
    });

    it("name the part that a profile or an answer lacks", () => {
        for (const [text, said] of [
            ["get sts token failed", "the answer held no complete credentials"],
            ["get sts token failed with OIDC", "the answer held no complete credentials"],
            ["refresh RoleArn sts token err, fail to get credentials", "the answer held no complete credentials"],
            ["refresh Ecs sts token err, Code is not Success", "the answer reports no success"],
            ["the security token is empty", "the security token is missing"],
            ["the RoleArn is empty", "the role's ARN is missing"],
            ["process_command is empty", "its command is missing"],
            ["invalid StsToken credential response: sts_token is empty", "its command printed no complete credentials"],
            ['failed to refresh OAuth token: {"xyzzy":1}', "its sign-in has ended: run `aliyun configure`"],
        ] as const) {
            expect(describeLibraryFailure(new Error(text))).to.equal(said);
        }
    });

    it("hide an unknown text", () => {
        fc.assert(
            fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("", "EWHATEVER"), (text, code) => {
                const said = describeLibraryFailure(Object.assign(new Error(`${text} xyzzy`), { code }));
                expect(said).not.to.include("xyzzy");
            }),
        );
        for (const thrown of [undefined, null, "xyzzy", { message: "xyzzy" }]) {
            expect(describeLibraryFailure(thrown)).to.equal("it failed");
        }
    });
});
