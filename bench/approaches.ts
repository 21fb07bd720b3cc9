import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { CloudProcess } from "./cloud-process";
import { measure } from "./measured-command";

const root = path.join(__dirname, "..");
const peers = path.join(__dirname, "peers");

export type Operation = "create" | "unchanged" | "refresh" | "destroy";

/** Commands for a number of buckets. Each starts where the one before it, in the order of `Operation`, ended. */
interface Commands {
    readonly env: NodeJS.ProcessEnv;
    readonly commands: Readonly<Partial<Record<Operation, readonly string[]>>>;
    /** The size of what the tool remembers, in bytes. Undefined for scripts, which remember nothing. */
    readonly stateBytes?: () => number;
}

/** A way to give each of some buckets a rule. */
export interface Approach {
    readonly name: string;
    /** Why it cannot run on this machine; undefined if it can. */
    readonly missing: () => string | undefined;
    /** Where it would take hours, it is measured up to this many buckets. */
    readonly most?: number;
    /** The package that its program uses; this one unless given. */
    readonly packageRoot?: string;
    readonly prepare: (buckets: number, cloud: CloudProcess, folder: string) => Promise<Commands>;
}

/** The same requests by the same client, and nothing else: what no tool can be faster than. */
export const bareRequests: Approach = {
    name: "the requests alone",
    missing: () => undefined,
    prepare: async (buckets, cloud) => {
        const requests = (methods: string) => [
            process.execPath,
            ...["--require", "tsx/cjs", path.join(__dirname, "bare-requests.ts"), String(buckets), "32", methods],
        ];
        return {
            env: { ...process.env, ...cloud.environment },
            commands: {
                create: requests("get,put,get"),
                refresh: requests("get"),
                destroy: requests("get,delete"),
            },
        };
    },
};

export type Engine = "pulumi-embedded" | "pulumi";

function engineCommand(engine: Engine, packageRoot: string): readonly string[] {
    if (engine === "pulumi") return ["pulumi"];
    return [process.execPath, path.join(packageRoot, "dist", "cli", "pulumi-embedded.js")];
}

function missingEngine(engine: Engine): string | undefined {
    if (engine === "pulumi-embedded") return undefined;
    return spawnSync("pulumi", ["version"]).error === undefined ? undefined : "no `pulumi` on the PATH";
}

function missingPlugin(): string | undefined {
    return existsSync(path.join(root, "plugin", "schema.json")) ? undefined : "no plugin: run `npm run build`";
}

