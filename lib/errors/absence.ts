import type { ErrorKind } from "./error-catalogue";
import { ServiceError } from "./service-error";

type Absence = Extract<ErrorKind, "rule-not-found" | "bucket-not-found">;

/** The one place that distinguishes absences: those named become `undefined`, all other errors pass through. */
export async function unlessAbsent<T>(request: Promise<T>, ...absences: readonly Absence[]): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ServiceError && absences.some((kind) => kind === error.kind)) return undefined;
        throw error;
    }
}
