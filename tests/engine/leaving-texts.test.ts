import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type EngineEvent, EventStream, LiveTree, OperationText, PreviewJson, type RunResult } from "../../lib/engine";
import { DeploymentLog } from "../../lib/engine/deployment/deployment-log";
import { SecretFilter } from "../../lib/engine/secrets/secret-filter";
import { Secret } from "../../lib/engine/values/property-value";
import { ItemStack } from "../stacks/item-stack";

const secrets = { token: 'hush"token', key: "-----BEGIN hushed KEY-----\nMIIhush-second-line\n", number: "815471108" };
const leak = /.*(?:hush|815471108).*/;

/** Says every secret in every way that a program has. */
const talkative = `
const config = new pulumi.Config();
const token = config.require("token"), key = config.require("key"), number = config.requireNumber("number");
console.log(token, { token, key, number });
console.log(JSON.stringify({ token, key, number }));
console.log(key);
console.error("to standard error:", token, number);
process.stdout.write(key);
pulumi.log.info("info " + token);
pulumi.log.warn("warning " + key);
pulumi.log.error("error " + number);
pulumi.log.info("ephemeral " + token, undefined, undefined, true);
const item = new Item("item", { key: "item", token, number, list: [key, { [token]: token }], json: JSON.stringify({ token }), marked: pulumi.secret("hush marked") });
pulumi.log.info("about " + token, item);
`;

/** Every text of a value, without identities and without what is marked as secret. */
function textsOf(value: unknown, found: string[] = []): string[] {
    if (typeof value === "string" || typeof value === "number") found.push(String(value));
    else if (value instanceof Map) for (const [key, item] of value) textsOf([key, item], found);
    else if (typeof value === "object" && value !== null && !(value instanceof Secret))
        for (const [key, item] of Object.entries(value)) {
            found.push(key);
            textsOf(item, found);
        }
    return found;
}

describe("every text that leaves the engine", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    before(async () => {
        stack = await ItemStack.items();
        // What a process prints passes through pipes.
        stack.inProcess = false;
        for (const [name, value] of Object.entries(secrets)) await stack.engine().setConfig(name, value, true);
    });
    after(() => stack.remove());

    /** Runs an operation with every display. @returns all texts, by where they came from */
    async function textsOfRun(verb: "preview" | "up"): Promise<{ texts: Map<string, string>; result: RunResult }> {
        const texts = new Map<string, string>();
        const writer = (place: string) => (text: string) => void texts.set(place, `${texts.get(place) ?? ""}${text}`);
        const options = {
            operation: verb,
            preview: verb === "preview",
            headline: "x",
            stack: "dev",
            suppressOutputs: false,
        };
        const shown = (place: string, diff: boolean) => ({
            ...options,
            diff,
            paint: (_style: string, text: string) => text,
            write: writer(place),
            writeError: writer(place),
        });
        const json = new PreviewJson();
        const tree = new LiveTree({
            ...shown("tree", false),
            terminal: { columns: 200, rows: 50, isTTY: true } as never,
            now: () => 0,
        } as never);
        const listeners = [
            json.listener,
            tree.listener,
            new EventStream({ ...options, write: writer("event stream") }).listener,
            new OperationText(shown("text", false)).listener,
            new OperationText(shown("diff", true)).listener,
            (event: EngineEvent) => writer("events")(`${textsOf(event).join("\n")}\n`),
        ];
        const listener = (event: EngineEvent): void => {
            for (const listen of listeners) listen(event);
        };
        try {
            const result = await stack.engine()[verb]({ listener });
            texts.set("preview --json", json.text);
            const { outputs: _plain, ...rest } = result;
            texts.set("result", textsOf(rest).join("\n"));
            return { texts, result };
        } finally {
            tree.stop();
        }
    }

    it("has no secret in a preview, in any text of the program", async () => {
        stack.declare(`${talkative} exports.token = token; exports.number = number; exports.marked = item.marked;`);
        const { texts, result } = await textsOfRun("preview");
        expect(result.succeeded, result.messages.join("\n")).to.equal(true);
        for (const [place, text] of texts) {
            expect(leak.exec(text)?.[0] ?? "nothing", place).to.equal("nothing");
            expect(text, `${place} shows that something is hidden`).to.contain("[secret]");
        }
        expect(texts.get("events"))
            .to.contain("to standard error: [secret] [secret]")
            .and.to.contain("warning [secret]");
    });

    it("has no secret in a failing update and its history", async () => {
        stack.declare(`${talkative}
            new Item("failing", { key: "failing " + token, fail: "create" });
            item.id.apply(() => { throw new Error("thrown with " + token); });`);
        const { texts, result } = await textsOfRun("up");
        expect(result.succeeded).to.equal(false);
        for (const [place, text] of texts) expect(leak.exec(text)?.[0] ?? "nothing", place).to.equal("nothing");
        const messages = result.messages.join("\n");
        expect(messages).to.contain("create of failing [secret] refused");
        const history = join(stack.state, ".pulumi", "history", "items", "dev");
        for (const name of readdirSync(history).filter((file) => file.includes(".history.json")))
            expect(readFileSync(join(history, name), "utf8"), name).to.not.match(leak);
    });

    it("has no secret in policy findings and in errors that end the operation", () => {
        const events: EngineEvent[] = [];
        const log = new DeploymentLog((event) => void events.push(event));
        log.secrets = new SecretFilter(Object.values(secrets));
        const policy = { policy: "p", pack: "k", packVersion: "1", description: "d", message: `said ${secrets.token}` };
        log.violates({ ...policy, urn: "", level: "mandatory", severity: "" });
        log.remediates("urn", policy, { token: secrets.token }, { token: `${secrets.token}2` });
        log.prelude(new Map([["a:token", { text: secrets.token, secret: true }]]));
        const error = log.withoutSecrets(new Error(`failed with ${secrets.token}`)) as Error;
        expect(events).to.have.lengthOf(3);
        expect(leak.exec(textsOf(events).join("\n"))?.[0]).to.equal(undefined);
        expect(textsOf(events)).to.include("said [secret]");
        expect(`${error.message}\n${error.stack}`).to.not.match(leak);
    });
});
