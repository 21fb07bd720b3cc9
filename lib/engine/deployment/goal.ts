import type { PluginRequest } from "../provider/provider-inputs";
import type { CustomTimeouts } from "../state/checkpoint-format";
import type { HookNames } from "../state/hook-names";
import type { PropertyMap, PropertyValue } from "../values/property-value";

/** A former name of a resource: a URN, or the parts that were different. */
export type Alias =
    | { readonly urn: string }
    | {
          readonly name: string;
          readonly type: string;
          readonly stack: string;
          readonly project: string;
          /** Empty: the parent that the resource has now. */
          readonly parent: string;
          readonly noParent: boolean;
      };

/** A program's declaration of one resource. */
export interface Goal {
    readonly type: string;
    readonly name: string;
    readonly custom: boolean;
    readonly properties: PropertyMap;
    readonly parent: string;
    readonly protect: boolean | undefined;
    readonly dependencies: readonly string[];
    /** `<urn>::<id>`, or empty for the default provider. */
    readonly provider: string;
    readonly propertyDependencies: ReadonlyMap<string, readonly string[]>;
    readonly deleteBeforeReplace: boolean | undefined;
    readonly ignoreChanges: readonly string[];
    readonly additionalSecretOutputs: readonly string[];
    /** The id of an existing resource to adopt, or empty. */
    readonly importId: string;
    readonly aliases: readonly Alias[];
    readonly customTimeouts: CustomTimeouts;
    readonly replaceOnChanges: readonly string[];
    readonly retainOnDelete: boolean | undefined;
    readonly deletedWith: string;
    readonly replaceWith: readonly string[];
    readonly replacementTrigger: PropertyValue | undefined;
    readonly hideDiff: readonly string[];
    readonly sourcePosition: string;
    /** The version of the provider that is requested where none is named; dynamic resources rarely request one. */
    readonly plugin: PluginRequest;
    readonly resourceHooks: HookNames;
}

/** A request to read a resource that the stack does not manage. */
export interface ReadGoal {
    readonly type: string;
    readonly name: string;
    /** The sentinel of an unknown value, where a preview does not know the id yet. */
    readonly id: string;
    readonly parent: string;
    readonly properties: PropertyMap;
    readonly dependencies: readonly string[];
    readonly provider: string;
    readonly additionalSecretOutputs: readonly string[];
    readonly sourcePosition: string;
    readonly plugin: PluginRequest;
}
