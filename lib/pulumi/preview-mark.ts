import * as pulumi from "@pulumi/pulumi";
import { previewProperty } from "../provider";

/** Marks a declaration as one of a preview, see `previewProperty`. */
export function previewMark(): { readonly [previewProperty]?: true } {
    return pulumi.runtime.isDryRun() ? { [previewProperty]: true } : {};
}
