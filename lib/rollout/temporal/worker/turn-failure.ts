import { type ErrorKind, UserError } from "../../../errors";
import { maskedText } from "../masked-text";

/** Why an attempt of an activity has no result. Its message stands in Temporal's histories. */
export class TurnFailure extends Error {
    override readonly name = "TurnFailure";

    constructor(
        /** Its name in Temporal's pages. */
        readonly kind: string,
        message: string,
        /** Another attempt would fail too. */
        readonly isPermanent: boolean,
        /** In milliseconds; Temporal's own back-off without it. */
        readonly retryAfter?: number,
    ) {
        super(message);
    }
}

/** Errors after which another attempt, or another worker, may succeed. */
const passing: ReadonlySet<ErrorKind> = new Set([
    "shared-place-failed",
    "throttled",
    "unreachable",
    "service-unavailable",
] as const);

/** The form of an error for Temporal: nearly all of them are permanent. */
export function turnFailure(error: unknown, environment: NodeJS.ProcessEnv): TurnFailure {
    if (error instanceof TurnFailure) return error;
    const { message } = error as Error;
    const text = maskedText(message ?? String(error), environment);
    if (error instanceof UserError) return new TurnFailure(error.kind, text, !passing.has(error.kind));
    return new TurnFailure("defect", text, true);
}
