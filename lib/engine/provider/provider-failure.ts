import type { PropertyMap } from "../values/property-value";

/** What a provider answered when it couldn't do what it was asked. The message is the provider's own. */
export class ProviderFailure extends Error {
    override readonly name = "ProviderFailure";
}

/** The resource is there, but not in order: it goes into the state with what is wrong. */
export class InitializationFailure extends ProviderFailure {
    constructor(
        readonly id: string,
        readonly outputs: PropertyMap,
        readonly reasons: readonly string[],
    ) {
        super(
            reasons.length === 0
                ? "resource init failed"
                : `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${reasons.map((reason) => `    * ${reason}`).join("\n")}`,
        );
    }
}
