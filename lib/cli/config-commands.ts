import { text } from "node:stream/consumers";
import { EmbeddedEngine } from "../engine";
import { UserError } from "../errors";

export interface ConfigFlags {
    readonly stack?: string;
    readonly secret?: boolean;
    readonly plaintext?: boolean;
    readonly path?: boolean;
    readonly json?: boolean;
    readonly showSecrets?: boolean;
}

const engineFor = (flags: ConfigFlags): EmbeddedEngine =>
    new EmbeddedEngine({ folder: process.cwd(), stack: flags.stack });

export async function setConfig(key: string, value: string | undefined, flags: ConfigFlags): Promise<void> {
    const given = value ?? (await piped());
    await engineFor(flags).setConfig(key, given, flags.secret === true, flags.path === true);
}

export async function getConfig(key: string, flags: ConfigFlags): Promise<void> {
    const { text: value, secret } = await engineFor(flags).configValue(key, flags.path === true);
    process.stdout.write(flags.json ? `${JSON.stringify({ value, secret }, null, 2)}\n` : `${value}\n`);
}

export function removeConfig(key: string, flags: ConfigFlags): void {
    engineFor(flags).removeConfig(key, flags.path === true);
}

/** Everything that is set; secrets are masked unless they are to be shown. */
export async function listConfig(flags: ConfigFlags): Promise<void> {
    const config = [...(await engineFor(flags).config())];
    if (flags.json) {
        const list = config.map(([key, { text: value, secret }]) => [
            key,
            secret && !flags.showSecrets ? { secret } : { value, secret },
        ]);
        process.stdout.write(`${JSON.stringify(Object.fromEntries(list), null, 2)}\n`);
        return;
    }
    const rows = config.map(([key, { text: value, secret }]) => [
        key,
        secret && !flags.showSecrets ? "[secret]" : value,
    ]);
    const width = Math.max("KEY".length, ...rows.map(([key = ""]) => key.length));
    for (const [key = "", value = ""] of [["KEY", "VALUE"], ...rows])
        process.stdout.write(`${key.padEnd(width)}  ${value}\n`);
}

/** The value from standard input, without the line end that a shell adds. */
async function piped(): Promise<string> {
    if (process.stdin.isTTY) throw new UserError("invalid-command", "The value is missing");
    return (await text(process.stdin)).replace(/\r?\n$/, "");
}
