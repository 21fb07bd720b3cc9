import { type Command, Option } from "commander";
import type { Invocation } from "./command-line";
import { engineCommand } from "./engine-command";
import { collected } from "./option-values";

// Loaded when a command is called.
const actions = (): typeof import("./config-actions") => require("./config-actions");

/** `config` and its commands. */
export function configCommand({ lazyAction }: Invocation): Command {
    const config = engineCommand("config", "manage a stack's configuration", "config set region cn-hangzhou")
        .enablePositionalOptions()
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secrets in plain text")
        .action(lazyAction(() => actions().listConfig));
    const add = (name: string, description: string, sample: string): Command => {
        const command = engineCommand(name, description, `config ${sample}`);
        config.addCommand(command);
        return command;
    };
    add("set", "set a value; without one it is read from standard input", "set --secret password hunter2")
        .argument("<key>")
        .argument("[value]")
        .option("--path", "the key leads into a structured value: `names[0]`, `parent.child`")
        .option("--secret", "encrypt the value")
        .option("--plaintext", "do not encrypt the value")
        .addOption(
            new Option("--type <type>", "the type of the value in the settings file; text by default")
                .choices(["string", "bool", "int", "float"])
                .conflicts(["secret", "plaintext"]),
        )
        .option("--raw", "keep the line ends of standard input")
        .action(lazyAction(() => actions().setConfig));
    add("get", "print a value, decrypted", "get region")
        .argument("<key>")
        .option("--path", "the key leads into a structured value")
        .option("-j, --json", "print as JSON")
        .action(lazyAction(() => actions().getConfig));
    add("set-all", "set several values at once", "set-all --plaintext region=cn-hangzhou --secret password=hunter2")
        .option("--path", "the keys lead into structured values")
        .option("--plaintext <key=value>", "a value that is not encrypted", collected)
        .option("--secret <key=value>", "a value that is encrypted", collected)
        .action(lazyAction(() => actions().setAllConfig));
    add("rm", "remove a value", "rm region")
        .aliases(["remove", "delete"])
        .argument("<key>")
        .option("--path", "the key leads into a structured value")
        .action(lazyAction(() => actions().removeConfig));
    add("rm-all", "remove several values", "rm-all region password")
        .aliases(["remove-all", "delete-all"])
        .argument("<keys...>")
        .option("--path", "the keys lead into structured values")
        .action(lazyAction(() => actions().removeAllConfig));
    return config;
}
