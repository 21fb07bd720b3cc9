import { LocalCloud } from "../../lib/local-cloud";
import { type PluginServer, packageSchema, servePlugin } from "../../lib/plugin";
import { PluginClient } from "./plugin-client";

/** A plugin in this process, configured for a local cloud. Each operation of an engine has a plugin process of its own. */
export class PluginUnderTest {
    readonly cloud: LocalCloud;
    client!: PluginClient;
    #server: PluginServer | undefined;

    private constructor(cloud: LocalCloud) {
        this.cloud = cloud;
    }

    static async start(): Promise<PluginUnderTest> {
        const plugin = new PluginUnderTest(await LocalCloud.start());
        await plugin.restart();
        return plugin;
    }

    /** As the next operation of an engine does. @returns the client of the new plugin */
    async restart(args: Record<string, unknown> = {}): Promise<PluginClient> {
        this.#end();
        this.client = await PluginClient.start(async (engineAddress) => {
            const text = JSON.stringify(packageSchema("1.2.3"));
            this.#server = await servePlugin(() => ({ text, version: "1.2.3" }), engineAddress);
            return this.#server.port;
        });
        await this.client.configure({ ...this.settings, ...args });
        return this.client;
    }

    get settings(): Record<string, unknown> {
        return {
            endpoint: this.cloud.url,
            region: "cn-hangzhou",
            kmsEndpoint: this.cloud.url,
            accessKeyId: "local-key-id",
            accessKeySecret: {
                "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                value: "local-key-secret",
            },
        };
    }

    async stop(): Promise<void> {
        this.#end();
        await this.cloud.stop();
    }

    #end(): void {
        this.client?.stop();
        this.#server?.stop();
    }
}
