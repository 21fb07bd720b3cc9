import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Bucket, InventoryRule } from "../cloud/bucket";
import { crc64 } from "../cloud/crc64";
import type { Environment } from "../cloud/environment";
import type { CloudState } from "../cloud/state";
import { nullVersion, type ObjectVersion, type StoredObject, versionIdPrefix } from "../cloud/stored-object";
import { compareNames } from "./listing";
import { etagOf } from "./object-content";

/** The keys of a written inventory list, in its destination bucket. */
export interface WrittenInventory {
    readonly bucket: string;
    readonly manifest: string;
    readonly files: readonly string[];
}

/**
 * Writes the list of an inventory rule now, as the service does by its schedule.
 * documented: bucket-inventory (doc 163489): a gzipped CSV without a header line under `data/`, and a manifest that names its
 * columns. assumed: EncryptionStatus is `true` for every kind of encryption, and keys are percent-encoded.
 * @returns undefined when there is no destination bucket in the same account and region
 */
export function writeInventory(
    state: CloudState,
    environment: Environment,
    source: Bucket,
    rule: InventoryRule,
): WrittenInventory | undefined {
    const target = state.buckets.get(rule.destination.bucket);
    if (target === undefined || target.accountId !== source.accountId || target.region !== source.region) {
        return undefined;
    }
    const now = environment.now();
    const prefix = rule.destination.prefix === "" ? "" : `${rule.destination.prefix.replace(/\/$/, "")}/`;
    const folder = `${prefix}${source.name}/${rule.id}`;
    const columns = columnsOf(rule);
    const lines = rowsOf(source, rule).map((row) =>
        columns.map(({ value }) => `"${value(source, row).replaceAll('"', '""')}"`).join(","),
    );
    const csv = gzipSync(lines.map((line) => `${line}\n`).join(""));
    const write = (key: string, body: Uint8Array) =>
        state.bucketTable.putVersion(target, key, writtenObject(body, target, rule, environment));
    const dataKey = `${folder}/data/${environment.newId()}.csv.gz`;
    const manifestFolder = `${folder}/${new Date(now).toISOString().replace(/:(\d\d):.*$/, "-$1Z")}`;
    const manifest = Buffer.from(
        JSON.stringify({
            creationTimestamp: String(Math.floor(now / 1000)),
            destinationBucket: target.name,
            fileFormat: "CSV",
            fileSchema: columns.map(({ name }) => name).join(", "),
            files: [{ MD5checksum: md5(csv), key: dataKey, size: csv.byteLength }],
            sourceBucket: source.name,
            version: "2019-09-01",
        }),
    );
    write(dataKey, csv);
    write(`${manifestFolder}/manifest.json`, manifest);
    write(`${manifestFolder}/manifest.checksum`, Buffer.from(md5(manifest)));
    return { bucket: target.name, manifest: `${manifestFolder}/manifest.json`, files: [dataKey] };
}

interface Row {
    readonly key: string;
    readonly version: ObjectVersion;
    readonly isLatest: boolean;
}

interface Column {
    readonly name: string;
    value(bucket: Bucket, row: Row): string;
}

const objectColumns: Readonly<Record<string, (object: StoredObject) => string>> = {
    Size: ({ body }) => String(body.byteLength),
    StorageClass: ({ storageClass }) => storageClass,
    ETag: ({ etag }) => etag.replaceAll('"', ""),
    IsMultipartUploaded: ({ type }) => String(type === "Multipart"),
    EncryptionStatus: ({ encryption }) => String(encryption !== undefined),
    ObjectAcl: ({ acl }) => acl,
    TaggingCount: ({ tags }) => String(tags.length),
    ObjectType: ({ type }) => type,
    Crc64: (object) => object.crc64,
};

function columnsOf({ versions, fields }: InventoryRule): Column[] {
    const always: Column[] = [
        { name: "Bucket", value: ({ name }) => name },
        { name: "Key", value: (_bucket, { key }) => encodeURIComponent(key) },
    ];
    const ofVersions: Column[] = [
        { name: "VersionId", value: (_bucket, { version }) => version.versionId },
        { name: "IsLatest", value: (_bucket, { isLatest }) => String(isLatest) },
        { name: "IsDeleteMarker", value: (_bucket, { version }) => String(version.isDeleteMarker === true) },
    ];
    const optional = fields.map((name): Column => {
        if (name === "LastModifiedDate") {
            const text = (time: number) => `${new Date(time).toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
            return { name, value: (_bucket, { version }) => text(version.lastModified) };
        }
        const value = objectColumns[name];
        return { name, value: (_bucket, { version }) => (version.isDeleteMarker ? "" : (value?.(version) ?? "")) };
    });
    return [...always, ...(versions === "All" ? ofVersions : []), ...optional];
}

function rowsOf({ objects }: Bucket, { versions, filter }: InventoryRule): Row[] {
    const number = (name: string, byDefault: number) => Number(filter[name] ?? byDefault);
    return [...objects]
        .filter(([key]) => key.startsWith(filter.Prefix ?? ""))
        .sort(([a], [b]) => compareNames(a, b))
        .flatMap(([key, all]) => all.map((version, index): Row => ({ key, version, isLatest: index === 0 })))
        .filter(({ version, isLatest }) => versions === "All" || (isLatest && !version.isDeleteMarker))
        .filter(({ version }) => {
            const size = version.isDeleteMarker ? 0 : version.body.byteLength;
            const seconds = version.lastModified / 1000;
            const classes = (filter.StorageClass ?? "All").split(",");
            return (
                size >= number("LowerSizeBound", 0) &&
                size <= number("UpperSizeBound", Number.POSITIVE_INFINITY) &&
                seconds >= number("LastModifyBeginTimeStamp", 0) &&
                seconds <= number("LastModifyEndTimeStamp", Number.POSITIVE_INFINITY) &&
                (classes.includes("All") || version.isDeleteMarker || classes.includes(version.storageClass))
            );
        });
}

function writtenObject(body: Uint8Array, target: Bucket, rule: InventoryRule, environment: Environment): StoredObject {
    return {
        versionId: target.versioning === "Enabled" ? `${versionIdPrefix}${environment.newId()}` : nullVersion,
        body,
        etag: etagOf(body),
        crc64: crc64(body),
        type: "Normal",
        lastModified: environment.now(),
        headers: [["Content-Type", "application/octet-stream"]],
        encryption: rule.destination.encryption ?? target.encryption,
        acl: "default",
        tags: [],
        storageClass: "Standard",
    };
}

function md5(bytes: Uint8Array): string {
    return createHash("md5").update(bytes).digest("hex").toUpperCase();
}
