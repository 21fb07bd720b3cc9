import type { CallerDescription, KeyLookup } from "../accounts";
import type { BucketDirectory, KeyQuestion } from "../stores";

/** The requests of a check-up on behalf of one account. Nothing of it writes. */
export interface ExaminedAccount {
    readonly name: string | undefined;
    readonly directory: BucketDirectory;
    /** @throws UserError `no-credentials` */
    describeCaller(): Promise<CallerDescription>;
    /** A note if the account of the credentials is not known. @throws UserError `wrong-account` */
    verify(): Promise<string | undefined>;
    /** `undefined` if the service does not report it. */
    serviceTime(): Promise<Date | undefined>;
    /** `undefined` where keys are not looked up. */
    lookUpKey(question: Pick<KeyQuestion, "name" | "region">): Promise<KeyLookup | undefined>;
    /** Whether another vendor's service answers, see `StoreFamily.isCompatibleOnly`. */
    readonly isCompatibleOnly: boolean;
    /** The region of buckets that name none. */
    readonly region: string | undefined;
}
