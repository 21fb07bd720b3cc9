import { UserError } from "../../errors";
import type { OperationOptions } from "./operation";
import type { StackSession } from "./stack-session";

/** Refuses names that are not in the state, for commands without a program. @throws UserError `resource-not-found` */
export function refuseUnknownNames(session: StackSession, { scope = {} }: OperationOptions): void {
    const named = [...(scope.target ?? []), ...(scope.exclude ?? [])].filter((urn) => !urn.includes("*"));
    if (named.length === 0) return;
    const known = new Set(session.readState().deployment?.resources?.map(({ urn }) => urn));
    const unknown = named.find((urn) => !known.has(urn));
    if (unknown !== undefined) throw new UserError("resource-not-found", `no resource named '${unknown}' found`);
}
