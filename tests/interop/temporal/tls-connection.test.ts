import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { needed } from "../needed-tool";
import { type TemporalTools, temporalTools } from "./temporal-environment";
import { TemporalRollout } from "./temporal-rollout";
import { authority, type Certificate, certificate, TlsProxy } from "./tls-proxy";

const apiKey = "an-api-key-nobody-may-see";

describe("a connection to Temporal with TLS, a client's certificate and an API key", function () {
    this.timeout(300_000);
    let tools: TemporalTools;
    let temporal: TemporalRollout;
    let proxy: TlsProxy;
    let trusted: Certificate;
    let client: Certificate;

    before(async function () {
        tools = await needed(this, temporalTools);
        temporal = await TemporalRollout.create(tools, [1]);
        const { folder } = temporal.rollout;
        trusted = await needed(this, async () => authority(folder, "trusted"));
        client = certificate(folder, "client", trusted);
        const server = certificate(folder, "server", trusted);
        proxy = await TlsProxy.start(temporal.server.address, apiKey, { authority: trusted, server });
        temporal.rollout.write({
            refresh: false,
            stacks: [temporal.rollout.stack(1)],
            waves: [{ name: "all", stacks: ["account-1"] }],
            temporal: { sharedPlace: "shared" },
        });
        await temporal.plan();
        use({});
    });
    after(async () => {
        proxy?.stop();
        await temporal?.dispose();
    });

    /** Names a profile of a file of profiles, which has everything. */
    function use({ key = apiKey, ca = trusted, address = proxy.address, profile = "production" }): void {
        const file = path.join(temporal.rollout.folder, "temporal.toml");
        writeFileSync(
            file,
            `[profile.production]
${address === "" ? "" : `address = "${address}"`}
namespace = "default"
api_key = "${key}"
[profile.production.tls]
server_ca_cert_path = "${ca.certificate}"
client_cert_path = "${client.certificate}"
client_key_path = "${client.key}"
`,
        );
        const { TEMPORAL_ADDRESS: _, ...environment } = temporal.rollout.environment;
        temporal.rollout.environment = { ...environment, TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: profile };
    }
    /** What workers, `run`, `status` and `abort` say, without the cure, which is the same for all. */
    const refused = async (key = apiKey): Promise<string[]> => {
        const all = await Promise.all([
            temporal.rollout.start("worker", "rollout.yaml", "--engine", "embedded").ended,
            temporal.command("run", "--yes"),
            temporal.command("status", "--engine", "temporal"),
            temporal.command("abort", "--engine", "temporal", "--reason", "none"),
        ]);
        return all.map(({ status, stdout, stderr }) => {
            expect([status, stdout], stderr).to.deep.equal([1, ""]);
            expect(stderr.includes(key)).to.equal(false);
            return stderr.split(/\. (?:Check|Set) /)[0] as string;
        });
    };
    const notDone = (why: string): string =>
        `error: The request to the Temporal server at ${proxy.address} failed: ${why}`;
    const thrice = (text: string): string[] => [text, text, text];

    it("is made by the profile that TEMPORAL_PROFILE names, for workers, run and status, and no output has the key", async () => {
        const worker = await temporal.worker();
        const ran = await temporal.command("run", "--yes");
        expect(ran.status, ran.stderr).to.equal(0);
        const { stdout } = await temporal.command("status");
        expect(stdout).to.contain(`Temporal at ${proxy.address}: workflow rollout/test rollout/`);
        expect(temporal.rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1 });
        expect(proxy.calls.admitted).to.be.greaterThan(10);
        expect(proxy.calls).to.include({ refused: 0, withoutCertificate: 0 });
        for (const text of [ran.stdout, ran.stderr, stdout, readFileSync(temporal.server.database, "latin1")])
            expect(text.includes(apiKey)).to.equal(false);
        worker.kill("SIGKILL");
    });

    it("rejects a server that an unknown authority certified", async () => {
        use({ ca: authority(temporal.rollout.folder, "other") });
        const fault = "self-signed certificate in certificate chain";
        expect(await refused()).to.deep.equal([
            notDone(fault),
            ...thrice(notDone(`Failed to connect before the deadline: ${fault}`)),
        ]);
    });

    it("rejects a key that the server does not know, and one that no request can carry, without the key", async () => {
        use({ key: "another-key-nobody-may-see" });
        expect(await refused("another-key")).to.deep.equal([
            notDone(
                "Failed to call GetSystemInfo: Request unauthorized. (The request does not have valid authentication credentials)",
            ),
            ...thrice(notDone("Failed to connect to Temporal server: 16 UNAUTHENTICATED: Request unauthorized")),
        ]);
        use({ key: "schlüssel-nobody-may-see-ключ" });
        const [, ...clients] = await refused("nobody-may-see");
        expect(clients).to.deep.equal(
            thrice(notDone('Metadata string value "Bearer [secret]" contains illegal characters')),
        );
    });

    it("rejects a namespace that does not exist, also in a worker, which ends then", async () => {
        use({});
        temporal.rollout.environment.TEMPORAL_NAMESPACE = "elsewhere";
        // `run` knows from the shared place that the plan was started, and asks no server.
        const [worker, , ...clients] = await refused();
        expect(worker).to.equal(
            notDone(
                "Namespace elsewhere was not found or otherwise could not be described: Namespace elsewhere is not found",
            ),
        );
        const missing = notDone("Namespace not found: 'elsewhere'");
        expect(clients).to.deep.equal([missing, missing]);
    });

    it("rejects a profile without an address, and one that does not exist", async () => {
        use({ address: "" });
        const nothing = "error: Nothing names the address of the Temporal server";
        expect(await refused()).to.deep.equal([nothing, ...thrice(nothing)]);
        use({ profile: "staging" });
        const unknown = "error: Temporal's settings cannot be read: Profile 'staging' not found in config data";
        expect(await refused()).to.deep.equal([unknown, ...thrice(unknown)]);
    });
});
