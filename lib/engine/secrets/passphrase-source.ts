import { readFileSync } from "node:fs";
import { UserError } from "../../errors";

/** Whether the environment names a passphrase. */
export const hasPassphrase = (environment: NodeJS.ProcessEnv): boolean =>
    environment.PULUMI_CONFIG_PASSPHRASE !== undefined || Boolean(environment.PULUMI_CONFIG_PASSPHRASE_FILE);

/**
 * The passphrase of the environment: PULUMI_CONFIG_PASSPHRASE (may be empty), else the trimmed content of the file that
 * PULUMI_CONFIG_PASSPHRASE_FILE names.
 */
export function passphraseFromEnvironment(environment: NodeJS.ProcessEnv): string {
    const passphrase = environment.PULUMI_CONFIG_PASSPHRASE;
    if (passphrase !== undefined) return passphrase;
    const file = environment.PULUMI_CONFIG_PASSPHRASE_FILE;
    if (file === undefined || file === "") {
        throw new UserError(
            "passphrase-missing",
            "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
        );
    }
    try {
        return readFileSync(file, "utf8").trim();
    } catch (cause) {
        throw new UserError(
            "passphrase-missing",
            "The file of PULUMI_CONFIG_PASSPHRASE_FILE cannot be read",
            { file },
            { cause },
        );
    }
}
