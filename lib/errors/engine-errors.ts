import type { ErrorDescription } from "./error-description";

/** What can go wrong in `pulumi-embedded`. */
export const engineErrors = {
    "not-supported-by-embedded-engine": {
        meaning: "The stack, its program or the command line uses something that `pulumi-embedded` doesn't do.",
        cure: "Use the pulumi CLI for this; it can go on with the same state folder.",
    },
    "invalid-command": {
        meaning: "The command line can't be carried out as it was given.",
        cure: "See `pulumi-embedded --help`.",
    },
    "output-not-written": {
        meaning: "The file that a command was told to write can't be written.",
        cure: "Make room on the disk, or name a file in a folder that may be written.",
    },
    "project-not-found": {
        meaning: "Neither the folder nor one above it holds a `Pulumi.yaml`.",
        cure: "Run the command in a Pulumi project or name its folder with --cwd.",
    },
    "invalid-project": {
        meaning: "`Pulumi.yaml` or `Pulumi.<stack>.yaml` can't be read or holds something that isn't allowed there.",
        cure: "Correct the named file.",
    },
    "invalid-backend": {
        meaning: "The place for states isn't one that can be used.",
        cure: "Set PULUMI_BACKEND_URL to file:// and the absolute path of an existing folder, or to file://~.",
    },
    "stack-not-found": {
        meaning: "The backend holds no stack of this name, or no stack is selected.",
        cure: "Create it with `pulumi-embedded stack init NAME`, or name another with --stack.",
    },
    "stack-exists": {
        meaning: "A stack of this name is there already.",
        cure: "Choose another name, or use the stack that is there with `pulumi-embedded stack select`.",
    },
    "stack-not-empty": {
        meaning: "The stack still has resources.",
        cure: "Run `pulumi-embedded destroy` first, or remove the stack and forget its resources with --force.",
    },
    "stack-locked": {
        meaning: "Another operation works on the stack, or one that was killed left its lock.",
        cure: "Wait until it has ended; if its process is gone, `pulumi-embedded cancel` or removing the named file frees the stack.",
    },
    "invalid-checkpoint": {
        meaning: "The stack's state file can't be read, or contradicts itself.",
        cure: "Put back a copy from the folder `.pulumi/backups`, or repair it with `pulumi stack export`, `pulumi state` and `pulumi stack import`.",
    },
    "journal-conflict": {
        meaning:
            "An operation was killed, and another engine changed the state before the killed one's finished steps were added.",
        cure: "Check the resources that the named file lists against the stack, then remove the file.",
    },
    "state-not-written": {
        meaning:
            "The state folder or a stack's settings can't be written, for instance because the disk is full. The state file is whole; steps that had been finished are in it or in a journal beside it, and what was under way is pending.",
        cure: "Make room on the disk, or see to it that the folder may be written, and give the same command again, which goes on where this one ended.",
    },
    "passphrase-missing": {
        meaning: "The stack's secrets need a passphrase.",
        cure: "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it.",
    },
    "passphrase-wrong": {
        meaning: "The passphrase isn't the one that the stack's secrets were encrypted with.",
        cure: "Correct PULUMI_CONFIG_PASSPHRASE or the file that PULUMI_CONFIG_PASSPHRASE_FILE names.",
    },
    "secret-unreadable": {
        meaning: "A stored secret can't be decrypted.",
        cure: "Set the value again, or use the state and settings files that belong together.",
    },
    "config-not-found": {
        meaning: "The stack's configuration has no such key.",
        cure: "Set it with `pulumi-embedded config set KEY VALUE`.",
    },
    "confirmation-required": {
        meaning: "The command changes resources, and nobody can be asked whether it may.",
        cure: "Pass --yes, or give a command that changes nothing: `up --preview-only`, or `rollout plan`.",
    },
    "program-failed": {
        meaning: "The stack's program couldn't be started or ended with an error.",
        cure: "Read what it printed, and correct the program.",
    },
    "provider-failed": {
        meaning: "The process that hosts dynamic providers couldn't be started, died or answered with nonsense.",
        cure: "Read what it printed, and correct the code that it runs.",
    },
    "invalid-declaration": {
        meaning: "The program declares a resource in a way that no engine accepts.",
        cure: "Correct the declaration in the program.",
    },
    "invalid-policy-pack": {
        meaning: "A policy pack or its configuration can't be used.",
        cure: "Name a folder with `PulumiPolicy.yaml` and its dependencies installed, and configuration that suits its policies.",
    },
    "policy-failed": {
        meaning: "A policy pack's process died, or a policy threw an error.",
        cure: "Read what it printed, and correct the policy.",
    },
    "resource-not-found": {
        meaning: "The stack's state has no resource of this name.",
        cure: "Copy the URN from `pulumi-embedded stack export`; in a shell, put it into single quotes.",
    },
    "resource-protected": {
        meaning: "A protected resource would be deleted or replaced.",
        cure: "Take the option `protect` away and run `up` first, or use `pulumi state unprotect`.",
    },
} as const satisfies Record<string, ErrorDescription>;
