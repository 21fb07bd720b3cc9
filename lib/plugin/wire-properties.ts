import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { notYetKnown, type Properties } from "../declaration";

/** Marks of the wire format: sdk/go/common/resource/sig and sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** How a value that only the deployment will know is sent. Engines read the first; the others stand for values of other types. */
const unknownSentinels = [
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
] as const;
const unknownValues: ReadonlySet<unknown> = new Set(unknownSentinels);

/** What was a secret among received properties: values by their places, and texts wherever they stand. */
export class Secrets {
    readonly #places = new Set<string>();
    readonly #texts = new Set<string>();

    note(path: readonly PathStep[], value: unknown): void {
        this.#places.add(placeOf(path));
        if (typeof value === "string" && value !== "") this.#texts.add(value);
    }

    holds(path: readonly PathStep[], value: unknown): boolean {
        return this.#places.has(placeOf(path)) || (typeof value === "string" && this.#texts.has(value));
    }

    /** Whether a property, or a part of it, was one. */
    isUnder(name: string): boolean {
        const [place, below] = [placeOf([name]), `${placeOf([name]).slice(0, -1)},`];
        return [...this.#places].some((noted) => noted === place || noted.startsWith(below));
    }
}

type PathStep = string | number;

const placeOf = (path: readonly PathStep[]): string => JSON.stringify(path);

/**
 * Reads properties as an engine sends them. A value that is not known yet becomes `notYetKnown`.
 * @param secrets takes what is marked as a secret; the properties hold the plain values
 */
export function readProperties(struct: Struct | undefined, secrets: Secrets): Properties {
    if (struct === undefined) return {};
    return read(struct.toJavaScript(), []) as Properties;

    function read(value: unknown, path: readonly PathStep[]): unknown {
        if (unknownValues.has(value)) return notYetKnown;
        if (typeof value !== "object" || value === null) return value;
        if (Array.isArray(value)) return value.map((item, index) => read(item, [...path, index]));
        const members = value as Readonly<Record<string, unknown>>;
        if (members[signatureKey] === secretSignature) {
            const plain = read(members.value, path);
            secrets.note(path, plain);
            return plain;
        }
        return Object.fromEntries(
            Object.entries(members).map(([name, member]) => [name, read(member, [...path, name])]),
        );
    }
}

/** Writes properties for an engine. What `secrets` holds is marked again, by its place or by its text. */
export function writeProperties(properties: Properties, secrets: Secrets = new Secrets()): Struct {
    return Struct.fromJavaScript(write(properties, []) as Parameters<typeof Struct.fromJavaScript>[0]);

    function write(value: unknown, path: readonly PathStep[]): unknown {
        const plain = writePlain(value, path);
        return path.length > 0 && secrets.holds(path, value)
            ? { [signatureKey]: secretSignature, value: plain }
            : plain;
    }

    function writePlain(value: unknown, path: readonly PathStep[]): unknown {
        if (value === notYetKnown) return unknownSentinels[0];
        if (typeof value !== "object" || value === null) return value;
        if (Array.isArray(value)) return value.map((item, index) => write(item, [...path, index]));
        const members = Object.entries(value).filter(([, member]) => member !== undefined);
        return Object.fromEntries(members.map(([name, member]) => [name, write(member, [...path, name])]));
    }
}

/** A set's packed records hold its rules' keys, so they are a secret where a key is one. */
export function writeState(state: Properties, secrets: Secrets) {
    if (state.held !== undefined && (secrets.isUnder("kmsMasterKeyId") || secrets.isUnder("overrides"))) {
        secrets.note(["held"], state.held);
    }
    return writeProperties(state, secrets);
}
