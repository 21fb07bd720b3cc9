import * as pulumi from "@pulumi/pulumi";
import { previewProperty } from "../provider";

/** Tells the provider's check that the program runs for a preview, see `previewProperty`. */
export function previewMark(): { readonly [previewProperty]?: true } {
    return pulumi.runtime.isDryRun() ? { [previewProperty]: true } : {};
}
