import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { replaceEnvironment } from "../process-environment";

/**
 * Replaces everything that the credential chain reads: the ALIBABA_CLOUD_* variables and the home folder, which starts
 * empty. The metadata service is switched off unless a test says otherwise.
 */
export class AccountEnvironment {
    readonly home = mkdtempSync(join(tmpdir(), "accounts-"));
    readonly #before = { ...process.env };

    constructor() {
        for (const name of Object.keys(process.env)) {
            if (name.startsWith("ALIBABA_CLOUD_")) delete process.env[name];
        }
        this.set({ HOME: this.home, USERPROFILE: this.home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" });
    }

    set(variables: Readonly<Record<string, string>>): void {
        Object.assign(process.env, variables);
    }

    /** Writes a file below the home folder, and gives its path. */
    write(path: string, content: string): string {
        const file = join(this.home, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
        return file;
    }

    writeProfiles(...profiles: readonly Record<string, unknown>[]): void {
        this.write(".aliyun/config.json", JSON.stringify({ current: profiles[0]?.name, profiles }));
    }

    restore(): void {
        replaceEnvironment(this.#before);
        rmSync(this.home, { recursive: true, force: true });
    }
}
