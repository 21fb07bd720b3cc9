import type { ErrorDescription } from "./error-description";

/** What can go wrong in `pulumi-embedded`. */
export const engineErrors = {
    "not-supported-by-embedded-engine": {
        meaning: "The stack, its program or the command line uses a feature that `pulumi-embedded` does not have.",
        cure: "Use the pulumi CLI for this; it can continue with the same state folder.",
    },
    "invalid-command": {
        meaning: "The command line is not valid.",
        cure: "See the command's `--help`.",
    },
    "output-not-written": {
        meaning: "The output file of a command cannot be written.",
        cure: "Free space on the disk, or name a file in a folder that you may write to.",
    },
    "project-not-found": {
        meaning: "Neither the folder nor one above it holds a `Pulumi.yaml`.",
        cure: "Run the command in a Pulumi project or name its folder with --cwd.",
    },
    "invalid-project": {
        meaning: "`Pulumi.yaml` or `Pulumi.<stack>.yaml` cannot be read or is not valid.",
        cure: "Correct the named file.",
    },
    "invalid-backend": {
        meaning: "The location for states cannot be used.",
        cure: "Set PULUMI_BACKEND_URL to file:// and the absolute path of an existing folder, or to file://~.",
    },
    "not-set-up": {
        meaning: "The project's first operation lacks more than one of: a place for states, a passphrase, a stack.",
        cure: "Set the variables, run `pulumi-embedded stack init NAME --yes`, which also creates the state folder, and then `pulumi-embedded up --yes`. On a terminal, `pulumi-embedded up` asks for everything.",
    },
    "stack-not-found": {
        meaning: "The backend has no stack of this name, or no stack is selected.",
        cure: "Create it with `pulumi-embedded stack init NAME`, or name another with --stack.",
    },
    "output-not-found": {
        meaning: "The stack has no output of this name.",
        cure: "List the outputs with `pulumi-embedded stack output`. Outputs are written by `up`.",
    },
    "stack-exists": {
        meaning: "A stack of this name already exists.",
        cure: "Choose another name, or select the existing stack with `pulumi-embedded stack select`.",
    },
    "stack-not-empty": {
        meaning: "The stack still has resources.",
        cure: "Run `pulumi-embedded destroy` first, or remove the stack and forget its resources with --force.",
    },
    "stack-locked": {
        meaning: "Another operation uses the stack, or a killed operation left its lock.",
        cure: "Wait until it ends. If its process is gone, run `pulumi-embedded cancel` or remove the named file.",
    },
    "invalid-checkpoint": {
        meaning: "The stack's state file cannot be read, or contradicts itself.",
        cure: "Restore a copy from the folder `.pulumi/backups`, or repair the state with `pulumi stack export`, `pulumi state` and `pulumi stack import`.",
    },
    "invalid-import": {
        meaning: "The state to import cannot be read, contradicts itself, or belongs to another stack.",
        cure: "Import a file that `stack export` wrote for this stack; the stack's state is unchanged.",
    },
    "invalid-import-file": {
        meaning: "The resources that `pulumi-embedded import` names are incomplete, ambiguous or unknown.",
        cure: "Correct the command or the import file; the stack's state is unchanged.",
    },
    "journal-damaged": {
        meaning:
            "The journal of a killed operation cannot be read, for instance after a power cut. The state file beside it is whole and lacks the steps of that operation.",
        cure: "Move the named file away, then run `pulumi-embedded refresh` and compare the stack with the real resources: what that operation created may be missing in the state.",
    },
    "journal-conflict": {
        meaning:
            "An operation was killed, and another engine changed the state before the finished steps of the killed operation were added to it.",
        cure: "Compare the resources that the named file lists with the stack, then remove the file.",
    },
    "state-not-written": {
        meaning:
            "The state folder or a stack's settings cannot be written, for instance because the disk is full. The state file is intact. Finished steps are in it or in a journal beside it, and interrupted steps are pending.",
        cure: "Free space on the disk, or make the folder writable. Then run the same command again; it continues where this one ended.",
    },
    "passphrase-missing": {
        meaning: "The stack's secrets need a passphrase.",
        cure: "Set PULUMI_CONFIG_PASSPHRASE, or set PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it.",
    },
    "passphrase-wrong": {
        meaning: "The passphrase is not the one that encrypted the stack's secrets.",
        cure: "Correct PULUMI_CONFIG_PASSPHRASE or the file that PULUMI_CONFIG_PASSPHRASE_FILE names.",
    },
    "secret-unreadable": {
        meaning: "A stored secret cannot be decrypted.",
        cure: "Set the value again, or use the state and settings files that belong together.",
    },
    "config-not-found": {
        meaning: "The stack's configuration has no such key.",
        cure: "Set it with `pulumi-embedded config set KEY VALUE`.",
    },
    "confirmation-required": {
        meaning: "The command changes resources, and there is no terminal to confirm at.",
        cure: "Pass --yes, or run a command that changes nothing, such as a preview or a plan.",
    },
    "program-failed": {
        meaning: "The stack's program cannot be started, or it ended with an error.",
        cure: "Read its output, and correct the program.",
    },
    "provider-failed": {
        meaning:
            "The process of a provider (a plugin, or the host of dynamic providers) cannot be started, died, or sent an invalid answer.",
        cure: "Read its output, and correct the code that it runs.",
    },
    "plugin-not-found": {
        meaning: "A provider plugin that the program or the state needs is not on this machine.",
        cure: "Install it with `pulumi plugin install resource NAME VERSION`, or name its folder in Pulumi.yaml under `plugins.providers` with `name` and `path`.",
    },
    "invalid-declaration": {
        meaning: "The program declares a resource in a way that no engine accepts.",
        cure: "Correct the declaration in the program.",
    },
    "invalid-policy-pack": {
        meaning: "A policy pack or its configuration cannot be used.",
        cure: "Name a folder with `PulumiPolicy.yaml` and installed dependencies, and a configuration that fits its policies.",
    },
    "policy-failed": {
        meaning: "The process of a policy pack died, or a policy threw an error.",
        cure: "Read its output, and correct the policy.",
    },
    "resource-not-found": {
        meaning: "The stack's state has no resource of this name.",
        cure: "Copy the URN from `pulumi-embedded stack export`; in a shell, put it in single quotes.",
    },
    "resource-protected": {
        meaning: "The operation would delete or replace a protected resource.",
        cure: "Remove the option `protect` and run `up` first, or run `pulumi state unprotect`.",
    },
} as const satisfies Record<string, ErrorDescription>;
