import { isSupported, ruleArguments, type StoreCapabilities } from "../rule";
import { defaultStoreFamily, storeFamilies, storeFamilyOf } from "../stores";

/** The kinds of store that policies judge, for their tags. */
export const storeNames: readonly string[] = Object.keys(storeFamilies);

/** The kinds of store that a published benchmark is about. */
export function storeNamesOf(benchmark: string): readonly string[] {
    return Object.values(storeFamilies)
        .filter(({ benchmarks }) => benchmarks.includes(benchmark))
        .map(({ name }) => name);
}

/** What a site's store can do. A store that is not known yet counts as the default one. */
export function capabilitiesOf(store: unknown): StoreCapabilities {
    return (storeFamilyOf(store) ?? defaultStoreFamily).capabilities();
}

/** Whether a rule in a site's store says how KMS encrypts the data. */
export function hasDataEncryption(store: unknown): boolean {
    return isSupported("kmsDataEncryption", ruleArguments.kmsDataEncryption, capabilitiesOf(store));
}
