/** A value as the engine holds it between program, provider and checkpoint. */
export type PropertyValue =
    | null
    | boolean
    | number
    | string
    | Unknown
    | Secret
    | Asset
    | Archive
    | ResourceReference
    | readonly PropertyValue[]
    | PropertyMap;

export interface PropertyMap {
    readonly [key: string]: PropertyValue;
}

/** A value that is known after a deployment; previews have it. */
export class Unknown {
    static readonly instance = new Unknown();
    private constructor() {}
}

/** A value that is encrypted wherever it is stored and masked wherever it is shown. */
export class Secret {
    constructor(readonly value: PropertyValue) {}
}

export type AssetSource = { readonly text: string } | { readonly path: string } | { readonly uri: string };

/** One file or text. `source` is missing when only the hash is known. */
export class Asset {
    constructor(
        readonly hash: string,
        readonly source?: AssetSource,
    ) {}
}

/** Several files. `source` keeps the fields `assets`, `path` or `uri` as they were given. */
export class Archive {
    constructor(
        readonly hash: string,
        readonly source?: PropertyMap,
    ) {}
}

/** A pointer to another resource of the stack. `id` is missing for components and `Unknown` before creation. */
export class ResourceReference {
    constructor(
        readonly urn: string,
        readonly id?: string | Unknown,
        readonly packageVersion?: string,
    ) {}
}

export function isPropertyMap(value: PropertyValue | undefined): value is PropertyMap {
    return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof Unknown) &&
        !(value instanceof Secret) &&
        !(value instanceof Asset) &&
        !(value instanceof Archive) &&
        !(value instanceof ResourceReference)
    );
}

export function isPropertyList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
    return Array.isArray(value);
}

/** Whether any part of the value satisfies the predicate, the value itself included. */
export function someValue(value: PropertyValue, predicate: (part: PropertyValue) => boolean): boolean {
    if (predicate(value)) return true;
    if (value instanceof Secret) return someValue(value.value, predicate);
    if (isPropertyList(value)) return value.some((item) => someValue(item, predicate));
    if (isPropertyMap(value)) return Object.values(value).some((item) => someValue(item, predicate));
    return false;
}

export const containsUnknowns = (value: PropertyValue): boolean =>
    someValue(
        value,
        (part) => part instanceof Unknown || (part instanceof ResourceReference && part.id instanceof Unknown),
    );

export const containsSecrets = (value: PropertyValue): boolean => someValue(value, (part) => part instanceof Secret);

/** The same value with every secret mark removed, at any depth. */
export function withoutSecrets(value: PropertyValue): PropertyValue {
    if (!containsSecrets(value)) return value;
    if (value instanceof Secret) return withoutSecrets(value.value);
    if (isPropertyList(value)) return value.map(withoutSecrets);
    if (isPropertyMap(value)) return mapProperties(value, withoutSecrets);
    return value;
}

export function mapProperties(
    map: PropertyMap,
    change: (value: PropertyValue, key: string) => PropertyValue,
): PropertyMap {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/**
 * Deep equality as the engine compares inputs: secrets by their values, assets by hash, a missing key like a null.
 * Unknown equals unknown.
 */
export function valuesEqual(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
    if (left === right) return true;
    if (left instanceof Secret && right instanceof Secret) return valuesEqual(left.value, right.value);
    if (left instanceof Asset && right instanceof Asset) return left.hash === right.hash;
    if (left instanceof Archive && right instanceof Archive) return left.hash === right.hash;
    if (left instanceof ResourceReference && right instanceof ResourceReference) {
        return left.urn === right.urn && left.id === right.id;
    }
    if (isPropertyList(left) && isPropertyList(right)) {
        return left.length === right.length && left.every((item, index) => valuesEqual(item, right[index]));
    }
    if (isPropertyMap(left) && isPropertyMap(right)) {
        const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
        return [...keys].every((key) => valuesEqual(left[key] ?? null, right[key] ?? null));
    }
    return typeof left === "number" && typeof right === "number" && Number.isNaN(left) && Number.isNaN(right);
}
