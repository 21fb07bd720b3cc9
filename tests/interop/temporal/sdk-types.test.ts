import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { needed } from "../needed-tool";
import { type TemporalTools, temporalTools } from "./temporal-environment";

const root = path.join(__dirname, "..", "..", "..");

// Connections and loggers go from one function of the SDK to another and are not looked into, so their parts are not compared.
const program = `
import * as activity from "@temporalio/activity";
import * as client from "@temporalio/client";
import * as envconfig from "@temporalio/envconfig";
import * as worker from "@temporalio/worker";
import * as workflow from "@temporalio/workflow";
import type * as ours from "../../../lib/rollout/temporal/temporal-packages";

type WorkerSettings = Omit<Parameters<ours.TemporalWorkerPackage["Worker"]["create"]>[0], "connection">;
type ActivitySettings = Parameters<ours.TemporalWorkflowPackage["proxyActivities"]>[0];

export const packages: [
    ours.TemporalActivityPackage,
    Omit<ours.TemporalClientPackage, "Client">,
    ours.TemporalEnvironment,
    Omit<ours.TemporalWorkerPackage, "Worker" | "Runtime" | "bundleWorkflowCode">,
    Omit<ours.TemporalWorkflowPackage, "proxyActivities">,
] = [activity, client, envconfig, worker, workflow];
export const made = (one: client.Client, two: worker.Worker): [ours.TemporalClient, ours.TemporalWorker] => [one, two];
export const given = (
    one: WorkerSettings,
    two: ActivitySettings,
): [Omit<worker.WorkerOptions, "connection">, workflow.ActivityOptions] => [one, two];
`;

describe("the types that are declared of Temporal's SDK", function () {
    this.timeout(240_000);
    let tools: TemporalTools;
    before(async function () {
        tools = await needed(this, temporalTools);
    });

    const faultsOf = (text: string): string => {
        const folder = path.dirname(tools.modules);
        writeFileSync(path.join(folder, "types.ts"), text);
        const flags = ["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2023"];
        const modules = ["--module", "nodenext", "--types", "node", "--typeRoots"];
        const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
        const types = path.join(root, "node_modules", "@types");
        const args = [compiler, ...flags, ...modules, types, "types.ts"];
        return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout;
    };

    it("are those of the installed packages", () => {
        expect(faultsOf(program)).to.equal("");
        expect(faultsOf(program.replace("[activity, client,", "[client, activity,"))).to.contain("error TS2");
    });
});
