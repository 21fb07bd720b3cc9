import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { valueText } from "../../text";
import {
    Archive,
    Asset,
    type AssetSource,
    isPropertyList,
    isPropertyMap,
    type PropertyMap,
    type PropertyValue,
    ResourceReference,
    Secret,
    Unknown,
} from "./property-value";
import { signatureKey, signatures, unknownSentinel, unknownSentinels } from "./signatures";

/** The value of a protobuf struct. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
    [key: string]: Json;
}

/** The kinds of values that the receiver of a message accepts. Others are flattened as the engine's gRPC layer does. */
export interface WireAbilities {
    /** Secrets stay marked; otherwise their plain value is sent. */
    readonly secrets: boolean;
    /** Resource references stay marked; otherwise their id, or the URN of a component, is sent. */
    readonly resources: boolean;
    /** Unknown values are sent as a sentinel; otherwise the properties that hold them are left out. */
    readonly unknowns: boolean;
    /** Assets are sent with their hash alone. */
    readonly assetHashesOnly?: boolean;
}

/** Reads a protobuf struct. Dependencies that output values carry are added to `dependencies`, by top-level key. */
export function structToProperties(struct: Struct | undefined, dependencies?: Map<string, Set<string>>): PropertyMap {
    if (struct === undefined) return {};
    const plain = struct.toJavaScript() as JsonObject;
    const result: { [key: string]: PropertyValue } = {};
    for (const key of Object.keys(plain)) {
        result[key] = fromWire(plain[key] as Json, (urns) => {
            const known = dependencies?.get(key) ?? new Set<string>();
            for (const urn of urns) known.add(urn);
            dependencies?.set(key, known);
        });
    }
    return result;
}

/** Reads one value in the JSON form that structs carry. */
export function fromWire(json: Json, onDependencies: (urns: readonly string[]) => void = () => {}): PropertyValue {
    if (typeof json === "string") return unknownSentinels.has(json) ? Unknown.instance : json;
    if (json === null || typeof json !== "object") return json;
    if (Array.isArray(json)) return json.map((item) => fromWire(item, onDependencies));
    switch (json[signatureKey]) {
        case undefined:
            break;
        case signatures.secret:
            return asSecret(fromWire(json.value ?? null, onDependencies));
        case signatures.outputValue: {
            const { dependencies } = json;
            onDependencies(Array.isArray(dependencies) ? dependencies.filter((urn) => typeof urn === "string") : []);
            const value = "value" in json ? fromWire(json.value as Json, onDependencies) : Unknown.instance;
            return json.secret === true ? asSecret(value) : value;
        }
        case signatures.resourceReference:
            return resourceReference(json);
        case signatures.asset:
            return new Asset(valueText(json.hash ?? ""), assetSource(json));
        case signatures.archive: {
            const { [signatureKey]: _tag, hash, ...source } = json;
            const fields = fromWire(source, onDependencies) as PropertyMap;
            return new Archive(valueText(hash ?? ""), Object.keys(fields).length > 0 ? fields : undefined);
        }
    }
    const result: { [key: string]: PropertyValue } = {};
    for (const key of Object.keys(json)) result[key] = fromWire(json[key] as Json, onDependencies);
    return result;
}

function asSecret(value: PropertyValue): Secret {
    return value instanceof Secret ? value : new Secret(value);
}

/** A reference to a resource, whose id may not be known yet. The form is the same on the wire and in a state. */
export function resourceReference(fields: { readonly [key: string]: unknown }): ResourceReference {
    const { urn, id, packageVersion } = fields;
    const knownId = unknownSentinels.has(valueText(id)) ? Unknown.instance : valueText(id);
    return new ResourceReference(
        valueText(urn),
        id === undefined ? undefined : knownId,
        packageVersion === undefined ? undefined : valueText(packageVersion),
    );
}

export function assetSource(fields: { readonly [key: string]: unknown }): AssetSource | undefined {
    if (typeof fields.text === "string" && (fields.text !== "" || !("path" in fields || "uri" in fields))) {
        return { text: fields.text };
    }
    if (typeof fields.path === "string" && fields.path !== "") return { path: fields.path };
    if (typeof fields.uri === "string" && fields.uri !== "") return { uri: fields.uri };
    return undefined;
}

/** Writes properties as a protobuf struct, keys sorted. */
export function propertiesToStruct(properties: PropertyMap, abilities: WireAbilities): Struct {
    return structOf(mapToWire(properties, abilities));
}

/** Writes an object of plain values as a protobuf struct. The library's types say nothing of what an object holds. */
export function structOf(plain: object): Struct {
    return Struct.fromJavaScript({ ...plain });
}

/** Writes one value in the JSON form that structs carry. Undefined: an unknown value that the receiver does not accept. */
export function toWire(value: PropertyValue, abilities: WireAbilities): Json | undefined {
    if (value === null || typeof value !== "object") return value;
    if (value instanceof Unknown) return abilities.unknowns ? unknownSentinel : undefined;
    if (value instanceof Secret) {
        const inner = toWire(value.value, abilities);
        if (!abilities.secrets || inner === undefined) return inner;
        return { [signatureKey]: signatures.secret, value: inner };
    }
    if (value instanceof ResourceReference) return referenceToWire(value, abilities);
    if (value instanceof Asset) {
        return {
            [signatureKey]: signatures.asset,
            hash: value.hash,
            ...(abilities.assetHashesOnly ? {} : value.source),
        };
    }
    if (value instanceof Archive) {
        const source = abilities.assetHashesOnly || !value.source ? {} : mapToWire(value.source, abilities);
        return { [signatureKey]: signatures.archive, hash: value.hash, ...source };
    }
    if (isPropertyList(value)) return value.map((item) => toWire(item, abilities)).filter((item) => item !== undefined);
    return isPropertyMap(value) ? mapToWire(value, abilities) : {};
}

/** As `toWire`, of a map: members that the receiver does not accept are left out, and the others sorted by their keys. */
export function mapToWire(map: PropertyMap, abilities: WireAbilities): JsonObject {
    const result: JsonObject = {};
    for (const key of Object.keys(map).sort()) {
        const item = toWire(map[key] as PropertyValue, abilities);
        if (item !== undefined) result[key] = item;
    }
    return result;
}

function referenceToWire(reference: ResourceReference, abilities: WireAbilities): Json | undefined {
    const id = reference.id instanceof Unknown ? unknownSentinel : reference.id;
    if (!abilities.resources)
        return id === undefined ? reference.urn : id === unknownSentinel && !abilities.unknowns ? undefined : id;
    return {
        [signatureKey]: signatures.resourceReference,
        urn: reference.urn,
        ...(id === undefined ? {} : { id }),
        ...(reference.packageVersion === undefined ? {} : { packageVersion: reference.packageVersion }),
    };
}
