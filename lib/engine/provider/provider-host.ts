/** Serves the provider protocol. */
export interface ProviderHost {
    /** Where it listens, as gRPC names it. */
    readonly address: string;
    /** Its name in messages. */
    readonly title: string;
    /** Undefined while it runs; otherwise how it ended and the last lines that it printed. */
    readonly exitText: string | undefined;
    /** Resolves when the host has ended and its output was read, at the latest after `limitMs` milliseconds. */
    exited(limitMs: number): Promise<void>;
    end(): Promise<void>;
}
