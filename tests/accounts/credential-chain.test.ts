import { execFileSync } from "node:child_process";
import { DefaultCredentialsProvider } from "@alicloud/credentials";
import { expect } from "chai";
import { credentialChain } from "../../lib/accounts";
import { type CredentialPlace, credentialPlaces } from "../../lib/accounts/credential-places";
import { UserError } from "../../lib/errors";
import { ScriptedServer } from "../stores/oss/scripted-server";
import { AccountEnvironment } from "./account-environment";

async function failureOf(source = credentialChain()): Promise<UserError> {
    const error = await source.getCredentials().then(
        () => expect.fail("there should be no credentials"),
        (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(UserError).with.property("kind", "no-credentials");
    return error as UserError;
}

/** Everything that is printed of the error and its causes. */
function allTextOf(error: Error): string {
    const shown: string[] = [];
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
        shown.push(String(at), at.stack ?? "", JSON.stringify(at, Object.getOwnPropertyNames(at)));
    }
    return shown.join("\n");
}

describe("the credential chain", () => {
    let environment: AccountEnvironment;
    beforeEach(() => {
        environment = new AccountEnvironment();
    });
    afterEach(() => environment.restore());

    it("asks the same places in the same order as the library's default chain", () => {
        environment.set({
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "false",
            ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/r",
            ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/p",
            ALIBABA_CLOUD_OIDC_TOKEN_FILE: "token",
        });
        const library = require("@alicloud/credentials");
        const theirs = DefaultCredentialsProvider.builder().build() as unknown as {
            providers: { getProviderName(): string }[];
        };
        const ours = credentialPlaces().map(
            (place) => place.provider(library) as unknown as { getProviderName(): string },
        );
        expect(ours.map((provider) => provider.getProviderName())).to.deep.equal(
            theirs.providers.map((provider) => provider.getProviderName()),
        );
    });

    describe("finds", () => {
        it("the environment's access key", async () => {
            environment.set({ ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret\n" });
            expect(await credentialChain().getCredentials()).to.deep.equal({
                accessKeyId: "env-id",
                accessKeySecret: "env-secret",
            });
        });

        it("the environment's temporary credentials, before a profile", async () => {
            environment.writeProfiles({
                name: "p",
                mode: "AK",
                access_key_id: "cli-id",
                access_key_secret: "cli-secret",
            });
            environment.set({
                ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "env-secret",
                ALIBABA_CLOUD_SECURITY_TOKEN: "env-token",
            });
            expect(await credentialChain().getCredentials()).to.deep.equal({
                accessKeyId: "env-id",
                accessKeySecret: "env-secret",
                securityToken: "env-token",
            });
        });

        it("the aliyun CLI's current profile", async () => {
            environment.writeProfiles(
                {
                    name: "p",
                    mode: "StsToken",
                    access_key_id: "cli-id",
                    access_key_secret: "cli-secret",
                    sts_token: "cli-token",
                },
                { name: "q", mode: "AK", access_key_id: "q-id", access_key_secret: "q-secret" },
            );
            expect(await credentialChain().getCredentials()).to.deep.equal({
                accessKeyId: "cli-id",
                accessKeySecret: "cli-secret",
                securityToken: "cli-token",
            });
            environment.set({ ALIBABA_CLOUD_PROFILE: "q" });
            expect(await credentialChain().getCredentials()).to.include({ accessKeyId: "q-id" });
        });

        it("the credentials file, also one that a variable names", async () => {
            const section = (id: string) =>
                `[default]\ntype = access_key\naccess_key_id = ${id}\naccess_key_secret = s\n`;
            environment.write(".alibabacloud/credentials", section("home-id"));
            expect(await credentialChain().getCredentials()).to.include({ accessKeyId: "home-id" });
            environment.set({
                ALIBABA_CLOUD_CREDENTIALS_FILE: environment.write("elsewhere.ini", section("other-id")),
            });
            expect(await credentialChain().getCredentials()).to.include({ accessKeyId: "other-id" });
        });
    });

    it("rejects credentials under other tools' names, and names the variables that are set but not read", async () => {
        const set = {
            ALICLOUD_ACCESS_KEY: "terraform-id",
            ALICLOUD_SECRET_KEY: "terraform-secret",
            ALIBABACLOUD_ACCESS_KEY_ID: "java-id",
            ALIBABACLOUD_ACCESS_KEY_SECRET: "java-secret",
            ALIBABA_CLOUD_ACCESS_KEY: "misspelt",
            OSS_ACCESS_KEY_ID: "ossutil-id",
            OSS_SESSION_TOKEN: "ossutil-token",
        };
        environment.set(set);
        const settings = ["alicloud:accessKey", "alicloud:region", "aws:accessKey", "example:accessKey"];
        const error = await failureOf(credentialChain({ settings }));
        const [, unread = ""] = /Set but not read.*?: (.*?)\. /.exec(error.message) ?? [];
        expect(unread.split(", ")).to.deep.equal([...Object.keys(set).sort(), "alicloud:accessKey"]);
        for (const value of Object.values(set)) expect(allTextOf(error)).not.to.include(value);
    });

    it("names no variable as unread if none is set, or if it is empty", async () => {
        environment.set({
            OSS_ENDPOINT: "https://oss.example",
            OSS_ACCESS_KEY_ID: "",
            ALIBABA_CLOUD_SECURITY_TOKEN: "",
        });
        const { message } = await failureOf();
        expect(message).to.include("No credentials").and.not.to.include("not read");
    });

    describe("with a credentials URI", () => {
        let server: ScriptedServer;
        afterEach(() => server.stop());

        const answer = (id: string, Expiration: string) => ({
            status: 200,
            body: JSON.stringify({
                AccessKeyId: id,
                AccessKeySecret: "uri-secret",
                SecurityToken: "uri-token",
                Expiration,
            }),
        });
        const nextYear = `${new Date().getUTCFullYear() + 1}-01-01T00:00:00Z`;

        it("asks it once for a thousand requests at the same time", async () => {
            server = await ScriptedServer.replying(answer("uri-id", nextYear));
            environment.set({ ALIBABA_CLOUD_CREDENTIALS_URI: server.endpoint });
            const source = credentialChain();
            const all = await Promise.all(Array.from({ length: 1_000 }, () => source.getCredentials()));
            expect(new Set(all.map(({ accessKeyId }) => accessKeyId))).to.deep.equal(new Set(["uri-id"]));
            expect(await source.getCredentials()).to.deep.equal({
                accessKeyId: "uri-id",
                accessKeySecret: "uri-secret",
                securityToken: "uri-token",
            });
            expect(server.requests).to.have.length(1);
        });

        it("renews credentials through the library shortly before they expire, and not earlier", async () => {
            const soon = new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, "");
            server = await ScriptedServer.replying(
                answer("first", soon),
                answer("second", nextYear),
                answer("third", nextYear),
            );
            environment.set({ ALIBABA_CLOUD_CREDENTIALS_URI: server.endpoint });
            let time = 0;
            const source = credentialChain({ now: () => time });
            const idAt = async (milliseconds: number) => {
                time = milliseconds;
                return (await source.getCredentials()).accessKeyId;
            };
            expect(await idAt(0)).to.equal("first");
            expect(await idAt(9_999)).to.equal("first");
            expect(await idAt(10_000)).to.equal("second");
            expect(await idAt(30_000)).to.equal("second");
            expect(server.requests).to.have.length(2);
        });

        it("shows nothing of an answer that it cannot use", async () => {
            for (const [reply, said] of [
                [{ status: 500, body: "xyzzy" }, "the answer was HTTP 500"],
                [{ status: 200, body: "xyzzy" }, "the answer was not JSON"],
                [
                    { status: 200, body: '{"AccessKeyId":"xyzzy","AccessKeySecret":"xyzzy"}' },
                    "the answer held no complete credentials",
                ],
                [answer("xyzzy", ""), "the answer held no time of expiry"],
                [answer("xyzzy", "2030-01-01T00:00:00+08:00"), "the answer held no time of expiry"],
                [answer("xyzzy", Date.now() as never), "the answer held no time of expiry"],
                [
                    (_: unknown, response: { destroy(): void }) => {
                        response.destroy();
                        return undefined;
                    },
                    "the connection broke before the answer was complete",
                ],
            ] as const) {
                server = await ScriptedServer.replying(reply);
                environment.set({ ALIBABA_CLOUD_CREDENTIALS_URI: `${server.endpoint}/?token=xyzzy` });
                const error = await failureOf();
                expect(error.message).to.include(`the address that ALIBABA_CLOUD_CREDENTIALS_URI names (${said}`);
                expect(allTextOf(error)).not.to.include("xyzzy");
                await server.stop();
            }
        });
    });

    for (const [what, variables, said] of [
        [
            "OIDC role whose token cannot be read",
            {
                ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/r",
                ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/p",
                ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/missing/token",
            },
            "nowhere else, since ALIBABA_CLOUD_OIDC_PROVIDER_ARN is set.",
        ],
        [
            "OIDC role of which a part is missing",
            { ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/missing/token" },
            "ALIBABA_CLOUD_ROLE_ARN and ALIBABA_CLOUD_OIDC_PROVIDER_ARN not set); nowhere else, since ALIBABA_CLOUD_OIDC_TOKEN_FILE is set.",
        ],
        [
            "profile that no file has",
            { ALIBABA_CLOUD_PROFILE: "production" },
            "~/.alibabacloud/credentials (no such file); nowhere else, since ALIBABA_CLOUD_PROFILE is set.",
        ],
        [
            "file that does not exist",
            { ALIBABA_CLOUD_CREDENTIALS_FILE: "/missing/file" },
            "names (no such file); nowhere else, since ALIBABA_CLOUD_CREDENTIALS_FILE is set.",
        ],
    ] as const)
        it(`rejects an environment that chooses a ${what}, even beside other credentials`, async () => {
            const other =
                '{"AccessKeyId":"other-id","AccessKeySecret":"other","SecurityToken":"other","Expiration":"2099-01-01T00:00:00Z"}';
            const server = await ScriptedServer.replying({ status: 200, body: other });
            try {
                environment.set({ ALIBABA_CLOUD_CREDENTIALS_URI: server.endpoint });
                expect(await credentialChain().getCredentials()).to.include({ accessKeyId: "other-id" });
                environment.set(variables);
                expect((await failureOf()).message).to.include(said);
                expect(server.requests).to.have.length(1);
            } finally {
                await server.stop();
            }
        });

    it("keeps the place that it found, and reports when that place has no credentials any more", async () => {
        let given = 0;
        const place: CredentialPlace = {
            name: "a place of the test",
            absence: () => undefined,
            provider: () => ({
                getCredentials: async () => {
                    if (++given > 1) throw new Error("no more, xyzzy");
                    return { accessKeyId: "id", accessKeySecret: "secret", securityToken: "" };
                },
            }),
        };
        let time = 0;
        const source = credentialChain({ places: [place], now: () => time });
        await source.getCredentials();
        time = 10_000;
        const error = await failureOf(source);
        expect(error.message).to.include("No credentials any more from a place of the test (it failed)");
        expect(allTextOf(error)).not.to.include("xyzzy");
    });

    it("asks again after a failure, though not for every request", async () => {
        let time = 0;
        const source = credentialChain({ now: () => time });
        await failureOf(source);
        environment.set({ ALIBABA_CLOUD_ACCESS_KEY_ID: "late-id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "late-secret" });
        await failureOf(source);
        time = 10_000;
        expect(await source.getCredentials()).to.include({ accessKeyId: "late-id" });
    });

    describe("without credentials", () => {
        it("names every searched place and the cure", async () => {
            const { message } = await failureOf();
            for (const part of [
                "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (not set)",
                "ALIBABA_CLOUD_OIDC_TOKEN_FILE (not set)",
                "~/.aliyun/config.json (no such file)",
                "~/.alibabacloud/credentials (no such file)",
                "100.100.100.200 (switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED)",
                "ALIBABA_CLOUD_CREDENTIALS_URI names (not set)",
                "run `aliyun configure`",
            ]) {
                expect(message).to.include(part);
            }
            expect(message).not.to.include(environment.home);
        });

        it("does not load the library when no place can have credentials", () => {
            const program = `
                const { credentialChain } = require("./lib/accounts");
                credentialChain().getCredentials().catch((error) => console.log(
                    error.kind, Object.keys(require.cache).filter((file) => file.includes("@alicloud")).length));`;
            const printed = execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", program], {
                encoding: "utf8",
            });
            expect(printed.trim()).to.equal("no-credentials 0");
        });

        it("says which part of an OIDC role is missing", async () => {
            environment.set({ ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1:role/r" });
            expect((await failureOf()).message).to.include(
                "(ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE not set)",
            );
        });

        it("reports that no metadata service answered", async () => {
            environment.set({ ALIBABA_CLOUD_ECS_METADATA_DISABLED: "" });
            const { message } = await failureOf(
                credentialChain({ places: credentialPlaces({ metadataProbe: async () => false }) }),
            );
            expect(message).to.include("100.100.100.200 (no connection within 300 ms)");
        });
    });

    for (const [given, missing] of [
        [["ALIBABA_CLOUD_ACCESS_KEY_ID"], "ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        [["ALIBABA_CLOUD_ACCESS_KEY_SECRET"], "ALIBABA_CLOUD_ACCESS_KEY_ID"],
        [["ALIBABA_CLOUD_SECURITY_TOKEN"], "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    ] as const) {
        it(`rejects an environment with ${given} alone, even beside a profile`, async () => {
            environment.writeProfiles({
                name: "p",
                mode: "AK",
                access_key_id: "cli-id",
                access_key_secret: "cli-secret",
            });
            for (const name of given) environment.set({ [name]: "xyzzy" });
            const error = await failureOf();
            expect(error.message).to.include(`half a set of credentials: ${given} set, ${missing} not set`);
            expect(allTextOf(error)).not.to.include("xyzzy");
        });
    }

    it("rejects an access key that cannot be sent, and names its source", async () => {
        environment.set({ ALIBABA_CLOUD_ACCESS_KEY_ID: "id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "xyzzy xyzzy" });
        const error = await failureOf();
        expect(error.message).to.include("ALIBABA_CLOUD_ACCESS_KEY_SECRET hold characters in the access key secret");
        expect(allTextOf(error)).not.to.include("xyzzy");
    });

    describe("shows nothing of a file that it cannot use:", () => {
        for (const [what, config, said] of [
            ["no JSON", '{"profiles":[{"access_key_secret":"xyzzy"', "it is not JSON"],
            ["no profiles", '{"current":"xyzzy","profiles":[]}', "it has no profiles"],
            ["no such profile", '{"current":"xyzzy","profiles":[{"name":"p"}]}', "it has no such profile"],
            ["an unknown mode", '{"current":"p","profiles":[{"name":"p","mode":"xyzzy"}]}', "an unknown mode"],
            [
                "half a key",
                '{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"xyzzy"}]}',
                "the access key secret is missing",
            ],
            [
                "a command that fails",
                '{"current":"p","profiles":[{"name":"p","mode":"External","process_command":"false xyzzy"}]}',
                "its command failed",
            ],
            [
                "a command that prints something else",
                '{"current":"p","profiles":[{"name":"p","mode":"External","process_command":"echo xyzzy"}]}',
                "its command printed no JSON",
            ],
            [
                "an OIDC token that is not there",
                '{"current":"p","profiles":[{"name":"p","mode":"OIDC","oidc_token_file":"/nowhere/xyzzy","oidc_provider_arn":"a","ram_role_arn":"b"}]}',
                "a file that it names does not exist",
            ],
        ] as const) {
            it(`a profile with ${what}`, async () => {
                environment.write(".aliyun/config.json", config);
                const error = await failureOf();
                expect(error.message).to.include(`~/.aliyun/config.json (`).and.include(said);
                expect(allTextOf(error)).not.to.include("xyzzy");
            });
        }

        for (const [what, section, said] of [
            ["no section", "[xyzzy]\ntype = access_key\n", "no such section with a `type`"],
            ["an unknown type", "[default]\ntype = xyzzy\n", "an unknown `type`"],
            ["half a key", "[default]\ntype = access_key\naccess_key_id = xyzzy\n", "the access key secret is missing"],
        ] as const) {
            it(`a credentials file with ${what}`, async () => {
                environment.write(".alibabacloud/credentials", section);
                const error = await failureOf();
                expect(error.message).to.include(`~/.alibabacloud/credentials (`).and.include(said);
                expect(allTextOf(error)).not.to.include("xyzzy");
            });
        }
    });
});
