import { notYetKnown } from "../rule";

/** Any properties: of a resource, or of an object in one. */
export type Properties = { [name: string]: unknown };

/** How engines write values that are known only in the deployment, by type. */
const sentinels: ReadonlySet<unknown> = new Set([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * Reads properties of which some are not known yet. `@pulumi/policy` passes objects that throw when such a property is read,
 * which would end a policy at the first one. Here it is a value, `notYetKnown`.
 */
export class PropertyReader {
    #refusal: unknown;

    /** What the SDK threw for the first unknown property, if there was one. */
    get refusal(): unknown {
        return this.#refusal;
    }

    /** @returns `undefined` where there is no such property, or no object */
    read(holder: unknown, ...path: readonly (string | number)[]): unknown {
        let value: unknown = holder;
        for (const name of path) {
            if (value === notYetKnown) return notYetKnown;
            if (value === null || typeof value !== "object") return undefined;
            value = this.#property(value, name);
        }
        return value === null || value === "" ? undefined : value;
    }

    /** @returns `undefined` for a value that is not text */
    text(holder: unknown, ...path: readonly (string | number)[]): string | typeof notYetKnown | undefined {
        const value = this.read(holder, ...path);
        return typeof value === "string" || value === notYetKnown ? value : undefined;
    }

    #property(holder: object, name: string | number): unknown {
        try {
            const value = (holder as Properties)[name];
            return sentinels.has(value) ? notYetKnown : value;
        } catch (error) {
            // The SDK does not export the class of this error.
            if (!(error instanceof Error && "unknownTypeSentinel" in error)) throw error;
            this.#refusal ??= error;
            return notYetKnown;
        }
    }
}
