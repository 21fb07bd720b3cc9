import type { ErrorDescription } from "./error-description";

/** What can go wrong in `pulumi-embedded`. */
export const engineErrors = {} as const satisfies Record<string, ErrorDescription>;
