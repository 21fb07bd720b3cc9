import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { SessionBroker } from "../../../lib/accounts";
import { DeclaredBuckets } from "../../../lib/lifecycle";
import { OperationFolder } from "../../../lib/provider/operation-folder";
import { makePlan } from "../../../lib/rollout";
import { EmbeddedStackEngine } from "../../../lib/rollout/engines/embedded-stack-engine";
import { KeptRollout } from "../../../lib/rollout/temporal/place/kept-rollout";
import { fileOf } from "../../rollout/wave-fixture";
import { Defect, defectIn, type FuzzReader, type FuzzTarget, newFolder, removeFolder } from "../fuzz-target";

const events = (): string =>
    readFileSync(path.join(__dirname, "..", "..", "review", "previews", "real-changes-events.jsonl"), "utf8");

/** Messages between the provider processes of an operation. */
function openOperationFolder(): FuzzReader {
    const folder = newFolder();
    const { TMPDIR } = process.env;
    process.env.TMPDIR = folder;
    const own = new OperationFolder("127.0.0.1:1");
    own.tell([{ fact: "declared", identity: "own" }]);
    const [users = ""] = readdirSync(folder);
    const [operation = ""] = readdirSync(path.join(folder, users));
    const place = path.join(folder, users, operation);
    let told = 0;
    return {
        read(input) {
            told += 1;
            const name = `${process.pid}--${told.toString(16).padStart(16, "0")}`;
            writeFileSync(path.join(place, `${name}.facts`), input);
            const declared = new DeclaredBuckets(own);
            const at = { identity: "oss logs", key: "oss logs" } as never;
            declared.has(at);
            declared.recordAt(at);
            declared.createdAt(at);
            declared.taken()?.(at);
        },
        close() {
            if (TMPDIR === undefined) delete process.env.TMPDIR;
            else process.env.TMPDIR = TMPDIR;
            removeFolder(folder);
        },
    };
}

/** What a stranger or another version sends to the broker of role sessions, and that it then still serves others. */
async function openBroker(): Promise<FuzzReader> {
    const broker = await SessionBroker.start({ turnMilliseconds: 200 });
    const [variable = ""] = Object.values(broker.environment);
    const port = Number(variable.split(":")[0]);
    return {
        async read(input) {
            const socket = connect(port, "127.0.0.1").on("error", () => undefined);
            let answer = "";
            socket.on("data", (chunk) => {
                answer += chunk.toString();
            });
            socket.end(input);
            // A connection that the broker cuts off ends with an error.
            await new Promise<void>((resolve) => socket.once("close", () => resolve()));
            const defect = defectIn(answer);
            if (defect !== undefined) throw new Defect(defect);
        },
        close: () => broker.stop(),
    };
}

/** Files and messages between the processes of one operation or rollout. */
export const processMessages: readonly FuzzTarget[] = [
    {
        name: "operation-folder",
        samples: () => [
            [
                { fact: "declared", identity: "oss logs", key: "oss logs", rule: { sseAlgorithm: "AES256" } },
                {
                    fact: "state",
                    identity: "oss logs",
                    key: "oss logs",
                    record: { rule: { sseAlgorithm: "KMS" }, region: "cn-hangzhou" },
                },
                { fact: "leaving", identity: "oss logs" },
                { fact: "left", identity: "oss logs", isTaken: true },
            ]
                .map((fact) => `${JSON.stringify(fact)}\n`)
                .join(""),
            `${JSON.stringify({ fact: "created", identity: "oss logs", key: "oss logs", record: { rule: { sseAlgorithm: "SM4" } } })}\n`,
        ],
        open: openOperationFolder,
    },
    {
        name: "session-broker",
        samples: () => [
            `${JSON.stringify({ challenge: "0123456789abcdef" })}\n${JSON.stringify({ proof: "0".repeat(64), name: "x", unwanted: "y" })}\n`,
        ],
        open: openBroker,
    },
    {
        name: "engine-events",
        samples: () => [events()],
        open: () => ({
            read(input) {
                const engine = new EmbeddedStackEngine(async ({ onLine }) => {
                    for (const line of input.toString().split("\n")) onLine(line);
                    return input.length % 2;
                }, {});
                return makePlan(fileOf({ stacks: ["a"] }), {
                    engine,
                    concurrency: 1,
                    createStacks: false,
                    cancel: new AbortController().signal,
                    now: () => new Date("2026-11-28T00:00:00Z"),
                });
            },
        }),
    },
    {
        name: "shared-log",
        samples: () => [
            JSON.stringify([
                { kind: "begun", at: "2026-11-28T00:00:00Z", plan: "0".repeat(64), by: "someone" },
                { kind: "wave-begun", at: "2026-11-28T00:00:00Z", wave: "one" },
                { kind: "shard-begun", at: "2026-11-28T00:00:00Z", shard: "s", left: "0", workflow: "w" },
                { kind: "shard-ended", at: "2026-11-28T00:00:00Z", shard: "s", left: "0", records: "0".repeat(64) },
            ]),
        ],
        open: () => ({
            read(input) {
                const place = {
                    name: "a place",
                    write: async () => undefined,
                    read: async (key: string) => (key.endsWith("000000.json") ? input.toString() : undefined),
                };
                return new KeptRollout(place, "0".repeat(64)).readLog();
            },
        }),
    },
    {
        name: "shared-plan",
        samples: async () => [JSON.stringify({ id: "0".repeat(64), stacks: [], waves: [] })],
        open: () => ({
            read(input) {
                const place = { name: "a place", write: async () => undefined, read: async () => input.toString() };
                return new KeptRollout(place, "0".repeat(64)).readPlan();
            },
        }),
    },
];
