export type { EncryptionStore, StoreFamily, StoreTarget } from "./encryption-store";
