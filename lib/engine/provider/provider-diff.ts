import * as provider from "@pulumi/pulumi/proto/provider_pb";

/** How a property differs; with `-replace` it forces a replacement (sdk/go/common/resource/plugin/provider.go, DiffKind). */
export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface PropertyDiff {
    readonly kind: DiffKind;
    /** Whether the old inputs, and not the old outputs, differ from the new inputs. */
    readonly inputDiff: boolean;
}

/** A provider's answer to Diff or DiffConfig. `unknown`: the engine compares the inputs. */
export interface ProviderDiff {
    readonly changes: "none" | "some" | "unknown";
    readonly replaces: readonly string[];
    /** The top-level properties that changed, if the provider names them. */
    readonly changedKeys: readonly string[];
    /** Each difference by the path of its property; undefined if the provider does not tell. */
    readonly detailed: ReadonlyMap<string, PropertyDiff> | undefined;
    readonly deleteBeforeReplace: boolean;
}

export const noDiff: ProviderDiff = {
    changes: "none",
    replaces: [],
    changedKeys: [],
    detailed: undefined,
    deleteBeforeReplace: false,
};

const { Kind } = provider.PropertyDiff;
const kinds: { readonly [kind: number]: DiffKind } = {
    [Kind.ADD]: "add",
    [Kind.ADD_REPLACE]: "add-replace",
    [Kind.DELETE]: "delete",
    [Kind.DELETE_REPLACE]: "delete-replace",
    [Kind.UPDATE]: "update",
    [Kind.UPDATE_REPLACE]: "update-replace",
};

export function readDiff(answer: provider.DiffResponse): ProviderDiff {
    const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
    const changes = answer.getChanges();
    return {
        changes: changes === DIFF_NONE ? "none" : changes === DIFF_SOME ? "some" : "unknown",
        replaces: answer.getReplacesList(),
        changedKeys: answer.getDiffsList(),
        detailed: answer.getHasdetaileddiff() ? readDetails(answer) : undefined,
        deleteBeforeReplace: answer.getDeletebeforereplace(),
    };
}

function readDetails(answer: provider.DiffResponse): ReadonlyMap<string, PropertyDiff> {
    const details = new Map<string, PropertyDiff>();
    answer.getDetaileddiffMap().forEach((diff, path) => {
        details.set(path, { kind: kinds[diff.getKind()] ?? "update", inputDiff: diff.getInputdiff() });
    });
    return new Map([...details].sort(([one], [other]) => (one < other ? -1 : 1)));
}

const opposites = { add: "delete", delete: "add", update: "update" } as const;

/** The differences that would undo these (sdk/go/common/resource/plugin/provider.go, DiffResult.Invert). */
export function inverted(details: ProviderDiff["detailed"]): ProviderDiff["detailed"] {
    if (details === undefined) return undefined;
    return new Map(
        [...details].map(([path, { kind, inputDiff }]) => {
            const [plain, replace] = kind.split("-") as [keyof typeof opposites, "replace" | undefined];
            const opposite: DiffKind = replace === undefined ? opposites[plain] : `${opposites[plain]}-replace`;
            return [path, { kind: opposite, inputDiff }];
        }),
    );
}

/** The same difference, as one that forces a replacement. */
export function forcing(diff: PropertyDiff): PropertyDiff {
    return { ...diff, kind: `${diff.kind.replace("-replace", "") as "add" | "delete" | "update"}-replace` };
}
