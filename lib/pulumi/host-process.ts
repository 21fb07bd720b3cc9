import { newProviderProcess, type ProviderProcess } from "../provider";
import { hostCancellation } from "./host-cancellation";

let present: { readonly process: ProviderProcess; readonly kinds: Set<string> } | undefined;

/**
 * The process that a new provider belongs to. A dynamic provider host makes one provider of each kind, and these share a
 * process; a second provider of the same kind belongs to another host.
 */
export function processFor(kind: "each" | "set"): ProviderProcess {
    if (present === undefined || present.kinds.has(kind)) {
        present = { process: newProviderProcess(hostCancellation()), kinds: new Set() };
    }
    present.kinds.add(kind);
    return present.process;
}
