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

const engineFor = ({ cwd, env, inProcess }: CommandIo, flags: { readonly stack?: string }): EmbeddedEngine =>
    new EmbeddedEngine({ folder: cwd, environment: env, stack: flags.stack, inProcess });

export async function setConfig(
    io: CommandIo,
    key: string,
    value: string | undefined,
    flags: ConfigFlags,
): Promise<void> {
    const content = value ?? (await piped(io, flags.raw === true));
    await engineFor(io, flags).setConfig(key, content, flags.secret === true, flags.path === true, flags.type);
}

/** Sets values given as `key=value`: all of them, or none. */
export async function setAllConfig(io: CommandIo, flags: ConfigListFlags): Promise<void> {
    const settings = [
        ...(flags.plaintext ?? []).map((pair) => ({ ...keyAndValue(pair), secret: false })),
        ...(flags.secret ?? []).map((pair) => ({ ...keyAndValue(pair), secret: true })),
    ];
    if (settings.length > 0) await engineFor(io, flags).setAllConfig(settings, flags.path === true);
}

function keyAndValue(pair: string): { readonly key: string; readonly value: string } {
    const end = pair.indexOf("=");
    if (end >= 0) return { key: pair.slice(0, end), value: pair.slice(end + 1) };
    throw new UserError("invalid-command", `${JSON.stringify(pair)} is not of the form KEY=VALUE`);
}

export async function getConfig(io: CommandIo, key: string, flags: ConfigFlags): Promise<void> {
    const { text: value, secret } = await engineFor(io, flags).configValue(key, flags.path === true);
    io.stdout.write(flags.json ? `${JSON.stringify({ value, secret }, null, 2)}\n` : `${value}\n`);
}

export function removeConfig(io: CommandIo, key: string, flags: ConfigFlags): void {
    engineFor(io, flags).removeConfig(key, flags.path === true);
}

export function removeAllConfig(io: CommandIo, keys: readonly string[], flags: ConfigFlags): void {
    const engine = engineFor(io, flags);
    for (const key of keys) engine.removeConfig(key, flags.path === true);
}

/** Everything that is set; secrets are masked unless they are to be shown. */
export async function listConfig(io: CommandIo, flags: ConfigFlags): Promise<void> {
    const config = [...(await engineFor(io, flags).config())];
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
