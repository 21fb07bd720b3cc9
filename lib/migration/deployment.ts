import { checkedValue } from "../documents";
import { UserError } from "../errors";
import { type Deployment, deploymentShape } from "./state-shapes";

/** A state file that was read. */
export interface StateFile {
    /** Its content, parsed. */
    readonly document: unknown;
    /** Its name, for messages. */
    readonly file: string;
    /** Its content as text, so that a message can name the line of a fault. */
    readonly text?: string;
}

/** @throws UserError of kind `invalid-state-file` */
export function asDeployment({ document, file, text }: StateFile): Deployment {
    const { deployment } = (document ?? {}) as { deployment?: unknown };
    if (typeof deployment !== "object" || deployment === null) {
        throw new UserError("invalid-state-file", "The file is not the output of `pulumi stack export`", { file });
    }
    return checkedValue(
        document,
        deploymentShape,
        { kind: "invalid-state-file", title: "The exported state", file },
        text,
    );
}
