import type { ProviderClient } from "./provider-client";

/** A provider as the engine uses it, whether it is behind the protocol or in this process. */
export type Provider = Pick<
    ProviderClient,
    | "isConfigured"
    | "checkConfig"
    | "diffConfig"
    | "configure"
    | "check"
    | "diff"
    | "create"
    | "update"
    | "read"
    | "schema"
    | "delete"
    | "invoke"
    | "signalCancellation"
    | "close"
>;
