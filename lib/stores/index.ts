export type { KeyFacts, KeyLookup } from "../accounts";
export type { BucketDirectory, BucketFacts, BucketSelection, BucketSummary } from "./bucket-directory";
export type { EncryptionStore, StoreTarget } from "./encryption-store";
export type { ObjectStore } from "./object-store";
export { parseEndpointUrl } from "./shared/endpoint-url";
export {
    defaultStoreFamily,
    type StoreKind,
    storeFamilies,
    storeFamilyOf,
} from "./store-families";
export type {
    KeyQuestion,
    SettingType,
    StoreAccess,
    StoreFamily,
    StorePlace,
    StoreSetting,
    StoreSurroundings,
    StoreWords,
} from "./store-family";
export type { RightSubject, StoreRight, StoreRights } from "./store-right";
