import { text } from "node:stream/consumers";
import { EmbeddedEngine } from "../engine";
import { UserError } from "../errors";
import type { CommandIo } from "./command-io";

export interface ConfigFlags {
    readonly stack?: string;
    readonly secret?: boolean;
    readonly plaintext?: boolean;
    readonly path?: boolean;
    readonly json?: boolean;
    readonly showSecrets?: boolean;
}

const engineFor = (flags: ConfigFlags, { cwd, env }: CommandIo): EmbeddedEngine =>
    new EmbeddedEngine({ folder: cwd, environment: env, stack: flags.stack });

export async function setConfig(
    key: string,
    value: string | undefined,
    flags: ConfigFlags,
    io: CommandIo,
): Promise<void> {
    const given = value ?? (await piped(io));
    await engineFor(flags, io).setConfig(key, given, flags.secret === true, flags.path === true);
}

export async function getConfig(key: string, flags: ConfigFlags, io: CommandIo): Promise<void> {
    const { text: value, secret } = await engineFor(flags, io).configValue(key, flags.path === true);
    io.stdout.write(flags.json ? `${JSON.stringify({ value, secret }, null, 2)}\n` : `${value}\n`);
}

export function removeConfig(key: string, flags: ConfigFlags, io: CommandIo): void {
    engineFor(flags, io).removeConfig(key, flags.path === true);
}

/** Everything that is set; secrets are masked unless they are to be shown. */
export async function listConfig(flags: ConfigFlags, io: CommandIo): Promise<void> {
    const config = [...(await engineFor(flags, io).config())];
    if (flags.json) {
        const list = config.map(([key, { text: value, secret }]) => [
            key,
            secret && !flags.showSecrets ? { secret } : { value, secret },
        ]);
        io.stdout.write(`${JSON.stringify(Object.fromEntries(list), null, 2)}\n`);
        return;
    }
    const rows = config.map(([key, { text: value, secret }]) => [
        key,
        secret && !flags.showSecrets ? "[secret]" : value,
    ]);
    const width = Math.max("KEY".length, ...rows.map(([key = ""]) => key.length));
    for (const [key = "", value = ""] of [["KEY", "VALUE"], ...rows])
        io.stdout.write(`${key.padEnd(width)}  ${value}\n`);
}

/** The value from standard input, without the line end that a shell adds. */
async function piped({ stdin }: CommandIo): Promise<string> {
    if (stdin.isTTY) throw new UserError("invalid-command", "The value is missing");
    return (await text(stdin)).replace(/\r?\n$/, "");
}
