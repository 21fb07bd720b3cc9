import { expect } from "chai";
import { EngineLog } from "../../lib/plugin/engine-log";

describe("the log of the plugin at its engine", () => {
    it("drops the texts of work that ends after the plugin was stopped", async () => {
        const log = new EngineLog();
        log.connect("127.0.0.1:1");
        log.close();
        log.tell("warning: too late");
        expect(await log.sent()).to.equal(undefined);
    });
});
