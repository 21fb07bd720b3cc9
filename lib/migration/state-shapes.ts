import { DocumentShape, listSchema, objectSchema } from "../documents";

/** An entry of a stack's state, of which only what is changed here is described. */
export interface StateEntry {
    readonly urn: string;
    readonly type: string;
    readonly [name: string]: unknown;
}

/** What `pulumi stack export` prints, of which only what is changed here is described. */
export interface Deployment {
    readonly version: number;
    readonly deployment: { readonly resources?: readonly StateEntry[] | null; readonly [name: string]: unknown };
}

/** A state of format 4. */
export interface TerraformState {
    readonly resources: readonly TerraformResource[];
}

export interface TerraformInstance {
    readonly index_key?: string | number;
    /** The key of what was replaced and not yet deleted. */
    readonly deposed?: string;
    readonly status?: string;
    readonly attributes?: Readonly<Record<string, unknown>> | null;
}

export interface TerraformResource {
    readonly module?: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    /** `provider["registry.terraform.io/aliyun/alicloud"]`, and then `.<alias>` where it has one. */
    readonly provider?: string;
    readonly instances: readonly TerraformInstance[];
}

const text = { type: "string" };
const textOrNone = { type: ["string", "null"] };
const values = { type: ["object", "null"] };

/** An exported state of a stack, as far as it is read here. */
export const deploymentShape = new DocumentShape<Deployment>(
    objectSchema({
        version: { enum: [3, 4] },
        deployment: objectSchema({
            "resources?": {
                type: ["array", "null"],
                items: objectSchema({
                    urn: { type: "string", pattern: "^urn:pulumi:[^:]+::[^:]+::.+::" },
                    type: text,
                    "id?": textOrNone,
                    "inputs?": values,
                    "outputs?": values,
                    "provider?": textOrNone,
                    "propertyDependencies?": values,
                }),
            },
        }),
    }),
);

const ruleAttributes = objectSchema({
    "bucket?": textOrNone,
    "sse_algorithm?": textOrNone,
    "kms_master_key_id?": textOrNone,
    "kms_data_encryption?": textOrNone,
});

/** A state of Terraform or OpenTofu in format 4, as far as it is read here. */
export const terraformShape = new DocumentShape<TerraformState>(
    objectSchema({
        version: { const: 4 },
        resources: listSchema({
            ...objectSchema({
                "module?": text,
                mode: text,
                type: text,
                name: text,
                "provider?": text,
                instances: listSchema(
                    objectSchema({
                        "index_key?": { type: ["string", "integer"] },
                        "deposed?": text,
                        "status?": text,
                        "attributes?": values,
                    }),
                ),
            }),
            if: { properties: { type: { const: "alicloud_oss_bucket_server_side_encryption" } } },
            // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
            then: { properties: { instances: listSchema(objectSchema({ attributes: ruleAttributes })) } },
        }),
    }),
);
