import { expect } from "chai";
import { EngineServer } from "../../lib/engine/monitor/engine-server";

describe("the engine's services", () => {
    // Pulumi's SDK in this process would reuse the broken connection to the engine that had the port before.
    it("are never at the port of an engine that has ended in the same process", async () => {
        const addresses: string[] = [];
        const log = {} as Parameters<typeof EngineServer.start>[0];
        for (let count = 0; count < 600; count += 1) {
            const services = await EngineServer.start(log);
            addresses.push(services.address);
            services.close();
        }
        expect(addresses[0]).to.match(/^127\.0\.0\.1:\d+$/);
        expect(new Set(addresses).size).to.equal(600);
    });
});
