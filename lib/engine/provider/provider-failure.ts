import { counted } from "../../text";
import type { PropertyMap } from "../values/property-value";

/** A provider call failed. The message is the provider's own. */
export class ProviderFailure extends Error {
    override readonly name = "ProviderFailure";
}

/** The resource exists but is not ready. It goes into the state together with the reasons. */
export class InitializationFailure extends ProviderFailure {
    constructor(
        readonly id: string,
        readonly outputs: PropertyMap,
        readonly reasons: readonly string[],
        /** The inputs that a reading found; undefined elsewhere. */
        readonly inputs?: PropertyMap | undefined,
        readonly refreshBeforeUpdate = false,
    ) {
        super(
            reasons.length === 0
                ? "resource init failed"
                : `${counted(reasons.length, "error")} occurred:\n${reasons.map((reason) => `    * ${reason}`).join("\n")}`,
        );
    }
}
