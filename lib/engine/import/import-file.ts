import { DocumentShape, listSchema, objectSchema } from "../../documents";

/** One resource of an import file (pkg/cmd/pulumi/operations/import.go, importSpec). */
export interface ImportEntry {
    readonly type?: string;
    /** Its name in the printed program. */
    readonly name?: string;
    /** Its name in the stack; by default `name`. */
    readonly logicalName?: string;
    readonly id?: string;
    /** The name of another entry, or a name in the name table. */
    readonly parent?: string;
    /** A name in the name table. */
    readonly provider?: string;
    readonly version?: string;
    readonly pluginDownloadUrl?: string;
    /** The inputs to keep; by default all. */
    readonly properties?: readonly string[];
    readonly component?: boolean;
    readonly remote?: boolean;
}

/** The content of an import file. */
export interface ImportFile {
    /** URNs of resources in the state, by names for this file and the printed program. */
    readonly nameTable?: Readonly<Record<string, string>>;
    readonly resources?: readonly ImportEntry[];
    readonly providerInputs?: object;
}

const text = { type: "string" };
const flag = { type: "boolean" };

export const importFileShape = new DocumentShape<ImportFile>(
    objectSchema({
        "nameTable?": { type: "object", additionalProperties: text },
        "resources?": listSchema(
            objectSchema({
                "type?": text,
                "name?": text,
                "logicalName?": text,
                "id?": text,
                "parent?": text,
                "provider?": text,
                "version?": text,
                "pluginDownloadUrl?": text,
                "properties?": listSchema(text),
                "component?": flag,
                "remote?": flag,
            }),
        ),
        "providerInputs?": { type: "object" },
    }),
);
