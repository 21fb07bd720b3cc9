import type { StoreFamily } from "./encryption-store";
import { ossStoreFamily } from "./oss/oss-store-family";

/** The kinds of store by the name that `store` gives them; the first is meant where none is given. */
export type StoreKind = "oss" | "s3";

/** What each kind of store can do, and takes as a target. */
export const storeFamilies: Readonly<Record<StoreKind, StoreFamily>> = {
    oss: ossStoreFamily,
    // Loaded with the first bucket that needs it: most stacks have one kind of store.
    get s3(): StoreFamily {
        const { s3StoreFamily }: typeof import("./s3/s3-store-family") = require("./s3/s3-store-family");
        return s3StoreFamily;
    },
};
