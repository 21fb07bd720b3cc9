import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { CommandProcess } from "../cli/command-process";
import { ItemStack } from "../stacks/item-stack";

describe("an operation that is interrupted from the keyboard", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    let running: CommandProcess;
    const begin = async (body: string): Promise<CommandProcess> => {
        stack = await ItemStack.items(body);
        running = stack.begin("up", "--yes", "--skip-preview", "--stack", "dev");
        return running;
    };
    /** Waits for a line of the cloud's log, in which the provider and the program tell how far they got, or of what the command prints. */
    const until = async (line: string): Promise<void> => {
        const log = join(stack.cloud, "calls.log");
        while (!(running.output.includes(line) || (existsSync(log) && readFileSync(log, "utf8").includes(line))))
            await delay(50);
    };
    afterEach(() => {
        running.child.kill("SIGKILL");
        stack.remove();
    });

    it("finishes running steps, starts no new ones, and can be continued", async () => {
        const { child, ended } = await begin(
            'const a = new Item("a", { key: "a", slow: 1500 }); new Item("b", { key: "b", of: a.made });',
        );
        await until("create a");
        child.kill("SIGINT");
        const { status } = await ended;
        expect(status).to.equal(130);
        expect(running.output).to.contain("^C received; cancelling.").and.to.contain("update canceled");
        expect(stack.resource("a")?.id).to.equal("a");
        expect(stack.resource("b")).to.equal(undefined);
        expect((await stack.engine().exportState()).deployment).to.not.have.property("pending_operations");
        expect((await stack.up()).steps).to.deep.equal(["create b"]);
    });

    it("ends at once the second time while a provider call hangs, and keeps that call as pending", async () => {
        const { child, ended } = await begin('new Item("a", { key: "a", hang: "create" });');
        await until("create a");
        child.kill("SIGINT");
        await until("^C received");
        expect(child.exitCode, "after the first").to.equal(null);
        child.kill("SIGINT");
        expect((await ended).status).to.equal(130);
        const { pending_operations: pending = [] } = (await stack.engine().exportState()).deployment;
        expect(pending.map(({ type }) => type)).to.deep.equal(["creating"]);
    });

    it("ends a program that hangs", async () => {
        const { child, ended } = await begin(
            'require("fs").appendFileSync(process.env.CLOUD + "/calls.log", "program runs\\n"); new Promise(() => setInterval(() => {}, 1000));',
        );
        await until("program runs");
        child.kill("SIGINT");
        const { status } = await ended;
        expect(status).to.equal(130);
        expect(running.output).to.contain("update canceled");
        expect((await stack.run("destroy")).result.succeeded).to.equal(true);
    });
});
