import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../../errors";
import { cacheFolder } from "../cache-folder";
import { findPackage, type TemporalWorkerPackage, temporalPackage } from "../temporal-packages";

/** The module of the workflows, as compiled. */
const workflows = path.join(__dirname, "..", "workflows.js");

/**
 * The workflows' code for Temporal's sandbox. It holds a part of the SDK, so it is bundled where the SDK is installed, once for each of
 * its versions, in a process of its own: bundling takes seconds and memory that a worker should not keep.
 * @param failureConverter the module of a converter for failures
 * @throws UserError `engine-unavailable`, `cache-folder-not-usable`
 */
export async function workflowBundle(
    failureConverter: string | undefined,
    environment: NodeJS.ProcessEnv,
): Promise<string> {
    const file = path.join(cacheFolder(environment), `workflows-${bundleDigest(failureConverter)}.js`);
    if (existsSync(file)) return await readFile(file, "utf8");
    const child = spawn(process.execPath, [__filename, file, failureConverter ?? ""], {
        env: environment,
        stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
        said += text;
    });
    const [status] = await once(child, "close");
    if (status !== 0)
        throw new UserError("engine-unavailable", `The workflows cannot be bundled: ${said.trim().slice(0, 2000)}`);
    return await readFile(file, "utf8");
}

/** Of everything that the bundle is made from. A payload codec is no part of it: each worker loads that anew, and uses it outside the sandbox. */
function bundleDigest(failureConverter = ""): string {
    const digest = createHash("sha256").update(failureConverter).update(readFileSync(__filename));
    const packages = new Set<string>();
    const addPackage = (file: string): void => {
        if (packages.has(file)) return;
        packages.add(file);
        const text = readFileSync(file, "utf8");
        digest.update(text);
        const { dependencies = {} } = JSON.parse(text) as { dependencies?: object };
        // Parts of the SDK may be updated one by one.
        for (const name of Object.keys(dependencies).filter((one) => one.startsWith("@temporalio/")))
            addPackage(require.resolve(`${name}/package.json`, { paths: [path.dirname(file)] }));
    };
    for (const name of ["@temporalio/workflow", "@temporalio/worker"]) addPackage(findPackage(`${name}/package.json`));
    const ours = new Set<string>();
    const add = (file: string): void => {
        if (ours.has(file)) return;
        ours.add(file);
        const text = readFileSync(file, "utf8");
        digest.update(text);
        for (const [, specifier = ""] of text.matchAll(/\brequire\("(\.[^"]+)"\)/g))
            add(require.resolve(path.resolve(path.dirname(file), specifier)));
    };
    add(workflows);
    return digest.digest("hex").slice(0, 32);
}

async function bundle(file: string, failureConverterPath: string): Promise<void> {
    const { bundleWorkflowCode, DefaultLogger }: TemporalWorkerPackage = temporalPackage(
        "@temporalio/worker",
        "worker",
    );
    const packages = path.dirname(path.dirname(path.dirname(findPackage("@temporalio/workflow/package.json"))));
    const { code } = await bundleWorkflowCode({
        workflowsPath: workflows,
        logger: new DefaultLogger("WARN", ({ message }) => void process.stderr.write(`${message}\n`)),
        ...(failureConverterPath !== "" && { failureConverterPath }),
        webpackConfigHook: (configuration) => {
            configuration.resolve?.modules?.push(packages);
            return configuration;
        },
    });
    const draft = `${file}.${process.pid}`;
    try {
        await writeFile(draft, withoutSources(code));
        await rename(draft, file);
    } finally {
        await rm(draft, { force: true });
    }
}

/**
 * The SDK wants a source map, and keeps it in each worker: two thirds of the bundle, and 20 MB of memory once it is read. The workflows'
 * code is compiled to lines that can be read as they are.
 */
function withoutSources(code: string): string {
    const map = { version: 3, file: "workflows.js", sources: [], names: [], mappings: "" };
    const data = Buffer.from(JSON.stringify(map)).toString("base64");
    // In two parts, so that this module names no source map itself.
    const comment = `//# ${"sourceMappingURL"}=data:application/json;charset=utf-8;base64,`;
    const end = code.lastIndexOf(comment);
    return end < 0 ? code : `${code.slice(0, end)}${comment}${data}`;
}

if (require.main === module)
    bundle(process.argv[2] as string, process.argv[3] ?? "").catch(({ message }: Error) => {
        process.stderr.write(`${message}\n`);
        process.exitCode = 1;
    });
