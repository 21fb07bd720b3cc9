import {
    mkdirSync,
    mkdtempSync,
    readdirSync,
    realpathSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

export const packageRoot = path.join(__dirname, "..", "..");

/** What `stack init` would write of the passphrase. With one salt for all stacks, a process derives its key once. */
export const stackSettings = "encryptionsalt: v1:TPXToDYbvxs=:v1:U5mRTC5s1AzswmTb:QOHZ4wef3n6oYZqWJSKkhX5L2L7Gww==\n";

/** A project file of a program in JavaScript. */
export const projectSettings = (name: string): string =>
    `name: ${name}\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`;

/** The part of a project file that names this package's plugin. */
export const pluginSettings = `plugins:
  providers:
    - name: bucket-encryption
      path: ${JSON.stringify(path.join(packageRoot, "plugin"))}
`;

/** A Pulumi project for one test, in a folder of its own, with its state and its variables. */
export class TestProject {
    readonly folder: string;
    /** The folder of the backend. */
    readonly state: string;
    environment: NodeJS.ProcessEnv;

    /** @param files the content of each file by its path in the folder, besides `Pulumi.yaml` */
    constructor(name: string, files: Readonly<Record<string, string>>, variables: NodeJS.ProcessEnv = {}) {
        // Outside the package, so that a program is no installed package to the engine.
        this.folder = mkdtempSync(path.join(realpathSync(tmpdir()), `${name}-`));
        this.linkPackages();
        this.state = path.join(this.folder, "state");
        mkdirSync(this.state);
        for (const [file, content] of Object.entries({ "Pulumi.yaml": projectSettings(name), ...files })) {
            const written = path.join(this.folder, file);
            mkdirSync(path.dirname(written), { recursive: true });
            writeFileSync(written, content);
        }
        // This machine's accounts, stacks and services must not take part.
        const inherited = Object.entries(process.env).filter(
            ([variable]) => !/^(PULUMI|ALIBABA_CLOUD|OSS|AWS)_/.test(variable),
        );
        this.environment = {
            // Tests read a table by its rows.
            COLUMNS: "1000",
            ...Object.fromEntries(inherited),
            HOME: this.folder,
            PULUMI_HOME: path.join(this.folder, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(this.state).href,
            PULUMI_CONFIG_PASSPHRASE: "a passphrase",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
            ...variables,
        };
    }

    /** Makes the program find this package, Pulumi's SDK and what else is installed here. */
    linkPackages(): void {
        symlinkSync(path.join(packageRoot, "node_modules"), path.join(this.folder, "node_modules"));
    }

    /** All files of the project, its state and its home, without installed packages. */
    files(): string[] {
        return readdirSync(this.folder)
            .filter((name) => name !== "node_modules")
            .flatMap((name) => filesBelow(path.join(this.folder, name)));
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

function filesBelow(entry: string): string[] {
    if (!statSync(entry).isDirectory()) return [entry];
    return readdirSync(entry).flatMap((name) => filesBelow(path.join(entry, name)));
}
