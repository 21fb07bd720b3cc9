import { expect } from "chai";
import { staticCredentials } from "../../lib/accounts";
import { UserError } from "../../lib/errors";

describe("credentials that are given explicitly", () => {
    it("are passed on, with the security token where there is one", async () => {
        const key = { accessKeyId: "id", accessKeySecret: "secret" };
        expect(await staticCredentials(key).getCredentials()).to.deep.equal(key);
        const temporary = { ...key, securityToken: "token" };
        expect(await staticCredentials(temporary).getCredentials()).to.deep.equal(temporary);
    });

    it("are trimmed of blanks and line feeds", async () => {
        const source = staticCredentials({ accessKeyId: " id", accessKeySecret: "secret\r\n", securityToken: " " });
        expect(await source.getCredentials()).to.deep.equal({ accessKeyId: "id", accessKeySecret: "secret" });
    });

    for (const [what, parts, said] of [
        ["no id", { accessKeySecret: "xyzzy-secret" }, "The credentials of the test hold no access key id"],
        ["no secret", { accessKeyId: "xyzzy-id" }, "The credentials of the test hold no access key secret"],
        ["an empty secret", { accessKeyId: "xyzzy-id", accessKeySecret: " " }, "hold no access key secret"],
        ["nothing", {}, "hold no access key id and no access key secret"],
        [
            "a line feed within",
            { accessKeyId: "xyzzy-id", accessKeySecret: "xyzzy\nsecret" },
            "hold characters in the access key secret that no access key secret has",
        ],
        [
            "letters that no header takes",
            { accessKeyId: "xyzzy-id", accessKeySecret: "xyzzy-secret", securityToken: "xyzzy\u20ac" },
            "hold characters in the security token",
        ],
        [
            "a number, which a profile of another tool may have",
            { accessKeyId: 4711 as unknown as string, accessKeySecret: "xyzzy-secret" },
            "The credentials of the test hold an access key id that is not text",
        ],
        [
            "a list as the token",
            { accessKeyId: "xyzzy-id", accessKeySecret: "xyzzy-secret", securityToken: ["xyzzy"] as never },
            "The credentials of the test hold a security token that is not text",
        ],
    ] as const) {
        it(`rejects ${what}, without showing the rest`, () => {
            const make = () => staticCredentials(parts, "the credentials of the test");
            expect(make).to.throw(UserError, said).with.property("kind", "no-credentials");
            expect(make).to.throw(UserError).with.property("message").that.does.not.include("xyzzy");
        });
    }
});