/** A Pulumi program with a stack in a folder of its own. */
function stackOf(
    engine: Engine,
    program: string,
    more: NodeJS.ProcessEnv,
    packageRoot: string = root,
): Approach["prepare"] {
    return async (buckets, cloud, folder) => {
        // Beside the package's modules, because a program finds them from its folder.
        cpSync(program, folder, { recursive: true });
        const env = {
            ...process.env,
            ...cloud.environment,
            ...more,
            BUCKETS: String(buckets),
            PULUMI_HOME: path.join(folder, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(folder).href,
            PULUMI_CONFIG_PASSPHRASE: "bench",
            PULUMI_SKIP_UPDATE_CHECK: "true",
        };
        const command = (...args: readonly string[]) => [
            ...engineCommand(engine, packageRoot),
            ...args,
            ...["--stack", "bench", "--cwd", folder, "--non-interactive"],
        ];
        await measure([...engineCommand(engine, packageRoot), "stack", "init", "bench", "--cwd", folder], env);
        const states = path.join(folder, ".pulumi", "stacks");
        return {
            env,
            commands: {
                create: command("up", "--yes", "--skip-preview"),
                unchanged: command("up", "--yes", "--skip-preview", "--expect-no-changes"),
                refresh: command("refresh", "--yes", "--skip-preview"),
                destroy: command("destroy", "--yes", "--skip-preview"),
            },
            stateBytes: () => {
                const files = readdirSync(states, { recursive: true, encoding: "utf8" });
                return Math.max(
                    ...files
                        .filter((file) => file.endsWith(".json"))
                        .map((file) => statSync(path.join(states, file)).size),
                );
            },
        };
    };
}

export type Kind = "single" | "set" | "single of plugin" | "set of plugin";

const kindNames: Record<Kind, string> = {
    single: "`BucketEncryption`",
    set: "`BucketEncryptionSet`",
    "single of plugin": "`BucketEncryption` of the plugin",
    "set of plugin": "`BucketEncryptionSet` of the plugin",
};

const pluginSection = `plugins:
  providers:
    - name: bucket-encryption
      path: ${JSON.stringify(path.join(root, "plugin"))}
`;

/** This package's resources under an engine. */
export function ours(kind: Kind, engine: Engine): Approach {
    return {
        name: `${kindNames[kind]}, \`${engine}\``,
        missing: () => missingEngine(engine) ?? (kind.endsWith("plugin") ? missingPlugin() : undefined),
        prepare: async (buckets, cloud, folder) => {
            const program = path.join(__dirname, "programs", "buckets");
            const commands = await stackOf(engine, program, { KIND: kind })(buckets, cloud, folder);
            if (kind.endsWith("plugin")) appendFileSync(path.join(folder, "Pulumi.yaml"), pluginSection);
            return commands;
        },
    };
}

/** This package's resources as another version of it, in a folder of its own, deploys them by its own engine. */
export function anotherVersion(packageRoot: string): Approach {
    return {
        name: "the other version",
        missing: () => undefined,
        packageRoot,
        prepare: stackOf(
            "pulumi-embedded",
            path.join(__dirname, "programs", "buckets"),
            { KIND: "single" },
            packageRoot,
        ),
    };
}

/** The dynamic provider that a team writes without this package. */
export function dynamicProvider(engine: Engine): Approach {
    return {
        name: `dynamic provider with \`ali-oss\`, \`${engine}\``,
        missing: () => missingEngine(engine),
        prepare: stackOf(engine, path.join(peers, "dynamic-provider"), {}),
    };
}

const bareDelete = async (buckets: number, cloud: CloudProcess, folder: string) =>
    (await bareRequests.prepare(buckets, cloud, folder)).commands.destroy;

/** Scripts neither read a rule nor remember one; the buckets are emptied of rules by the bare requests. */
function script(name: string, command: readonly string[], missing: Approach["missing"]): Approach {
    return {
        name,
        missing,
        prepare: async (buckets, cloud, folder) => {
            const destroy = await bareDelete(buckets, cloud, folder);
            return {
                env: { ...process.env, ...cloud.environment },
                commands: { create: [...command, String(buckets)], ...(destroy && { destroy }) },
            };
        },
    };
}

export const aliOssScript = script(
    "script with `ali-oss`",
    [process.execPath, path.join(peers, "ali-oss-loop.js")],
    () => undefined,
);

export const oss2Script = script("script with `oss2`", ["python3", path.join(peers, "oss2-loop.py")], () =>
    spawnSync("python3", ["-c", "import oss2"]).status === 0 ? undefined : "no `oss2` for `python3`",
);

/** Terraform with the alicloud provider, which waits five seconds after each write. */
export const terraform: Approach = {
    name: "Terraform with `aliyun/alicloud`",
    most: 100,
    missing: () => {
        if (spawnSync("terraform", ["version"]).error !== undefined) return "no `terraform` on the PATH";
        const { TF_CLI_CONFIG_FILE: file } = process.env;
        if (file === undefined || !existsSync(file))
            return "no provider: `TF_CLI_CONFIG_FILE` names no configuration with a mirror that has it";
        // The provider puts the bucket before the endpoint's host.
        const lookUp = 'require("dns").lookup("bench-0.localhost", (error) => process.exit(error ? 1 : 0))';
        return spawnSync(process.execPath, ["--eval", lookUp]).status === 0
            ? undefined
            : "no address of `bench-0.localhost` to `bench-99.localhost`, for instance in the hosts file";
    },
    prepare: async (buckets, cloud, folder) => {
        cpSync(path.join(peers, "terraform"), folder, { recursive: true });
        const env = {
            ...process.env,
            ...cloud.environment,
            TF_VAR_buckets: String(buckets),
            TF_VAR_endpoint: `localhost:${new URL(cloud.endpoint).port}`,
        };
        const command = (...args: readonly string[]) => ["terraform", `-chdir=${folder}`, ...args, "-input=false"];
        await measure(command("init"), env);
        return {
            env,
            commands: {
                create: command("apply", "-auto-approve"),
                unchanged: command("apply", "-auto-approve"),
                refresh: command("apply", "-auto-approve", "-refresh-only"),
                destroy: command("destroy", "-auto-approve"),
            },
            stateBytes: () => statSync(path.join(folder, "terraform.tfstate")).size,
        };
    },
};
