import { text } from "node:stream/consumers";
import { type ConfigType, EmbeddedEngine } from "../engine";
import { UserError } from "../errors";
import { textTable } from "../text";
import { type CommandIo, pulumiTableWidth } from "./command-io";

export interface ConfigFlags {
    readonly stack?: string;
    readonly secret?: boolean;
    readonly plaintext?: boolean;
    readonly path?: boolean;
    readonly json?: boolean;
    readonly showSecrets?: boolean;
    readonly type?: ConfigType;
    readonly raw?: boolean;
}

export interface ConfigListFlags {
    readonly stack?: string;
    readonly path?: boolean;
    /** `key=value` each. */
    readonly plaintext?: readonly string[];
    readonly secret?: readonly string[];
}

const engineFor = (flags: { readonly stack?: string }, { cwd, env, inProcess }: CommandIo): EmbeddedEngine =>
    new EmbeddedEngine({ folder: cwd, environment: env, stack: flags.stack, inProcess });

export async function setConfig(
    key: string,
    value: string | undefined,
    flags: ConfigFlags,
    io: CommandIo,
): Promise<void> {
    const given = value ?? (await piped(io, flags.raw === true));
    await engineFor(flags, io).setConfig(key, given, flags.secret === true, flags.path === true, flags.type);
}

/** Sets values given as `key=value`: all of them, or none. */
export async function setAllConfig(flags: ConfigListFlags, io: CommandIo): Promise<void> {
    const settings = [
        ...(flags.plaintext ?? []).map((pair) => ({ ...keyAndValue(pair), secret: false })),
        ...(flags.secret ?? []).map((pair) => ({ ...keyAndValue(pair), secret: true })),
    ];
    if (settings.length > 0) await engineFor(flags, io).setAllConfig(settings, flags.path === true);
}

function keyAndValue(pair: string): { readonly key: string; readonly value: string } {
    const end = pair.indexOf("=");
    if (end >= 0) return { key: pair.slice(0, end), value: pair.slice(end + 1) };
    throw new UserError("invalid-command", `${JSON.stringify(pair)} is not of the form KEY=VALUE`);
}

export async function getConfig(key: string, flags: ConfigFlags, io: CommandIo): Promise<void> {
    const { text: value, secret } = await engineFor(flags, io).configValue(key, flags.path === true);
    io.stdout.write(flags.json ? `${JSON.stringify({ value, secret }, null, 2)}\n` : `${value}\n`);
}

export function removeConfig(key: string, flags: ConfigFlags, io: CommandIo): void {
    engineFor(flags, io).removeConfig(key, flags.path === true);
}

export function removeAllConfig(keys: readonly string[], flags: ConfigFlags, io: CommandIo): void {
    const engine = engineFor(flags, io);
    for (const key of keys) engine.removeConfig(key, flags.path === true);
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
    const rows = config.map(([key, { text: value, secret }]) => ({
        cells: [key, secret && !flags.showSecrets ? "[secret]" : value],
    }));
    io.stdout.write(textTable(["KEY", "VALUE"], rows, { columns: pulumiTableWidth(io) }));
}

/** The value from standard input, without the line end that a shell adds unless it is to be kept. */
async function piped({ stdin }: CommandIo, isRaw: boolean): Promise<string> {
    if (stdin.isTTY)
        throw new UserError(
            "invalid-command",
            "The value is missing",
            {},
            { cure: "Pass the value after the key, or pipe it to standard input." },
        );
    const value = await text(stdin);
    return isRaw ? value : value.replace(/\r?\n$/, "");
}
