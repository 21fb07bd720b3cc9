import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { unreadable } from "../errors";

/** The files of an installed plugin. `PulumiPlugin.yaml` is left out: with it, engines would install npm packages for it. */
const launchers = ["pulumi-resource-bucket-encryption", "pulumi-resource-bucket-encryption.cmd"];
const files = [...launchers, "start.js", "provider.js", "s3-library.js", "schema.json"];

/** The systems for which engines ask a plugin server for an archive, as Go names them. The archives have the same content. */
export const platforms = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"] as const;

/** The name under which engines ask a plugin server for an archive (sdk/go/common/workspace/plugins.go of pulumi/pulumi). */
export function archiveName(version: string, platform: (typeof platforms)[number]): string {
    return `pulumi-resource-bucket-encryption-v${version}-${platform}.tar.gz`;
}

export interface PluginArchive {
    readonly bytes: Buffer;
    /** In hexadecimal digits. */
    readonly sha256: string;
}

/**
 * The plugin's files as a tar archive, compressed. One version has the same bytes on every machine, so that their digest can be published.
 * @param folder `plugin/` of this package, after a build
 * @throws UserError of kind `plugin-not-installed` when a file is missing
 */
export function pluginArchive(folder: string): PluginArchive {
    const entries = files.map((name) => {
        const file = path.join(folder, name);
        return tarEntry(name, content(file), launchers.includes(name));
    });
    const bytes = gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * blockBytes)]), { level: 9 });
    // The header of gzip names the system that made it.
    bytes[9] = 0xff;
    return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function content(file: string): Buffer {
    try {
        return readFileSync(file);
    } catch (cause) {
        throw unreadable("plugin-not-installed", file, cause, "The package lacks a file of the plugin");
    }
}

const blockBytes = 512;

/** An entry as POSIX ustar has it (IEEE Std 1003.1, pax, "ustar Interchange Format"), of no owner and without a time. */
function tarEntry(name: string, bytes: Buffer, isExecutable: boolean): Buffer {
    const header = Buffer.alloc(blockBytes);
    const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
    const put = (text: string, at: number) => header.write(text, at, "ascii");
    put(name, 0);
    put(octal(isExecutable ? 0o755 : 0o644, 8), 100);
    for (const at of [108, 116]) put(octal(0, 8), at);
    put(octal(bytes.length, 12), 124);
    put(octal(0, 12), 136);
    // The checksum counts its own field as spaces.
    put("        ", 148);
    put("0", 156);
    put("ustar\0" + "00", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(`${octal(sum, 7)}\0 `, 148);
    const padding = Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes);
    return Buffer.concat([header, bytes, padding]);
}
