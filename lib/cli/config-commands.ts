import { text } from "node:stream/consumers";
import { EmbeddedEngine } from "../engine";
import { UserError } from "../errors";

export interface ConfigFlags {
    readonly cwd?: string;
    readonly stack?: string;
    readonly secret?: boolean;
    readonly plaintext?: boolean;
    readonly json?: boolean;
}

const engineFor = (flags: ConfigFlags): EmbeddedEngine =>
    new EmbeddedEngine({ folder: flags.cwd ?? process.cwd(), stack: flags.stack });

export async function setConfig(key: string, value: string | undefined, flags: ConfigFlags): Promise<void> {
    const given = value ?? (await piped());
    await engineFor(flags).setConfig(key, given, flags.secret === true);
}

export async function getConfig(key: string, flags: ConfigFlags): Promise<void> {
    const engine = engineFor(flags);
    const found = (await engine.config()).get(engine.configKey(key));
    if (found === undefined)
        throw new UserError("config-not-found", `configuration key '${key}' not found for stack '${engine.stackName}'`);
    process.stdout.write(
        flags.json ? `${JSON.stringify({ value: found.text, secret: found.secret }, null, 2)}\n` : `${found.text}\n`,
    );
}

export function removeConfig(key: string, flags: ConfigFlags): void {
    engineFor(flags).removeConfig(key);
}

/** The value from standard input, without the line end that a shell adds. */
async function piped(): Promise<string> {
    if (process.stdin.isTTY) throw new UserError("invalid-command", "The value is missing");
    return (await text(process.stdin)).replace(/\r?\n$/, "");
}
