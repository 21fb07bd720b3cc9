import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../errors";
import { refuseSettings, secretSettingNames, settingIssues, settingNamespace } from "../provider";
import { programError } from "./program-error";

const checked = new WeakSet<object>();

/**
 * Refuses unusable settings, and credentials that the configuration holds in plain text, before anything is declared or
 * listed. The provider does the same for operations that run no program.
 * @throws RunError, which engines show without a stack
 */
export function refuseUnusableSettings(): void {
    const { getStackResource } = pulumi.runtime as { getStackResource?: () => object | undefined };
    const run = getStackResource?.();
    if (run !== undefined && checked.has(run)) return;
    try {
        refuseOpenSecrets();
        refuseSettings(settingIssues(pulumi.runtime.allConfig(), pulumi.getProject()));
    } catch (error) {
        throw error instanceof UserError ? programError(error) : error;
    }
    // A program may declare very many resources, and its configuration does not change.
    if (run !== undefined) checked.add(run);
}

/** A credential in plain text would be in `Pulumi.<stack>.yaml` and in every state of the stack. */
function refuseOpenSecrets(): void {
    // Not in the SDK's types, though in every version of it; without it only this refusal is lost.
    const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
    for (const name of secretSettingNames()) {
        const key = `${settingNamespace}:${name}`;
        if (pulumi.runtime.getConfig(key) === undefined || isConfigSecret?.(key) !== false) continue;
        throw new UserError("open-secret", `The stack's configuration contains ${key} in plain text`);
    }
}
