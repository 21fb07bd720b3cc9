/** A fault of what the local cloud was given. */
export interface ConfigurationFault {
    /** The place, as a JavaScript path: `accounts[0].buckets[2].name`. */
    readonly path: string;
    /** What is wrong and what is allowed. Never holds a secret. */
    readonly message: string;
}

/** The local cloud cannot be started, or changed, as asked. Lists every fault. */
export class LocalCloudConfigurationError extends Error {
    override readonly name = "LocalCloudConfigurationError";

    /** @param subject what is at fault, as the start of a sentence: `The accounts file a.json` */
    constructor(
        subject: string,
        readonly faults: readonly ConfigurationFault[],
    ) {
        const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
        const lines = faults.map(({ path, message }) => `  ${path === "" ? "" : `${path}: `}${message}`);
        super([`${subject} has ${count}:`, ...lines].join("\n"));
    }
}
