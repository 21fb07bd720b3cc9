import type { PolicyResource } from "@pulumi/policy";
import type { EncryptionSite, SeenResource } from "./encryption-site";
import type { JudgedResource } from "./resource-policy";

/** A resource of a stack as it was declared, with the resources that its values come from. */
export interface StackMember<Config> {
    readonly judged: JudgedResource<Config>;
    /** The resources of this stack from which a property of the resource takes its value. */
    dependencies(property: string): readonly PolicyResource[];
}

/** Every place of a stack where a rule is or could be declared. */
export function sitesOf<Config>(
    members: readonly StackMember<Config>[],
): { readonly member: StackMember<Config>; readonly site: EncryptionSite }[] {
    return members.flatMap((member) => member.judged.sites.map((site) => ({ member, site })));
}

export const shortName = ({ type, name }: SeenResource): string => `${type.split(":").at(-1)} "${name}"`;
