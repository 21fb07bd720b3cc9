import { ossStoreFamily } from "./oss/oss-store-family";
import { s3StoreFamily } from "./s3/s3-store-family";
import type { StoreFamily } from "./store-family";

// A family is light: what makes requests is loaded on first use. So all of them can be listed without a cost.
const ownFamilies = { oss: ossStoreFamily, s3: s3StoreFamily } satisfies Record<string, StoreFamily>;

/** The names that `store` can have in a program's types. */
export type StoreKind = keyof typeof ownFamilies;

const families: Record<string, StoreFamily> = { ...ownFamilies };

/** Every family by the name that `store` gives it. */
export const storeFamilies = families as Readonly<Record<StoreKind, StoreFamily> & Record<string, StoreFamily>>;

/** The family of buckets whose `store` is not given. */
export const defaultStoreFamily: StoreFamily = ossStoreFamily;

/** @returns `undefined` for what is not a family's name, such as a value that is not known yet */
export function storeFamilyOf(store: unknown): StoreFamily | undefined {
    return typeof store === "string" && Object.hasOwn(families, store) ? families[store] : undefined;
}

/**
 * Makes another family known to everything in this process. Call it before anything is declared.
 * @returns takes the family out again
 * @public
 */
export function registerStoreFamily(family: StoreFamily): () => void {
    if (Object.hasOwn(families, family.name)) throw new TypeError(`There is a family ${family.name} already`);
    families[family.name] = family;
    return () => {
        delete families[family.name];
    };
}
