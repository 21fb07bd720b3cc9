export type { AdoptedRule } from "./adopted-rule";
export type { StateFile } from "./deployment";
export { programText } from "./program-text";
export { type Adoption, adoptPulumiState } from "./pulumi-state";
export { adoptTerraformState, isTerraformState } from "./terraform-state";
