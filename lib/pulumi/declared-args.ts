import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../accounts";
import type {
    ArgumentName,
    ArgumentValue,
    DeclarationRows,
    ObservedRule,
    RuleArgumentsWith,
    RulePropertyName,
    SseAlgorithm,
    StoreAlgorithms,
} from "../declaration";
import type { AccountArgs } from "./account-args";

// Every type here derives from the rows of `declarationArguments`. So does each member's comment.

type Store = keyof StoreAlgorithms;

/** A value that is only known later, so that the types cannot judge it. The check does. */
type Later<T> = pulumi.Output<T> | Promise<T>;

type ValueOf<name extends ArgumentName> = name extends "account" ? AccountArgs : ArgumentValue<DeclarationRows[name]>;

/** Arguments that may be left out. */
type Optional<names extends ArgumentName> = {
    readonly [name in keyof Pick<DeclarationRows, names>]?: pulumi.Input<ValueOf<name> | undefined>;
};

/** Arguments that must be left out. */
type Absent<names extends ArgumentName> = { readonly [name in keyof Pick<DeclarationRows, names>]?: undefined };

type OptionalRuleName = Exclude<RulePropertyName, "sseAlgorithm">;

type RuleOf<Algorithm extends SseAlgorithm, Of extends Store> = {
    readonly [name in keyof Pick<DeclarationRows, "sseAlgorithm">]: pulumi.Input<Algorithm>;
} & Optional<RuleArgumentsWith<Algorithm, Of>> &
    Absent<Exclude<OptionalRuleName, RuleArgumentsWith<Algorithm, Of>>>;

/** The arguments of a rule for one kind of store: each algorithm with the arguments that go with it. */
export type RuleArgs<Of extends Store> =
    | { [Algorithm in StoreAlgorithms[Of]]: RuleOf<Algorithm, Of> }[StoreAlgorithms[Of]]
    | LaterRule<{ [Algorithm in StoreAlgorithms[Of]]: RuleArgumentsWith<Algorithm, Of> }[StoreAlgorithms[Of]]>;

/** A rule whose algorithm is only known later. */
type LaterRule<names extends ArgumentName> = { readonly sseAlgorithm: Later<string> } & Optional<names> &
    Absent<Exclude<OptionalRuleName, names>>;

type CommonAlgorithm = StoreAlgorithms["oss"] & StoreAlgorithms["s3"];

/** A rule that each kind of store has. */
type RuleOfAnyStore = {
    [Algorithm in CommonAlgorithm]: {
        readonly [name in keyof Pick<DeclarationRows, "sseAlgorithm">]: pulumi.Input<Algorithm>;
    } & Optional<RuleArgumentsWith<Algorithm, "oss"> & RuleArgumentsWith<Algorithm, "s3">> &
        Absent<Exclude<OptionalRuleName, RuleArgumentsWith<Algorithm, "oss"> & RuleArgumentsWith<Algorithm, "s3">>>;
}[CommonAlgorithm];

type NotOfRule = Exclude<ArgumentName, RulePropertyName | "bucket" | "store" | "onDelete">;

/** The names of arguments that only some kinds of store have. */
type StoreSpecific = {
    [name in NotOfRule]: DeclarationRows[name] extends { stores: readonly string[] } ? name : never;
}[NotOfRule];

type SpecificTo<Of extends Store> = {
    [name in StoreSpecific]: DeclarationRows[name] extends { stores: readonly (infer Supporting)[] }
        ? Of extends Supporting
            ? name
            : never
        : never;
}[StoreSpecific];

type StoreArgs<Of extends Store> = RuleArgs<Of> &
    Optional<SpecificTo<Of>> &
    Absent<Exclude<StoreSpecific, SpecificTo<Of>>>;

/** What a single resource, a set and a baseline declare alike. */
export type SharedArgs = Optional<Exclude<NotOfRule, StoreSpecific>> &
    (
        | ({ readonly store?: pulumi.Input<"oss" | undefined> } & StoreArgs<"oss">)
        | ({ readonly store: pulumi.Input<"s3"> } & StoreArgs<"s3">)
        | ({ readonly store?: pulumi.Input<Store | undefined> } & RuleOfAnyStore & Absent<StoreSpecific>)
        | ({ readonly store: Later<string | undefined> } & (RuleArgs<"oss"> | RuleArgs<"s3">) & Optional<StoreSpecific>)
    );

/** The arguments that every resource has. */
export type OwnArgs<names extends ArgumentName> = Optional<names>;

/** What a resource of one bucket shows of its arguments. */
export type DeclaredOutputs = {
    readonly [name in keyof DeclarationRows]: pulumi.Output<
        | (name extends "account" ? Account : ArgumentValue<DeclarationRows[name]>)
        | (DeclarationRows[name] extends { required: string } ? never : undefined)
    >;
};

export type { ObservedRule };
