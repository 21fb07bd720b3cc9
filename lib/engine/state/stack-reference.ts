import { UserError } from "../../errors";

/** Names one stack; the CLI's file backends have the one organization `organization`. */
export interface StackReference {
    readonly project: string;
    readonly name: string;
}

export const organization = "organization";

const mostCharacters = 100;

/** The name that states and events give a stack. */
export const qualifiedName = ({ project, name }: StackReference): string => `${organization}/${project}/${name}`;

/**
 * The fault of a name of a stack or project, if any. The rule is the CLI's (sdk/go/common/tokens, ParseStackName and ValidateProjectName).
 * Names that mean a folder or look like an option are refused too, since names become paths.
 */
export function nameFault(name: string): string | undefined {
    if (name === "") return "a name may not be empty";
    if (name.length > mostCharacters) return `a name has at most ${mostCharacters} characters`;
    const position = name.search(/[^A-Za-z0-9_.-]/);
    if (position >= 0)
        return `a name has only letters, digits, "_", "." and "-", found ${JSON.stringify(name[position])} at position ${position + 1}`;
    if (name === "." || name === "..") return `"${name}" means a folder`;
    if (name.startsWith("-")) return 'a name may not begin with "-"';
    return undefined;
}

/** The fault of a stack's name, written as `dev`, `organization/dev` or `organization/project/dev`, if any. */
export function stackNameFault(text: string): string | undefined {
    const parts = text.split("/");
    if (parts.length > 3) return "a stack's name has at most three parts";
    return parts.map(nameFault).find((fault) => fault !== undefined);
}

const nameCure = `Pass a name such as dev, ${organization}/dev or ${organization}/PROJECT/dev.`;

/** Reads `dev`, `organization/dev` or `organization/<project>/dev`. @throws UserError `invalid-command` */
export function parseStackName(text: string, project: string): StackReference {
    const fault = stackNameFault(text);
    if (fault !== undefined)
        throw new UserError(
            "invalid-command",
            `${JSON.stringify(text)} is not a stack name: ${fault}`,
            {},
            { cure: nameCure },
        );
    const parts = text.split("/");
    if (parts.length > 1 && parts[0] !== organization) {
        throw new UserError(
            "invalid-command",
            `The organization of a stack in a file backend is "${organization}", found "${parts[0]}"`,
            {},
            { cure: nameCure },
        );
    }
    if (parts.length === 3 && parts[1] !== project) {
        throw new UserError(
            "invalid-command",
            `The stack "${text}" belongs to another project than the current one, "${project}"`,
            {},
            { cure: "Run the command in that project, or name the stack alone." },
        );
    }
    return { project, name: parts.at(-1) as string };
}
