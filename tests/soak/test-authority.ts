import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import tls from "node:tls";

/** The names of the proxy, and those of AWS that a hook leads to it. */
const names = "subjectAltName=IP:127.0.0.1,DNS:s3.us-east-1.amazonaws.com,DNS:*.s3.us-east-1.amazonaws.com";

/** An authority of one certificate, which a proxy shows and processes trust. */
export interface TestAuthority {
    readonly key: Buffer;
    readonly cert: Buffer;
    /** For `NODE_EXTRA_CA_CERTS`. */
    readonly file: string;
}

const { connect } = tls;
let made: TestAuthority | undefined;

/** The authority of this process, made once. `undefined` where this machine has no OpenSSL: Node makes no certificates. */
export function testAuthority(): TestAuthority | undefined {
    if (made !== undefined) return made;
    const folder = mkdtempSync(path.join(tmpdir(), "test-authority-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const [key, file] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
    const kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"];
    const rest = ["-subj", "/CN=soak", "-addext", names, "-keyout", key, "-out", file];
    if (spawnSync("openssl", [...kind, ...rest]).status !== 0) return undefined;
    made = { key: readFileSync(key), cert: readFileSync(file), file };
    return made;
}

/** Node reads `NODE_EXTRA_CA_CERTS` when a process begins, so connections of this one get the authority as an option. */
export function trustHere({ cert }: TestAuthority): void {
    const trusting = (options: tls.ConnectionOptions, ...rest: []): tls.TLSSocket =>
        connect({ ca: cert, ...options }, ...rest);
    Object.assign(tls, { connect: trusting });
}
