import { newProviderProcess, type ProviderProcess } from "../provider";
import { hostCancellation, hostEnd } from "./host-cancellation";

let present: { readonly process: ProviderProcess; readonly kinds: Set<string> } | undefined;

/**
 * The process that a new provider belongs to. A dynamic provider host makes one provider of each kind, and these share a
 * process; a second provider of the same kind belongs to another host.
 */
export function processFor(kind: "each" | "set"): ProviderProcess {
    if (present === undefined || present.kinds.has(kind)) {
        const engineAddress = engineAddressOf(process.argv);
        const options = { cancelled: hostCancellation(), engineAddress, ended: hostEnd() };
        present = { process: newProviderProcess(options), kinds: new Set() };
    }
    present.kinds.add(kind);
    return present.process;
}

/** The engine's address is the host's last argument (sdk/go/common/resource/plugin/provider_plugin.go, NewProvider). */
function engineAddressOf([, , ...args]: readonly string[]): string | undefined {
    const last = args.at(-1) ?? "";
    return /^[^\s/]+:\d{1,5}$/.test(last) ? last : undefined;
}
