import { execFile } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { acceptsConnection } from "../../lib/accounts/metadata-probe";
import { type ReceivedRequest, type Reply, ScriptedServer } from "../stores/oss/scripted-server";
import { AccountEnvironment } from "./account-environment";

/** Asks the chain in a process of its own, where the metadata service is what the test says. */
async function askInProcess(metadataPort: string): Promise<string> {
    const program = `
        const { credentialChain } = require("./lib/accounts");
        credentialChain().getCredentials().then(
            (credentials) => console.log(JSON.stringify(credentials)),
            (error) => console.log(error.message));`;
    const preloads = ["--require", "tsx/cjs", "--require", join(__dirname, "metadata-redirect.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, [...preloads, "--eval", program], {
        env: { ...process.env, METADATA_PORT: metadataPort },
        timeout: 30_000,
    });
    return stdout.trim();
}

/** The metadata service as an instance has it. */
function metadataService({ method, url, headers }: ReceivedRequest): Reply {
    const roles = "/latest/meta-data/ram/security-credentials/";
    if (method === "PUT" && url === "/latest/api/token") return { status: 200, body: "metadata-token" };
    if (headers["x-aliyun-ecs-metadata-token"] !== "metadata-token") return { status: 403 };
    if (url === roles) return { status: 200, body: "encryption-admin" };
    if (url !== `${roles}encryption-admin`) return { status: 404 };
    return {
        status: 200,
        body: JSON.stringify({
            Code: "Success",
            AccessKeyId: "STS.instance-id",
            AccessKeySecret: "instance-secret",
            SecurityToken: "instance-token",
            Expiration: `${new Date().getUTCFullYear() + 1}-01-01T00:00:00Z`,
        }),
    };
}

describe("the instance role's credentials", () => {
    let environment: AccountEnvironment;
    beforeEach(() => {
        environment = new AccountEnvironment();
        environment.set({ ALIBABA_CLOUD_ECS_METADATA_DISABLED: "false" });
    });
    afterEach(() => environment.restore());

    it("come from the metadata service if there is one", async () => {
        const server = await ScriptedServer.start(metadataService);
        expect(JSON.parse(await askInProcess(new URL(server.endpoint).port))).to.deep.equal({
            accessKeyId: "STS.instance-id",
            accessKeySecret: "instance-secret",
            securityToken: "instance-token",
        });
        await server.stop();
    });

    it("are not awaited if nothing accepts the connection", async () => {
        expect(await askInProcess("")).to.include("100.100.100.200 (no connection within 300 ms)");
    });

    it("are requested without a probe if the role is named", async () => {
        environment.set({ ALIBABA_CLOUD_ECS_METADATA: "encryption-admin" });
        const server = await ScriptedServer.start(metadataService);
        expect(await askInProcess(new URL(server.endpoint).port)).to.include("STS.instance-id");
        await server.stop();
    });
});

describe("the probe for a metadata service", () => {
    it("distinguishes a listening port from a closed one", async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        expect(await acceptsConnection({ host: "127.0.0.1", port }, 5_000)).to.equal(true);
        await new Promise<void>((resolve) => server.close(() => resolve()));
        expect(await acceptsConnection({ host: "127.0.0.1", port }, 5_000)).to.equal(false);
    });
});
