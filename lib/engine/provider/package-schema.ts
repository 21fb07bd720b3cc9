import { DocumentShape, objectSchema, parseJson } from "../../documents";

/** The part of a package schema that this engine uses (https://www.pulumi.com/docs/iac/extending-pulumi/schema/). */
export interface PackageSchema {
    readonly language?: { readonly nodejs?: { readonly packageName?: string } };
    readonly resources?: Readonly<Record<string, { readonly inputProperties?: Readonly<Record<string, unknown>> }>>;
}

const properties = { type: "object" };
const packageSchemaShape = new DocumentShape<PackageSchema>(
    objectSchema({
        "language?": objectSchema({ "nodejs?": objectSchema({ "packageName?": { type: "string" } }) }),
        "resources?": {
            type: "object",
            additionalProperties: objectSchema({ "inputProperties?": properties }),
        },
    }),
);

/** @throws UserError `provider-failed` */
export const parsePackageSchema = (text: string): PackageSchema =>
    parseJson(text, packageSchemaShape, { kind: "provider-failed", title: "The schema of the provider's package" });
